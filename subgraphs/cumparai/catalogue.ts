import { badInput, forbidden, notFound, optionalText, repetitionOf, requireId, requireKey } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { CreateProductInput, RestockInput, ReviewInput, UpdateProductInput } from '../.generated/cumparai.ts'
import { readChange, readPieces, readProduct } from './product-drafts.ts'
import type { ProductRecord } from './products-store.ts'
import type { ReviewRecord } from './reviews-store.ts'
import type { Store } from './store.ts'

const longestReview = 2_000

/** For how long something is left to who is doing it: longer than any call may take. */
export const leaseMs = 15_000

/** What sellers offer, and what buyers say of it. */
export const createCatalogue = (store: Store, { now, newId }: Platform) => {
  const requireProduct = async (given: string): Promise<ProductRecord> => {
    const id = requireId('Product', given)
    const [product] = await store.products.byIds([id])
    if (!product) throw notFound('Product', id)
    return product
  }

  const requireOwn = async (seller: string, given: string): Promise<ProductRecord> => {
    const product = await requireProduct(given)
    if (product.seller !== seller) throw forbidden('Only its seller may change a product.')
    return product
  }

  return {
    /** Offers a product. The same key offers it once. */
    create: async (seller: string, input: CreateProductInput): Promise<ProductRecord> => {
      const { tags, imageUrls, words, titleWords, ...details } = readProduct(input)
      const lists = { tags: [...tags], imageUrls: [...imageUrls], words: [...words], titleWords: [...titleWords] }
      const { stock, ...rest } = details
      const repetition = repetitionOf(requireKey(input.idempotencyKey), [seller, rest, stock, lists])
      const unrated = { rating: 0, reviewCount: 0, reviewVersion: 0 }
      return store.products.insert(
        { _id: newId(), seller, ...rest, ...lists, ...unrated, stock, movements: [], createdAt: now() },
        repetition,
      )
    },

    update: async (seller: string, input: UpdateProductInput): Promise<ProductRecord> => {
      const before = await requireOwn(seller, input.product)
      const changed = await store.products.update(before.id, seller, readChange(input, before))
      if (!changed) throw notFound('Product', before.id)
      return changed
    },

    /** Adds pieces to the stock of an own product. The same key adds them once, also over a crash in between. */
    restock: async (seller: string, input: RestockInput): Promise<ProductRecord> => {
      const { id: product } = await requireOwn(seller, input.product)
      const quantity = readPieces(input.quantity, 1, 'quantity')
      const repetition = repetitionOf(requireKey(input.idempotencyKey), [product, quantity])
      const createdAt = now()
      const workAt = new Date(createdAt.getTime() + leaseMs)
      const delivery = await store.deliveries.insert(
        { _id: newId(), seller, product, quantity, createdAt, workAt, isDone: false },
        repetition,
      )
      await store.deliveries.finish(delivery, createdAt)
      return requireProduct(product)
    },

    /** Writes the caller's review of a product that the caller has bought. */
    review: async (author: string, input: ReviewInput): Promise<ReviewRecord> => {
      const { rating } = input
      if (rating < 1 || rating > 5) throw badInput('Stars are 1 to 5.', { field: 'rating' })
      const text = optionalText(input.text, longestReview, 'text')
      const { id: product } = await requireProduct(input.product)
      if (!(await store.purchases.hasBought(author, product))) {
        throw forbidden('Only who has bought a product may review it.')
      }
      const review = await store.reviews.write({ product, author, rating, text, createdAt: now() })
      await store.reviews.computeRating(product)
      return review
    },
  }
}
