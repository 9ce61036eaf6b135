import type { Cache } from '@urql/exchange-graphcache'
import { forget, linkNode, nodeIn } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'
import { forgetAssets } from './wallets.ts'

/** A purchase that ends takes its products out of the cart, moves money, and changes the stock. */
const settle = (purchase: Record<string, unknown>, cache: Cache): void => {
  const person = me(cache)
  if (person !== null) forget(cache, person, 'cart')
  forgetAssets(cache)
  if (purchase['status'] === 'CONFIRMED' || purchase['status'] === 'CANCELLED')
    forget(cache, 'Query', 'products', 'product')
}

/** Products, the cart and purchases. */
export const shop: Updates = {
  Mutation: {
    checkout: onField('checkout', (purchase, cache) => {
      linkNode(cache, me(cache), 'purchases', nodeIn(purchase))
      settle(purchase, cache)
    }),
    cancelPurchase: onField('cancelPurchase', settle),
    review: onField('review', (review, cache) => {
      const product = nodeIn(review['product'])
      if (product !== undefined) forget(cache, product, 'reviews', 'viewerReview')
    }),
  },
  Subscription: {
    purchaseUpdated: onField('purchaseUpdated', settle),
  },
}
