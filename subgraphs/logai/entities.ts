import { z } from 'zod'
import type { Resolvers } from '../.generated/logai.ts'
import { connection, maySee } from '../_kit/index.ts'
import { requirePrivate } from './access.ts'
import type { Context } from './context.ts'
import type { ListPosition, UserRecord } from './records.ts'

const position = z.object({ createdAt: z.iso.datetime(), id: z.string() })
const positionOf = ({ createdAt, id }: { createdAt: Date; id: string }): ListPosition => ({
  createdAt: createdAt.toISOString(),
  id,
})

// References by foreign keys: what they name is there.
const existing = async (context: Context, userId: string): Promise<UserRecord> => {
  const user = await context.loaders.users.load(userId)
  if (!user) throw new Error(`User ${userId} is referred to and does not exist.`)
  return user
}

/** The fields of the types that this service owns. */
export const entities: Pick<Resolvers, 'User' | 'Session' | 'OAuthClient'> = {
  User: {
    __resolveReference: ({ id }, { loaders }) => loaders.users.load(id),
    email: ({ id, email }, _, context) => {
      requirePrivate(context, id, 'the e-mail address', 'email')
      return email
    },
    roles: ({ id, roles }, _, context) => {
      requirePrivate(context, id, 'the roles')
      return roles
    },
    sessions: ({ id }, page, context) => {
      requirePrivate(context, id, 'the sessions')
      const { store, now } = context.service
      return connection(page, {
        position,
        positionOf,
        fetch: (limit, after) => store.sessionsOf(id, now(), limit, after),
      })
    },
    mfa: async ({ id }, _, context) => {
      requirePrivate(context, id, 'the second factor')
      const factor = await context.loaders.factors.load(id)
      return { totp: factor !== null, recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0 }
    },
    oauthClients: ({ id }, page, context) => {
      requirePrivate(context, id, 'the applications')
      const { store } = context.service
      return connection(page, { position, positionOf, fetch: (limit, after) => store.oauthClientsOf(id, limit, after) })
    },
  },

  Session: {
    __resolveReference: async ({ id }, context) => {
      const session = await context.loaders.sessions.load(id)
      return session && maySee(context, session.userId) ? session : null
    },
    user: ({ userId }, _, context) => existing(context, userId),
    client: ({ clientId }, _, { loaders }) => (clientId === null ? null : loaders.oauthClients.load(clientId)),
    current: ({ id }, _, { identity }) => identity.kind === 'user' && identity.sessionId === id,
  },

  OAuthClient: {
    __resolveReference: async ({ id }, context) => {
      const client = await context.loaders.oauthClients.load(id)
      return client && client.deletedAt === null && maySee(context, client.ownerId) ? client : null
    },
    owner: ({ ownerId }, _, context) => existing(context, ownerId),
    confidential: ({ secretHash }) => secretHash !== null,
  },
}
