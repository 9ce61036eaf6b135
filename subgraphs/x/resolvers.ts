import type { Resolvers } from '../.generated/x.ts'
import { instrumentResolvers } from './instrument-resolvers.ts'
import { orderResolvers } from './order-resolvers.ts'
import { subscriptionResolvers } from './live-resolvers.ts'

/** The resolvers of x. */
export const resolvers: Resolvers = {
  ...instrumentResolvers,
  ...orderResolvers,
  ...subscriptionResolvers,
  Query: { ...instrumentResolvers.Query, ...orderResolvers.Query },
}
