import type { Events } from '@codai/stores'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import { behind } from './records.ts'
import type { CodeRow, ListPosition, OAuthClientRecord, SessionRecord } from './records.ts'
import { endSessions } from './store-sessions.ts'

/** What came of an attempt to exchange an authorization code. */
export type Redemption =
  | { outcome: 'redeemed'; code: CodeRow; session: SessionRecord }
  | { outcome: 'refused' }
  /** It was exchanged before: what it was exchanged for has ended now. */
  | { outcome: 'reused'; ended: SessionRecord[] }

/** Applications and authorization codes. */
export const oauthStore = (client: PrismaClient, events: Events) => ({
  /** Applications, also those that were removed. */
  oauthClientsByIds: (ids: readonly string[]): Promise<OAuthClientRecord[]> =>
    client.oAuthClient.findMany({ where: { id: { in: [...ids] } } }),

  /** The applications that a person registered and did not remove, newest first. */
  oauthClientsOf: (ownerId: string, limit: number, after: ListPosition | undefined): Promise<OAuthClientRecord[]> =>
    client.oAuthClient.findMany({
      where: { ownerId, deletedAt: null, ...behind(after) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
    }),

  createOAuthClient: async (record: OAuthClientRecord): Promise<void> =>
    void (await client.oAuthClient.create({ data: record })),

  /** Removes an application of a person, with all that was opened for it. Undefined when there is none such. */
  deleteOAuthClient: (
    id: string,
    ownerId: string,
    at: Date,
  ): Promise<{ record: OAuthClientRecord; ended: SessionRecord[] } | undefined> =>
    client.$transaction(async (transaction) => {
      const [record] = await transaction.oAuthClient.updateManyAndReturn({
        where: { id, ownerId, deletedAt: null },
        data: { deletedAt: at },
      })
      if (!record) return undefined
      await transaction.authorizationCode.deleteMany({ where: { clientId: id, consumedAt: null } })
      return { record, ended: await endSessions(transaction, events, { clientId: id }, 'REVOKED', at) }
    }),

  createCode: async (code: CodeRow): Promise<void> => void (await client.authorizationCode.create({ data: code })),

  /** Exchanges a code of an application for a session, once. `accepts` says whether all that has to match does. */
  redeemCode: (exchange: {
    codeHash: string
    clientId: string
    accepts: (code: CodeRow) => boolean
    session: (code: CodeRow) => SessionRecord
    refreshTokenHash: (code: CodeRow) => string | undefined
    at: Date
  }): Promise<Redemption> =>
    client.$transaction(async (transaction): Promise<Redemption> => {
      const { codeHash, clientId, accepts, at } = exchange
      await transaction.$queryRaw`SELECT 1 FROM "logai"."authorization_codes" WHERE "code_hash" = ${codeHash} FOR UPDATE`
      const code = await transaction.authorizationCode.findUnique({ where: { codeHash } })
      if (code?.clientId !== clientId) return { outcome: 'refused' }
      if (code.consumedAt) {
        const where = { id: code.sessionId ?? '' }
        return { outcome: 'reused', ended: await endSessions(transaction, events, where, 'REVOKED', at) }
      }
      if (code.expiresAt <= at || !accepts(code)) return { outcome: 'refused' }
      const session = exchange.session(code)
      await transaction.session.create({ data: session })
      const refreshTokenHash = exchange.refreshTokenHash(code)
      if (refreshTokenHash !== undefined) {
        const { id: sessionId, createdAt, expiresAt } = session
        await transaction.refreshToken.create({
          data: { tokenHash: refreshTokenHash, sessionId, createdAt, expiresAt },
        })
      }
      await transaction.authorizationCode.update({
        where: { codeHash },
        data: { consumedAt: at, sessionId: session.id },
      })
      return { outcome: 'redeemed', code, session }
    }),
})
