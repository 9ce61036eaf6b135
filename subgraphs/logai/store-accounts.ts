import type { Events } from '@codai/stores'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import { handleKeyOf } from './records.ts'
import type { OAuthClientRecord, Role, SessionRecord, UserRecord } from './records.ts'
import { endSessions } from './store-sessions.ts'

const userFields = { id: true, handle: true, email: true, roles: true, createdAt: true } as const

type Row = Omit<UserRecord, 'roles'> & { roles: string[] }

// A check constraint keeps the column to these.
const userOf = ({ id, handle, email, roles, createdAt }: Row): UserRecord => ({
  id,
  handle,
  email,
  roles: roles as Role[],
  createdAt,
})

const isUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

/** What sign-in needs to know of an account. */
export type Credentials = { user: UserRecord; passwordHash: string | null; hasTotp: boolean }

/** People and their passwords. */
export const accountStore = (client: PrismaClient, events: Events) => ({
  usersByIds: async (ids: readonly string[]): Promise<UserRecord[]> =>
    (await client.user.findMany({ where: { id: { in: [...ids] } }, select: userFields })).map(userOf),

  usersByHandleKeys: async (keys: readonly string[]): Promise<UserRecord[]> =>
    (await client.user.findMany({ where: { handleKey: { in: [...keys] } }, select: userFields })).map(userOf),

  credentialsOf: async (where: { handleKey: string } | { id: string }): Promise<Credentials | undefined> => {
    // The same two questions whether the account exists or not: the time must not tell.
    const [user, factor] = await Promise.all([
      client.user.findUnique({ where }),
      client.totpFactor.findFirst({ where: { user: where, confirmedAt: { not: null } }, select: { userId: true } }),
    ])
    if (!user) return undefined
    return { user: userOf(user), passwordHash: user.passwordHash, hasTotp: factor !== null }
  },

  /** Creates an account with its first session. False when the handle is taken. */
  createAccount: async (
    account: UserRecord & { passwordHash: string },
    session: SessionRecord,
    refreshTokenHash: string,
  ): Promise<boolean> => {
    const { createdAt, expiresAt } = session
    try {
      await client.$transaction(async (transaction) => {
        await transaction.user.create({ data: { ...account, handleKey: handleKeyOf(account.handle) } })
        await transaction.session.create({ data: session })
        await transaction.refreshToken.create({
          data: { tokenHash: refreshTokenHash, sessionId: session.id, createdAt, expiresAt },
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

  /** Sets a password, and ends whatever else the old one has opened. Answers the sessions that ended. */
  changePassword: (change: {
    userId: string
    passwordHash: string
    exceptSessionId: string
    at: Date
  }): Promise<SessionRecord[]> =>
    client.$transaction(async (transaction) => {
      const { userId, passwordHash, exceptSessionId, at } = change
      await transaction.user.update({ where: { id: userId }, data: { passwordHash } })
      await transaction.mfaChallenge.deleteMany({ where: { userId } })
      await transaction.authorizationCode.deleteMany({ where: { userId, consumedAt: null } })
      return endSessions(transaction, events, { userId, id: { not: exceptSessionId } }, 'PASSWORD_CHANGED', at)
    }),

  /** Writes people as they are; whoever is there already stays as is. */
  addPeople: async (people: readonly (UserRecord & { passwordHash: string | null })[]): Promise<void> => {
    const data = people.map((person) => ({ ...person, handleKey: handleKeyOf(person.handle) }))
    await client.user.createMany({ data, skipDuplicates: true })
  },

  /** Writes a session and an application, unless they are there already. */
  addDemoBelongings: async (session: SessionRecord, oauthClient: OAuthClientRecord): Promise<void> => {
    await client.session.createMany({ data: session, skipDuplicates: true })
    await client.oAuthClient.createMany({ data: oauthClient, skipDuplicates: true })
  },
})
