import type { Resolvers } from '../.generated/x.ts'
import { instrumentResolvers } from './resolvers.instruments.ts'
import { orderResolvers } from './resolvers.orders.ts'
import { subscriptionResolvers } from './resolvers.live.ts'

/** The resolvers of x. */
export const resolvers: Resolvers = {
  ...instrumentResolvers,
  ...orderResolvers,
  ...subscriptionResolvers,
  Query: { ...instrumentResolvers.Query, ...orderResolvers.Query },
}
