import type { Resolvers } from '../.generated/logai.ts'
import { actingUser, requireMaySee } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { Caller } from './sessions.ts'
import { handleKeyOf } from './store.ts'

const callerOf = ({ identity }: Context): Caller => ({
  address: identity.kind === 'service' ? identity.service : identity.address,
})

export const resolvers: Resolvers = {
  Query: {
    me: async (_, __, context) => {
      const userId = actingUser(context)
      return userId === undefined ? null : context.loaders.users.load(userId)
    },
    user: async (_, { handle }, { service }) => (await service.store.usersByHandleKeys([handleKeyOf(handle)]))[0],
  },

  Mutation: {
    signUp: (_, { input }, context) => context.service.accounts.signUp(input, callerOf(context)),
    signIn: async (_, { input }, context) => {
      const { accounts, sessions, limits } = context.service
      const { user } = await accounts.prove(input, callerOf(context))
      await limits.forgive(user.handle)
      return { __typename: 'SignInSuccess', ...(await sessions.begin(user, callerOf(context))) }
    },
    refresh: (_, { refreshToken }, { service }) => service.sessions.renew(refreshToken),
  },

  User: {
    __resolveReference: ({ id }, { loaders }) => loaders.users.load(id),
    email: ({ id, email }, _, context) => {
      requireMaySee(context, id, 'the e-mail address')
      return email
    },
    roles: ({ id, roles }, _, context) => {
      requireMaySee(context, id, 'the roles')
      return roles as ('MEMBER' | 'ADMIN')[]
    },
  },
}
