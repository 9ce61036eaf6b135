import { z } from 'zod'
import { connection, notFound, requireMaySee } from '../_kit/index.ts'
import type { Connection, ConnectionArguments } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/publicai.ts'
import { statusAt } from './keys.ts'
import { planById, requirePlan } from './plans.ts'
import type { Place } from './store.ts'
import { spanOf } from './usage.ts'
import { appOf, visibleApp, visibleKey } from './views.ts'

const byTime = z.object({
  createdAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.string().regex(/^\w{1,100}$/),
})

const pageByTime = <Row extends Place>(
  page: ConnectionArguments,
  fetch: (limit: number, after: Place | undefined) => Promise<Row[]>,
): Promise<Connection<Row>> =>
  connection(page, { position: byTime, positionOf: ({ createdAt, id }: Row) => ({ createdAt, id }), fetch })

/** How the types of the third parties' door are shown. */
export const typeResolvers = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    apps: (user, page, context) => {
      requireMaySee(context, user.id, 'their apps')
      const { store } = context.service
      return pageByTime(page, (limit, after) => store.appsOf(user.id, limit, after))
    },
  },

  DeveloperApp: {
    __resolveReference: ({ id }, context) => visibleApp(context, id),
    owner: ({ ownerId }) => ({ id: ownerId }),
    plan: ({ plan }) => requirePlan(plan),
    keys: ({ id }, page, { service: { store } }) => pageByTime(page, (limit, after) => store.keysOf(id, limit, after)),
    operations: ({ id }, page, { service: { store } }) =>
      pageByTime(page, (limit, after) => store.operationsOf(id, limit, after)),
    usage: ({ id }, { from, to, bucket }, { service }) =>
      spanOf(id, { from, to, bucket: bucket ?? 'HOUR' }, service.now()),
  },

  Plan: {
    __resolveReference: ({ id }) => planById(id) ?? null,
  },

  ApiKey: {
    __resolveReference: ({ id }, context) => visibleKey(context, id),
    app: (key, _, context) => appOf(context, key),
    status: (key, _, { service }) => statusAt(key, service.now()),
    successor: ({ successorId }, _, context) => (successorId === null ? null : visibleKey(context, successorId)),
  },

  TrustedOperation: {
    app: (operation, _, context) => appOf(context, operation),
  },

  Usage: {
    total: (usage, _, { service }) => service.usageTotal(usage),
    points: (usage, _, { service }) => service.usagePoints(usage),
    operations: (usage, _, { service }) => service.usageOperations(usage),
    keys: (usage, _, { service }) => service.usageKeys(usage),
  },

  KeyUsage: {
    key: async ({ keyId }, _, { loaders }) => {
      const key = await loaders.key.load(keyId)
      if (!key) throw notFound('ApiKey', keyId)
      return key
    },
  },

  ApiKeyGrant: {
    key: ({ key }) => key.id,
    app: ({ key }) => key.appId,
    scopes: ({ key }) => key.scopes,
    trustedOnly: ({ key }) => key.trustedOnly,
    status: ({ key }, _, { service }) => statusAt(key, service.now()),
    expiresAt: ({ key }) => key.expiresAt,
    plan: ({ plan }) => requirePlan(plan),
  },
} satisfies Resolvers
