import { insertNew, partsOf } from '../_kit/index.ts'
import type { Part } from '../_kit/index.ts'
import type { Models, ReviewDocument } from './models.ts'

/** A review as its readers get it. */
export type ReviewRecord = Omit<ReviewDocument, '_id'> & { id: string }

const toReview = ({ _id, product, author, rating, text, createdAt }: ReviewDocument): ReviewRecord => ({
  id: _id,
  product,
  author,
  rating,
  text: text ?? null,
  createdAt,
})

const reviewId = (product: string, author: string): string => `${product}:${author}`

/** All reads and writes of reviews, and of what products show of them. */
export const reviewsStore = ({ products, reviews }: Pick<Models, 'products' | 'reviews'>) => {
  const newest = partsOf(reviews, 'createdAt', 'newest')

  return {
    byIds: async (ids: readonly string[]): Promise<ReviewRecord[]> =>
      (await reviews.find({ _id: { $in: [...ids] } }).lean<ReviewDocument[]>()).map(toReview),

    ofProduct: async (product: string, part: Part): Promise<ReviewRecord[]> =>
      (await newest({ product }, part)).map(toReview),

    /** What a person said of products. */
    by: async (author: string, ids: readonly string[]): Promise<ReviewRecord[]> =>
      (await reviews.find({ _id: { $in: ids.map((id) => reviewId(id, author)) } }).lean<ReviewDocument[]>()).map(
        toReview,
      ),

    insertIfNew: ({ product, author, ...rest }: Omit<ReviewRecord, 'id'>): Promise<boolean> =>
      insertNew(reviews, { _id: reviewId(product, author), product, author, ...rest }),

    /** Writes the one review of a person of a product, in place of an earlier one. */
    write: async ({ product, author, rating, text, createdAt }: Omit<ReviewRecord, 'id'>): Promise<ReviewRecord> => {
      const _id = reviewId(product, author)
      // First, so that whoever is killed in between leaves word that there is something to compute.
      await products.updateOne({ _id: product }, { $inc: { reviewVersion: 1 }, $set: { isRatingDue: true } })
      const change = { $set: { rating, text }, $setOnInsert: { product, author, createdAt } }
      const written = await reviews
        .findOneAndUpdate({ _id }, change, { upsert: true, returnDocument: 'after' })
        .lean<ReviewDocument>()
      if (!written) throw new Error(`The review ${_id} was not written.`)
      await products.updateOne({ _id: product }, { $inc: { reviewVersion: 1 }, $set: { isRatingDue: true } })
      return toReview(written)
    },

    /** Computes what a product shows of its reviews, until none has changed meanwhile. */
    computeRating: async (product: string): Promise<void> => {
      for (;;) {
        const current = await products.findOne({ _id: product }, { reviewVersion: 1 }).lean<{ reviewVersion: number }>()
        if (!current) return
        const { reviewVersion } = current
        const [sums] = await reviews.aggregate<{ stars: number; count: number }>([
          { $match: { product } },
          { $group: { _id: null, stars: { $sum: '$rating' }, count: { $sum: 1 } } },
        ])
        const { stars, count } = sums ?? { stars: 0, count: 0 }
        const rating = count === 0 ? 0 : Math.round((stars * 10) / count)
        const { matchedCount } = await products.updateOne(
          { _id: product, reviewVersion },
          { $set: { rating, reviewCount: count }, $unset: { isRatingDue: 1 } },
        )
        if (matchedCount === 1) return
      }
    },

    /** Products whose reviews changed, and that do not show it yet. */
    withDueRating: async (limit: number): Promise<string[]> =>
      (await products.find({ isRatingDue: true }, { _id: 1 }).limit(limit).lean<{ _id: string }[]>()).map(
        ({ _id }) => _id,
      ),
  }
}
