import {
  badInput,
  codedError,
  fromMinor,
  notFound,
  repetitionOf,
  requireId,
  requireKey,
  toMinor,
} from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { CheckoutInput } from '../.generated/cumparai.ts'
import { partsOfCart, totalOf } from './cart.ts'
import type { CartLineRecord } from './cart.ts'
import type { Cashier } from './cashier.ts'
import { leaseMs } from './catalogue.ts'
import type { PurchaseRecord } from './purchases-store.ts'
import type { Saga } from './saga.ts'
import type { Store } from './store.ts'

/** For how long a buyer can cancel a purchase: as long as European law gives for what is bought at a distance. */
export const cancellableMs = 14 * 86_400_000

type Draft = Omit<PurchaseRecord, 'id' | 'createdAt' | 'updatedAt' | 'workAt'>

const requireSuccess = (purchase: PurchaseRecord): PurchaseRecord => {
  const { id, status, failure } = purchase
  if ((status !== 'FAILING' && status !== 'FAILED') || !failure) return purchase
  throw codedError(failure.code, failure.message, { purchase: id })
}

/** Refuses what cannot be bought now, before anything is written. */
const requireAvailable = (lines: readonly CartLineRecord[]): void => {
  for (const { product, quantity } of lines) {
    const { id, title, status, stock } = product
    if (status !== 'LISTED') throw codedError('CONFLICT', `"${title}" is not for sale any more.`, { product: id })
    if (stock < quantity) {
      const left = stock === 0 ? 'is sold out' : `has only ${stock} left`
      throw codedError('CONFLICT', `"${title}" ${left}.`, { product: id })
    }
  }
}

/** Buying, and taking back. */
export const createCheckout = (
  { store, cashier, saga }: { store: Store; cashier: Cashier; saga: Saga },
  { now, newId }: Platform,
) => {
  /** What of a cart is to be bought. */
  const chosenLines = async (buyer: string, chosen: readonly string[] | undefined): Promise<CartLineRecord[]> => {
    const [cart] = await store.carts.byIds([buyer])
    const inCart = cart?.lines ?? []
    const lines = chosen ? inCart.filter(({ product }) => chosen.includes(product)) : inCart
    if (lines.length === 0) throw badInput('There is nothing in the cart to buy.', { field: 'products' })
    if (chosen && lines.length < new Set(chosen).size) {
      throw badInput('The cart does not have all of these products.', { field: 'products' })
    }
    const products = new Map(
      (await store.products.byIds(lines.map(({ product }) => product))).map((product) => [product.id, product]),
    )
    return lines.flatMap(({ product: id, quantity }) => {
      const product = products.get(id)
      return product ? [{ product, quantity }] : []
    })
  }

  /** A purchase of what is in the cart now, checked but not written. */
  const draft = async (
    buyer: string,
    { wallet, products, total: expected }: CheckoutInput,
    requestId: string,
  ): Promise<Draft> => {
    const wanted = await chosenLines(buyer, products ?? undefined)
    const [first] = wanted
    if (!first || partsOfCart(wanted).length > 1) {
      throw badInput('Buy from one seller and in one currency at a time: say which products.', { field: 'products' })
    }
    const { seller, currency } = first.product
    const lines = wanted.map(({ product: { id, title, price }, quantity }) => ({ product: id, title, quantity, price }))
    const total = totalOf(lines)
    if (expected && (expected.currency !== currency || toMinor(expected, 'total') !== BigInt(total))) {
      const { amount } = fromMinor(BigInt(total), currency)
      throw codedError('CONFLICT', `The total is ${amount} ${currency} now.`, { total: { amount, currency } })
    }
    requireAvailable(wanted)
    const walletId = requireId('Wallet', wallet)
    if (!(await cashier.ownsWallet(buyer, walletId, requestId))) throw notFound('Wallet', walletId)
    return { buyer, seller, wallet: walletId, lines, currency, total, status: 'PENDING' }
  }

  const isOf = ({ buyer, seller }: PurchaseRecord, person: string): boolean => buyer === person || seller === person

  return {
    /** Buys what is in the cart, or a part of it; the same key buys once. What failed gives its code each time. */
    checkout: async (buyer: string, input: CheckoutInput, requestId: string): Promise<PurchaseRecord> => {
      const { wallet, products, total } = input
      const repetition = repetitionOf(requireKey(input.idempotencyKey), [wallet, products ?? null, total ?? null])
      const earlier = await store.purchases.repeated(buyer, repetition)
      if (earlier) return requireSuccess(await saga.wait(earlier.id))
      let drafted: Draft
      try {
        drafted = await draft(buyer, input, requestId)
      } catch (error) {
        // The same call, sent twice at once, may have bought what this one does not find in the cart any more.
        const meanwhile = await store.purchases.repeated(buyer, repetition)
        if (!meanwhile) throw error
        return requireSuccess(await saga.wait(meanwhile.id))
      }
      const createdAt = now()
      const workAt = new Date(createdAt.getTime() + leaseMs)
      const { purchase, created } = await store.purchases.insert(
        { ...drafted, _id: newId(), createdAt, updatedAt: createdAt, workAt },
        repetition,
      )
      return requireSuccess(created ? await saga.run(purchase) : await saga.wait(purchase.id))
    },

    /** Cancels a confirmed purchase: money and stock return. A second time changes nothing. */
    cancel: async (person: string, id: string): Promise<PurchaseRecord> => {
      const [purchase] = await store.purchases.byIds([requireId('Purchase', id)])
      if (!purchase || !isOf(purchase, person)) throw notFound('Purchase', id)
      const { status, buyer, confirmedAt } = purchase
      if (status === 'CANCELLING' || status === 'CANCELLED') return saga.wait(id)
      if (status !== 'CONFIRMED' || !confirmedAt) {
        throw codedError('CONFLICT', `The purchase is ${status}: it cannot be cancelled.`, { purchase: id })
      }
      if (person === buyer && now().getTime() - confirmedAt.getTime() > cancellableMs) {
        throw codedError('CONFLICT', 'A purchase can be cancelled within 14 days. Ask the seller.', { purchase: id })
      }
      const cancelling = await saga.moved(purchase, 'CANCELLING', { failure: null })
      const cancelled = cancelling ? await saga.run(cancelling) : await saga.wait(id)
      if (cancelled.status === 'CONFIRMED' && cancelled.failure) {
        throw codedError(cancelled.failure.code, cancelled.failure.message, { purchase: id })
      }
      return cancelled
    },
  }
}
