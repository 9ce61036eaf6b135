import type { Resolvers } from '../.generated/logai.ts'
import { badInput, actingUser } from '../_kit/index.ts'
import { entities } from './entities.ts'
import { requireAccount, requirePerson } from './access.ts'
import type { Context } from './context.ts'
import { introspect } from './introspect.ts'
import { handleKeyOf } from './records.ts'
import type { SessionRecord } from './records.ts'
import type { Caller } from './sessions.ts'

const mostHandles = 50

const callerOf = ({ identity }: Context): Caller =>
  identity.kind === 'service'
    ? {}
    : { address: identity.address, ...(identity.kind === 'anonymous' && { userAgent: identity.userAgent }) }

export const resolvers: Resolvers = {
  ...entities,

  Query: {
    me: async (_, __, context) => {
      const userId = actingUser(context)
      return userId === undefined ? null : context.loaders.users.load(userId)
    },
    user: async (_, { handle }, { service }) => (await service.store.usersByHandleKeys([handleKeyOf(handle)]))[0],
    usersByHandles: (_, { handles }, { service }) => {
      if (handles.length > mostHandles) throw badInput(`At most ${mostHandles} handles at once.`, { field: 'handles' })
      return service.store.usersByHandleKeys([...new Set(handles.map(handleKeyOf))])
    },
    introspectToken: (_, { token }, context) => introspect(context, token),
  },

  Mutation: {
    signUp: (_, { input }, context) => context.service.accounts.signUp(input, callerOf(context)),

    signIn: async (_, { input }, context) => {
      const { accounts, sessions } = context.service
      const step = await accounts.prove(input, callerOf(context))
      if (!('user' in step)) return { __typename: 'MfaChallenge', ...step }
      return { __typename: 'SignInSuccess', ...(await sessions.begin(step.user, callerOf(context))) }
    },

    answerMfaChallenge: async (_, { input }, context) => {
      const { secondFactor, sessions } = context.service
      return sessions.begin(await secondFactor.answer(input), callerOf(context))
    },

    refresh: (_, { refreshToken }, { service }) => service.sessions.renew(refreshToken),

    signOut: async (_, __, context) => {
      const { session } = await requireAccount(context)
      return context.service.sessions.end(session, 'SIGNED_OUT')
    },

    revokeSession: async (_, { session: id }, context) => {
      const { user } = await requireAccount(context)
      return context.service.sessions.endOwn(user.id, id)
    },

    changePassword: async (_, { input }, context) => {
      const { user, session } = await requireAccount(context)
      await context.service.accounts.changePassword(user, session, input)
      return user
    },

    enrollTotp: async (_, __, context) => {
      const { user } = await requireAccount(context)
      return context.service.secondFactor.enroll(user)
    },

    confirmTotp: async (_, { code }, context) => {
      const { user } = await requireAccount(context)
      return { codes: await context.service.secondFactor.confirm(user, code) }
    },

    recoveryCodes: async (_, { code }, context) => {
      const { user } = await requireAccount(context)
      return { codes: await context.service.secondFactor.renewCodes(user, code) }
    },

    disableTotp: async (_, { code }, context) => {
      const { user } = await requireAccount(context)
      await context.service.secondFactor.disable(user, code)
      return user
    },

    createOAuthClient: async (_, { input }, context) => {
      const { user } = await requireAccount(context)
      return context.service.oauthClients.create(user.id, input)
    },

    deleteOAuthClient: async (_, { client }, context) => {
      const { user } = await requireAccount(context)
      return context.service.oauthClients.remove(user.id, client)
    },
  },

  Subscription: {
    sessionRevoked: {
      subscribe: (_, __, context) => context.service.sessions.ended(requirePerson(context)),
      resolve: (session: SessionRecord) => session,
    },
  },
}
