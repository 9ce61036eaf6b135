import { requireService, requireUser } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/publicai.ts'
import { plans } from './plans.ts'
import type { UsagePointRecord } from './records.ts'
import { typeResolvers } from './types.ts'
import { ownApp, visibleApp } from './views.ts'

export const resolvers: Resolvers = {
  ...typeResolvers,

  Query: {
    plans: () => [...plans],
    developerApp: (_, { id }, context) => visibleApp(context, id),
    apiKeyGrant: (_, { digest }, context) => {
      requireService(context)
      return context.service.grant(digest)
    },
    trustedDocument: async (_, { app, hash }, context) => {
      requireService(context)
      return (await context.service.store.document(app, hash)) ?? null
    },
  },

  Mutation: {
    createApp: (_, { input }, context) => context.service.createApp(requireUser(context), input),
    deleteApp: (_, { app }, context) => context.service.deleteApp(requireUser(context), app),
    issueKey: (_, { input }, context) => context.service.issueKey(requireUser(context), input),
    rotateKey: (_, { input }, context) => context.service.rotateKey(requireUser(context), input),
    revokeKey: (_, { key }, context) => context.service.revokeKey(requireUser(context), key),
    registerOperation: (_, { input }, context) => context.service.registerOperation(requireUser(context), input),
    removeOperation: (_, { operation }, context) => context.service.removeOperation(requireUser(context), operation),
    changePlan: (_, { input }, context) => context.service.changePlan(requireUser(context), input),
    recordApiUsage: (_, { input }, context) => {
      requireService(context)
      return context.service.recordApiUsage(input)
    },
  },

  Subscription: {
    usageUpdated: {
      subscribe: async (_, { app }, context) => {
        const { id } = await ownApp(context, app)
        return context.service.watch(id)
      },
      resolve: (point: UsagePointRecord) => point,
    },
  },
}
