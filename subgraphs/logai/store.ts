import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { Platform } from '../_kit/index.ts'

type Transaction = Prisma.TransactionClient
type Events = Awaited<ReturnType<Platform['events']>>

/** Why a session ended before its time. */
export type RevokedReason = 'SIGNED_OUT' | 'REVOKED' | 'TOKEN_REUSED' | 'PASSWORD_CHANGED'

/** A person, without the password. */
export type UserRecord = { id: string; handle: string; email: string; roles: string[]; createdAt: Date }

/** A session as it is stored. */
export type SessionRecord = {
  id: string
  userId: string
  clientId: string | null
  scopes: string[]
  userAgent: string | null
  address: string | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  revokedAt: Date | null
  revokedReason: string | null
}

/** A signing key as it is stored: the private part is sealed. */
export type SigningKeyRow = {
  kid: string
  publicJwk: unknown
  privateJwk: string
  activeFrom: Date
  activeUntil: Date
}

/** What came of an attempt to exchange a refresh token. */
export type Renewal =
  | { outcome: 'renewed'; session: SessionRecord }
  | { outcome: 'unknown' | 'expired' }
  | { outcome: 'ended'; session: SessionRecord }
  | { outcome: 'reused'; session: SessionRecord; endedNow: boolean }

const userFields = { id: true, handle: true, email: true, roles: true, createdAt: true } as const

// Any number; only that it is the same in every process matters.
const keyRotationLock = 300_201

const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

/** What is unique of a handle. */
export const handleKeyOf = (handle: string): string => handle.toLowerCase()

