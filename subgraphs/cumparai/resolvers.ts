import type { Resolvers } from '../.generated/cumparai.ts'
import { requireId, requireUser } from '../_kit/index.ts'
import { productPage } from './lists.ts'
import { productResolvers } from './product-resolvers.ts'
import { maySeePurchase, purchaseResolvers, visiblePurchase } from './purchase-resolvers.ts'
import type { PurchaseRecord } from './purchases-store.ts'

export const resolvers: Resolvers = {
  Query: {
    products: (_, args, { service }) => productPage(args, service.store),
    product: (_, { id }, { loaders }) => loaders.product.load(id),
    purchase: async (_, { id }, context) => visiblePurchase(context, await context.loaders.purchase.load(id)),
  },

  Mutation: {
    createProduct: (_, { input }, context) => context.service.catalogue.create(requireUser(context), input),
    updateProduct: (_, { input }, context) => context.service.catalogue.update(requireUser(context), input),
    restock: (_, { input }, context) => context.service.catalogue.restock(requireUser(context), input),
    addToCart: (_, { input }, context) => context.service.carts.add(requireUser(context), input),
    updateCart: (_, { input }, context) => context.service.carts.set(requireUser(context), input),
    removeFromCart: (_, { product }, context) => context.service.carts.remove(requireUser(context), product),
    checkout: (_, { input }, context) => context.service.checkout(requireUser(context), input, context.requestId),
    cancelPurchase: (_, { purchase }, context) => context.service.cancel(requireUser(context), purchase),
    review: (_, { input }, context) => context.service.catalogue.review(requireUser(context), input),
  },

  Subscription: {
    purchaseUpdated: {
      subscribe: (_, { purchase }, context) =>
        context.service.live.listen(requireId('Purchase', purchase), (found) => maySeePurchase(context, found)),
      resolve: (purchase: PurchaseRecord) => purchase,
    },
  },

  ...productResolvers,
  ...purchaseResolvers,
}
