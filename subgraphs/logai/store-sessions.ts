import type { Events } from '@codai/stores'
import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import { behind } from './records.ts'
import type { ListPosition, RevokedReason, SessionRecord } from './records.ts'

/** What came of an attempt to exchange a refresh token. */
export type Renewal =
  | { outcome: 'renewed'; session: SessionRecord }
  | { outcome: 'unknown' | 'expired' | 'tooMuch' }
  | { outcome: 'ended'; session: SessionRecord }
  | { outcome: 'reused'; session: SessionRecord; endedNow: boolean }

type Row = Omit<SessionRecord, 'revokedReason'> & { revokedReason: string | null }

// A check constraint keeps the column to these.
const sessionOf = (row: Row): SessionRecord => ({ ...row, revokedReason: row.revokedReason as RevokedReason | null })

/** Ends what `where` finds and still lives, and tells of it in the same transaction. Answers what it has ended. */
export const endSessions = async (
  transaction: Prisma.TransactionClient,
  events: Events,
  where: Prisma.SessionWhereInput,
  reason: RevokedReason,
  at: Date,
): Promise<SessionRecord[]> => {
  const rows = await transaction.session.updateManyAndReturn({
    where: { ...where, revokedAt: null },
    data: { revokedAt: at, revokedReason: reason },
  })
  for (const { id, userId } of rows) {
    await events.publish(transaction, {
      type: 'logai.sessionRevoked',
      key: userId,
      payload: { sessionId: id, userId, reason },
    })
  }
  return rows.map(sessionOf)
}

/** Sessions, their refresh tokens, and the cookies of the sign-in page. */
export const sessionStore = (client: PrismaClient, events: Events) => ({
  sessionsByIds: async (ids: readonly string[]): Promise<SessionRecord[]> =>
    (await client.session.findMany({ where: { id: { in: [...ids] } } })).map(sessionOf),

  /** The sessions of a person that live at a time, newest first. */
  sessionsOf: async (
    userId: string,
    at: Date,
    limit: number,
    after: ListPosition | undefined,
  ): Promise<SessionRecord[]> => {
    const rows = await client.session.findMany({
      where: { userId, revokedAt: null, expiresAt: { gt: at }, ...behind(after) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit,
    })
    return rows.map(sessionOf)
  },

  /** Begins a session, with what its owner will prove it by. */
  createSession: async (
    session: SessionRecord,
    proof: { refreshTokenHash: string } | { browserTokenHash: string },
  ): Promise<void> => {
    const { createdAt, expiresAt } = session
    await client.session.create({
      data: {
        ...session,
        ...('refreshTokenHash' in proof
          ? { refreshTokens: { create: { tokenHash: proof.refreshTokenHash, createdAt, expiresAt } } }
          : { browser: { create: { tokenHash: proof.browserTokenHash } } }),
      },
    })
  },

  /** The session of a cookie of the sign-in page. */
  sessionOfBrowser: async (browserTokenHash: string): Promise<SessionRecord | undefined> => {
    const found = await client.browserSession.findUnique({
      where: { tokenHash: browserTokenHash },
      include: { session: true },
    })
    return found ? sessionOf(found.session) : undefined
  },

  /** The session of a refresh token that can still be exchanged, as far as the token goes. */
  sessionOfRefreshToken: async (tokenHash: string, at: Date): Promise<SessionRecord | undefined> => {
    const found = await client.refreshToken.findUnique({ where: { tokenHash }, include: { session: true } })
    if (!found || found.consumedAt || found.expiresAt <= at) return undefined
    return sessionOf(found.session)
  },

  /** Ends sessions that still live. Answers those that it has ended. */
  endSessions: (
    where: { id: string } | { clientId: string },
    reason: RevokedReason,
    at: Date,
  ): Promise<SessionRecord[]> =>
    client.$transaction((transaction) => endSessions(transaction, events, where, reason, at)),

  /**
   * Exchanges a refresh token. Whoever comes second with the same token, at the same moment or later, ends the session:
   * the transaction commits that although the exchange is refused.
   */
  renewSession: (exchange: {
    tokenHash: string
    nextTokenHash: string
    /** To whom the session must belong: an application, or null for the person. */
    clientId: string | null
    /** What has to be among the session's scopes. */
    scopes: readonly string[]
    at: Date
    expiresAt: Date
  }): Promise<Renewal> =>
    client.$transaction(async (transaction): Promise<Renewal> => {
      const { tokenHash, nextTokenHash, clientId, scopes, at, expiresAt } = exchange
      const found = await transaction.refreshToken.findUnique({ where: { tokenHash }, select: { sessionId: true } })
      if (!found) return { outcome: 'unknown' }
      const { sessionId } = found
      // Always the session first: one order of locks for all, and one exchange at a time for a family.
      await transaction.$queryRaw`SELECT 1 FROM "logai"."sessions" WHERE "id" = ${sessionId} FOR UPDATE`
      const token = await transaction.refreshToken.findUniqueOrThrow({
        where: { tokenHash },
        include: { session: true },
      })
      const session = sessionOf(token.session)
      if (session.clientId !== clientId) return { outcome: 'unknown' }
      if (token.consumedAt) {
        const [ended] = await endSessions(transaction, events, { id: sessionId }, 'TOKEN_REUSED', at)
        return { outcome: 'reused', session: ended ?? session, endedNow: ended !== undefined }
      }
      if (session.revokedAt) return { outcome: 'ended', session }
      if (token.expiresAt <= at) return { outcome: 'expired' }
      if (!scopes.every((scope) => session.scopes.includes(scope))) return { outcome: 'tooMuch' }
      await transaction.refreshToken.update({ where: { tokenHash }, data: { consumedAt: at } })
      await transaction.refreshToken.create({ data: { tokenHash: nextTokenHash, sessionId, createdAt: at, expiresAt } })
      const renewed = await transaction.session.update({
        where: { id: sessionId },
        data: { lastUsedAt: at, expiresAt },
      })
      return { outcome: 'renewed', session: sessionOf(renewed) }
    }),

  /** Removes what can no longer be used by anybody. `sessionsBefore` is when the last that are to go had ended. */
  removeExpired: async (at: Date, sessionsBefore: Date): Promise<void> => {
    await client.mfaChallenge.deleteMany({ where: { expiresAt: { lt: at } } })
    await client.refreshToken.deleteMany({ where: { expiresAt: { lt: at } } })
    await client.authorizationCode.deleteMany({ where: { expiresAt: { lt: sessionsBefore } } })
    await client.session.deleteMany({
      where: { OR: [{ expiresAt: { lt: sessionsBefore } }, { revokedAt: { lt: sessionsBefore } }] },
    })
  },
})