/** All that this service reads and writes about people and sessions. */
export const createStore = (client: PrismaClient, events: Events) => {
  const endSessions = async (
    transaction: Transaction,
    where: Prisma.SessionWhereInput,
    reason: RevokedReason,
    at: Date,
  ): Promise<SessionRecord[]> => {
    const ended = await transaction.session.updateManyAndReturn({
      where: { ...where, revokedAt: null },
      data: { revokedAt: at, revokedReason: reason },
    })
    for (const { id, userId } of ended) {
      await events.publish(transaction, {
        type: 'logai.sessionRevoked',
        key: userId,
        payload: { sessionId: id, userId, reason },
      })
    }
    return ended
  }

  return {
    usersByIds: (ids: readonly string[]): Promise<UserRecord[]> =>
      client.user.findMany({ where: { id: { in: [...ids] } }, select: userFields }),

    usersByHandleKeys: (keys: readonly string[]): Promise<UserRecord[]> =>
      client.user.findMany({ where: { handleKey: { in: [...keys] } }, select: userFields }),

    /** What a sign-in needs to know of an account. */
    credentialsOf: async (
      where: { handleKey: string } | { id: string },
    ): Promise<{ user: UserRecord; passwordHash: string | null; hasTotp: boolean } | undefined> => {
      const found = await client.user.findUnique({ where, include: { totpFactor: { select: { confirmedAt: true } } } })
      if (!found) return undefined
      const { passwordHash, totpFactor, ...user } = found
      return { user, passwordHash, hasTotp: totpFactor?.confirmedAt != null }
    },

    /** Creates an account with its first session. False when the handle is taken. */
    createAccount: async (
      account: UserRecord & { passwordHash: string },
      session: SessionRecord,
      refreshTokenHash: string,
    ): Promise<boolean> => {
      try {
        await client.$transaction(async (transaction) => {
          await transaction.user.create({ data: { ...account, handleKey: handleKeyOf(account.handle) } })
          await transaction.session.create({ data: session })
          await transaction.refreshToken.create({
            data: {
              tokenHash: refreshTokenHash,
              sessionId: session.id,
              createdAt: session.createdAt,
              expiresAt: session.expiresAt,
            },
          })
          await events.publish(transaction, {
            type: 'logai.userSignedUp',
            key: account.id,
            payload: { userId: account.id, handle: account.handle },
          })
        })
        return true
      } catch (error) {
        if (isUniqueViolation(error)) return false
        throw error
      }
    },

    /** Writes people as they are; whoever is there already stays as is. */
    addDemoPeople: async (people: readonly (UserRecord & { passwordHash: string | null })[]): Promise<void> => {
      const data = people.map((person) => ({ ...person, handleKey: handleKeyOf(person.handle) }))
      await client.user.createMany({ data, skipDuplicates: true })
    },

    sessionsByIds: (ids: readonly string[]): Promise<SessionRecord[]> =>
      client.session.findMany({ where: { id: { in: [...ids] } } }),

    /** Begins a session; with a refresh token when there is one to go on with. */
    createSession: async (session: SessionRecord, refreshTokenHash: string | undefined): Promise<void> => {
      const { createdAt, expiresAt } = session
      await client.session.create({
        data: {
          ...session,
          ...(refreshTokenHash !== undefined && {
            refreshTokens: { create: { tokenHash: refreshTokenHash, createdAt, expiresAt } },
          }),
        },
      })
    },

    /**
     * Exchanges a refresh token. Whoever comes second with the same token, at the same moment or later, ends the session:
     * the transaction commits that although the exchange is refused.
     */
    renewSession: (exchange: {
      tokenHash: string
      nextTokenHash: string
      clientId: string | null
      at: Date
      expiresAt: Date
    }): Promise<Renewal> =>
      client.$transaction(async (transaction): Promise<Renewal> => {
        const { tokenHash, nextTokenHash, clientId, at, expiresAt } = exchange
        const found = await transaction.refreshToken.findUnique({ where: { tokenHash }, select: { sessionId: true } })
        if (!found) return { outcome: 'unknown' }
        const { sessionId } = found
        // Always the session first: one order of locks for all, and one exchange at a time for a family.
        await transaction.$queryRaw`SELECT 1 FROM "logai"."sessions" WHERE "id" = ${sessionId} FOR UPDATE`
        const token = await transaction.refreshToken.findUniqueOrThrow({
          where: { tokenHash },
          include: { session: true },
        })
        const { session } = token
        if (session.clientId !== clientId) return { outcome: 'unknown' }
        if (token.consumedAt) {
          const [ended] = await endSessions(transaction, { id: sessionId }, 'TOKEN_REUSED', at)
          return { outcome: 'reused', session: ended ?? session, endedNow: ended !== undefined }
        }
        if (session.revokedAt) return { outcome: 'ended', session }
        if (token.expiresAt <= at) return { outcome: 'expired' }
        await transaction.refreshToken.update({ where: { tokenHash }, data: { consumedAt: at } })
        await transaction.refreshToken.create({
          data: { tokenHash: nextTokenHash, sessionId, createdAt: at, expiresAt },
        })
        const renewed = await transaction.session.update({
          where: { id: sessionId },
          data: { lastUsedAt: at, expiresAt },
        })
        return { outcome: 'renewed', session: renewed }
      }),

    signingKeys: (): Promise<SigningKeyRow[]> => client.signingKey.findMany(),

    /** Adds the key that `missing` makes, if any, and drops what ended before `oldest`; one process at a time. */
    rotateSigningKeys: (
      missing: (rows: readonly SigningKeyRow[]) => Promise<SigningKeyRow | undefined>,
      oldest: Date,
    ): Promise<SigningKeyRow[]> =>
      client.$transaction(async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${keyRotationLock})`
        await transaction.signingKey.deleteMany({ where: { activeUntil: { lt: oldest } } })
        const added = await missing(await transaction.signingKey.findMany())
        if (added) {
          await transaction.signingKey.create({
            data: { ...added, publicJwk: added.publicJwk as Prisma.InputJsonValue },
          })
        }
        return transaction.signingKey.findMany()
      }),
  }
}

/** See `createStore`. */
export type Store = ReturnType<typeof createStore>
