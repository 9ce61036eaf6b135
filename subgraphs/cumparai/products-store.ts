import type { QueryFilter } from 'mongoose'
import { insertNew, insertOnce, partsOf } from '../_kit/index.ts'
import type { CurrencyCode, Part, Repetition } from '../_kit/index.ts'
import { partOf } from './listing.ts'
import type { Order, ProductFilter, ProductPosition, Ranked } from './listing.ts'
import type { Models, ProductDocument } from './models.ts'

/** A product as its readers get it. */
export type ProductRecord = Pick<
  ProductDocument,
  'seller' | 'title' | 'description' | 'price' | 'currency' | 'stock' | 'status' | 'category' | 'createdAt'
> & {
  id: string
  tags: readonly string[]
  imageUrls: readonly string[]
  /** The mean of all stars in tenths; 0 without reviews. */
  rating: number
  reviewCount: number
}

/** What a seller says of a product. */
export type ProductDetails = Pick<
  ProductDocument,
  'title' | 'description' | 'price' | 'currency' | 'status' | 'category'
> & { tags: readonly string[]; imageUrls: readonly string[]; words: readonly string[]; titleWords: readonly string[] }

/** The prices of a list in one currency, in minor units. */
export type PriceFacetRecord = { currency: CurrencyCode; count: number; least: number; most: number }

/** How many products of a list fall into each group. */
export type ProductFacetsRecord = {
  categories: { value: string; count: number }[]
  tags: { value: string; count: number }[]
  prices: PriceFacetRecord[]
  ratings: { value: string; count: number }[]
  inStock: number
}

type Count = { _id: string | number; count: number }
type Counted = {
  categories: Count[]
  tags: Count[]
  prices: { _id: CurrencyCode; count: number; least: number; most: number }[]
  ratings: Count[]
  inStock: { count: number }[]
}

const mostGroups = 20

export const toProduct = (document: ProductDocument): ProductRecord => {
  const { _id, seller, title, description, price, currency, stock, status, category, createdAt } = document
  const { tags, imageUrls, rating, reviewCount } = document
  const shown = { seller, title, description, price, currency, stock, status, category, createdAt }
  return { id: _id, ...shown, tags, imageUrls, rating, reviewCount }
}

const largest = (field: string) => [
  { $group: { _id: field, count: { $sum: 1 } } },
  { $sort: { count: -1 as const, _id: 1 as const } },
  { $limit: mostGroups },
]

const facetStages = {
  categories: largest('$category'),
  tags: [{ $unwind: '$tags' }, ...largest('$tags')],
  prices: [
    { $group: { _id: '$currency', count: { $sum: 1 }, least: { $min: '$price' }, most: { $max: '$price' } } },
    { $sort: { count: -1 as const, _id: 1 as const } },
  ],
  ratings: [
    { $match: { rating: { $gt: 0 } } },
    { $group: { _id: { $floor: { $divide: ['$rating', 10] } }, count: { $sum: 1 } } },
    { $sort: { _id: -1 as const } },
  ],
  inStock: [{ $match: { stock: { $gt: 0 } } }, { $count: 'count' }],
}

const named = (counts: readonly Count[]): { value: string; count: number }[] =>
  counts.map(({ _id, count }) => ({ value: String(_id), count }))

/** All reads and writes of products, but for their stock and reviews. */
export const productsStore = ({ products }: Pick<Models, 'products'>) => {
  const newest = partsOf(products, 'createdAt', 'newest')
  return {
    /** Writes a product once for each key of its seller. */
    insert: async (document: ProductDocument, repetition: Repetition): Promise<ProductRecord> =>
      toProduct((await insertOnce(products, 'seller', document, repetition)).row),

    insertIfNew: (document: ProductDocument): Promise<boolean> => insertNew(products, document),

    byIds: async (ids: readonly string[]): Promise<ProductRecord[]> =>
      (await products.find({ _id: { $in: [...ids] } }).lean<ProductDocument[]>()).map(toProduct),

    /** Changes what a seller says of an own product; null when there is none. */
    update: async (id: string, seller: string, change: Partial<ProductDetails>): Promise<ProductRecord | null> => {
      const { tags, imageUrls, words, titleWords, ...rest } = change
      const lists = { tags, imageUrls, words, titleWords }
      const given = Object.fromEntries(
        Object.entries(lists).flatMap(([name, list]) => (list ? [[name, [...list]]] : [])),
      )
      const changed = await products
        .findOneAndUpdate({ _id: id, seller }, { $set: { ...rest, ...given } }, { returnDocument: 'after' })
        .lean<ProductDocument>()
      return changed && toProduct(changed)
    },

    /** A part of the products that fit a filter, in an order. */
    list: (filter: ProductFilter, order: Order, limit: number, after: ProductPosition | undefined): Promise<Ranked[]> =>
      products.aggregate<Ranked>([{ $match: filter }, ...partOf(order, limit, after)]),

    /** A part of what a person sells, newest first. */
    bySeller: async (seller: string, withWithdrawn: boolean, part: Part): Promise<ProductRecord[]> => {
      const filter: QueryFilter<ProductDocument> = { seller, ...(!withWithdrawn && { status: 'LISTED' }) }
      return (await newest(filter, part)).map(toProduct)
    },

    count: (filter: ProductFilter): Promise<number> => products.countDocuments(filter).exec(),

    facets: async (filter: ProductFilter): Promise<ProductFacetsRecord> => {
      const [counted] = await products.aggregate<Counted>([{ $match: filter }, { $facet: facetStages }])
      const { categories = [], tags = [], prices = [], ratings = [], inStock = [] } = counted ?? {}
      return {
        categories: named(categories),
        tags: named(tags),
        prices: prices.map(({ _id, ...price }) => ({ currency: _id, ...price })),
        ratings: named(ratings),
        inStock: inStock[0]?.count ?? 0,
      }
    },
  }
}
