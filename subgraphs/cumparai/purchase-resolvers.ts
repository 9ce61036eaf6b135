import type { Resolvers } from '../.generated/cumparai.ts'
import { creationPage, fromMinor, maySee, requireMaySee } from '../_kit/index.ts'
import { partsOfCart, totalOf } from './cart.ts'
import type { CartLineRecord } from './cart.ts'
import { emptyCart } from './carts-store.ts'
import type { CartRecord } from './carts-store.ts'
import { cancellableMs } from './checkout.ts'
import type { Context } from './context.ts'
import { sellerPage } from './lists.ts'
import type { PurchaseLine } from './models.ts'
import { productOf } from './product-resolvers.ts'
import type { PurchaseRecord } from './purchases-store.ts'

/** Something of another service, of which only the key is known here. */
export type UserRecord = { id: string }
export type PaymentRecord = { id: string }

/** A line of a purchase, in the currency of the whole. */
export type PurchaseLineRecord = PurchaseLine & Pick<PurchaseRecord, 'currency'>

/** Whether the caller may see what the buyer or the seller may see. */
export const maySeePurchase = (context: Context, { buyer, seller }: PurchaseRecord): boolean =>
  maySee(context, buyer) || maySee(context, seller)

/** A purchase, if the caller may see it; else null, as if it did not exist. */
export const visiblePurchase = (context: Context, purchase: PurchaseRecord | null): PurchaseRecord | null =>
  purchase && maySeePurchase(context, purchase) ? purchase : null

const linesOf = (context: Context, { lines }: CartRecord): Promise<CartLineRecord[]> =>
  Promise.all(lines.map(async ({ product, quantity }) => ({ product: await productOf(context, product), quantity })))

const priced = (lines: readonly CartLineRecord[]): { price: number; quantity: number }[] =>
  lines.map(({ product: { price }, quantity }) => ({ price, quantity }))

/** How carts, purchases and their people answer. */
export const purchaseResolvers: Pick<
  Resolvers,
  'Cart' | 'CartLine' | 'CartPart' | 'Purchase' | 'PurchaseLine' | 'User' | 'Payment'
> = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    cart: async ({ id }, _, context) => {
      requireMaySee(context, id, 'their cart')
      return (await context.loaders.cart.load(id)) ?? emptyCart(id)
    },
    purchases: ({ id }, args, context) => {
      requireMaySee(context, id, 'what they bought')
      return creationPage(args, (part) => context.service.store.purchases.of('buyer', id, part))
    },
    sales: ({ id }, args, context) => {
      requireMaySee(context, id, 'what they sold')
      return creationPage(args, (part) => context.service.store.purchases.of('seller', id, part))
    },
    products: ({ id }, args, context) => sellerPage(args, context.service.store, id, maySee(context, id)),
  },

  Payment: {
    __resolveReference: ({ id }) => ({ id }),
    purchase: async ({ id }, _, context) => visiblePurchase(context, await context.loaders.purchaseOfPayment.load(id)),
  },

  Cart: {
    __resolveReference: async ({ id }, context) => {
      const cart = await context.loaders.cart.load(id)
      if (!maySee(context, id)) return null
      return cart ?? (context.loaders.viewer === id ? emptyCart(id) : null)
    },
    owner: ({ id }) => ({ id }),
    lines: (cart, _, context) => linesOf(context, cart),
    parts: async (cart, _, context) => partsOfCart(await linesOf(context, cart)),
  },

  CartLine: {
    total: ({ product: { price, currency }, quantity }) => fromMinor(BigInt(totalOf([{ price, quantity }])), currency),
    isAvailable: ({ product: { status, stock }, quantity }) => status === 'LISTED' && stock >= quantity,
  },

  CartPart: {
    seller: ({ seller }) => ({ id: seller }),
    lines: ({ lines }) => [...lines],
    total: ({ lines, currency }) => fromMinor(BigInt(totalOf(priced(lines))), currency),
  },

  Purchase: {
    __resolveReference: async ({ id }, context) => visiblePurchase(context, await context.loaders.purchase.load(id)),
    buyer: ({ buyer }) => ({ id: buyer }),
    seller: ({ seller }) => ({ id: seller }),
    lines: ({ lines, currency }) => lines.map((line) => ({ ...line, currency })),
    total: ({ total, currency }) => fromMinor(BigInt(total), currency),
    failureReason: ({ failure }) => failure?.message ?? null,
    wallet: ({ wallet, buyer }, _, context) => (maySee(context, buyer) ? { id: wallet } : null),
    payment: ({ payment }) => (payment === undefined ? null : { id: payment }),
    refund: ({ refund }) => (refund === undefined ? null : { id: refund }),
    confirmedAt: ({ confirmedAt }) => confirmedAt ?? null,
    cancellableUntil: ({ confirmedAt }) => confirmedAt && new Date(confirmedAt.getTime() + cancellableMs),
  },

  PurchaseLine: {
    product: ({ product }, _, context) => productOf(context, product),
    price: ({ price, currency }) => fromMinor(BigInt(price), currency),
    total: ({ price, quantity, currency }) => fromMinor(BigInt(totalOf([{ price, quantity }])), currency),
  },
}
