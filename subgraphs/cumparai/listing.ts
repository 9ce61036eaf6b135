import type { PipelineStage, QueryFilter } from 'mongoose'
import { z } from 'zod'
import { badInput, requireId, searchedWords, toMinor, withWords } from '../_kit/index.ts'
import type { ProductFiltersInput, ProductSort } from '../.generated/cumparai.ts'
import type { ProductDocument } from './models.ts'

/** Which products are listed. */
export type ProductFilter = QueryFilter<ProductDocument>

const mostValues = 20
const longestSearch = 200

const requireFew = (values: readonly string[] | null | undefined, field: string): readonly string[] => {
  if (values != null && values.length > mostValues) throw badInput(`Give at most ${mostValues}.`, { field })
  return values ?? []
}

const priceFilter = (price: NonNullable<ProductFiltersInput['price']>): ProductFilter => {
  const { currency } = price
  const minor = (amount: string): number => Number(toMinor({ amount, currency }, 'price'))
  const range = {
    ...(price.least != null && { $gte: minor(price.least) }),
    ...(price.most != null && { $lte: minor(price.most) }),
  }
  return { currency, ...(Object.keys(range).length > 0 && { price: range }) }
}

/** What fits a search and filters. BAD_USER_INPUT for what the schema does not allow. */
export const readFilter = (
  search: string | null | undefined,
  filters: ProductFiltersInput | null | undefined,
): { filter: ProductFilter; words: readonly string[] } => {
  if (search != null && search.length > longestSearch) {
    throw badInput(`A search has at most ${longestSearch} characters.`, { field: 'search' })
  }
  const words = searchedWords(search)
  const { categories, tags, price, rating, inStock, seller } = filters ?? {}
  if (rating != null && (rating < 1 || rating > 5)) throw badInput('Stars are 1 to 5.', { field: 'rating' })
  const wantedTags = requireFew(tags, 'tags').map((tag) => tag.trim().toLowerCase())
  const filter: ProductFilter = {
    status: 'LISTED',
    ...withWords('words', words),
    ...(categories != null && { category: { $in: [...requireFew(categories, 'categories')] } }),
    ...(wantedTags.length > 0 && { tags: { $all: wantedTags } }),
    ...(price != null && priceFilter(price)),
    ...(rating != null && { rating: { $gte: rating * 10 } }),
    ...(inStock === true && { stock: { $gt: 0 } }),
    ...(seller != null && { seller: requireId('User', seller) }),
  }
  return { filter, words }
}

/** A value by which products are ordered, as a cursor carries it. */
type Key = string | number

/** Where a product stands in an order. */
export type ProductPosition = [sort: ProductSort, ...keys: Key[]]

/** A product with what the order added to it. */
export type Ranked = ProductDocument & { relevance?: number }

type Field = 'createdAt' | '_id' | 'relevance' | 'currency' | 'price' | 'rating' | 'reviewCount'

/** One order of products: what it computes, by what it sorts, and how its cursors look. */
export type Order = {
  compute: PipelineStage[]
  keys: readonly (readonly [field: Field, direction: 1 | -1])[]
  position: z.ZodType<ProductPosition>
  positionOf: (product: Ranked) => ProductPosition
}

const number = z.number().int().min(-9e15).max(9e15)
const id = z.string().max(200)

const shapes = {
  NEWEST: z.tuple([z.literal('NEWEST'), number, id]),
  RELEVANCE: z.tuple([z.literal('RELEVANCE'), number, id]),
  PRICE_ASCENDING: z.tuple([z.literal('PRICE_ASCENDING'), id, number, id]),
  PRICE_DESCENDING: z.tuple([z.literal('PRICE_DESCENDING'), id, number, id]),
  RATING: z.tuple([z.literal('RATING'), number, number, id]),
} satisfies Record<ProductSort, z.ZodType<ProductPosition>>

/** How many words of the title begin with one of the searched ones. Words in the title count more than all others. */
const titleHits = (words: readonly string[]) => ({
  $size: {
    $filter: {
      input: '$titleWords',
      as: 'word',
      cond: { $regexMatch: { input: '$$word', regex: `^(${words.join('|')})` } },
    },
  },
})

const newest = ['_id', -1] as const

const keysOf: Readonly<Record<ProductSort, Order['keys']>> = {
  NEWEST: [['createdAt', -1], newest],
  RELEVANCE: [['relevance', -1], newest],
  PRICE_ASCENDING: [
    ['currency', 1],
    ['price', 1],
    ['_id', 1],
  ],
  PRICE_DESCENDING: [['currency', 1], ['price', -1], newest],
  RATING: [['rating', -1], ['reviewCount', -1], newest],
}

const valueOf = (product: Ranked, field: Field): Key => {
  const value = product[field] ?? 0
  return value instanceof Date ? value.getTime() : value
}

/** The order of a sort. */
export const orderOf = (sort: ProductSort, words: readonly string[]): Order => {
  const keys = keysOf[sort]
  return {
    compute: sort === 'RELEVANCE' ? [{ $addFields: { relevance: titleHits(words) } }] : [],
    keys,
    position: shapes[sort],
    positionOf: (product) => [sort, ...keys.map(([field]) => valueOf(product, field))],
  }
}

/** The sort that a caller gets: what was asked for, or what a search is for. */
export const sortOf = (sort: ProductSort | null | undefined, words: readonly string[]): ProductSort => {
  const wanted = sort ?? 'RELEVANCE'
  return wanted === 'RELEVANCE' && words.length === 0 ? 'NEWEST' : wanted
}

/** The stages that give a part of a list: at most `limit` products behind a position, in order. */
export const partOf = (
  { compute, keys }: Order,
  limit: number,
  after: ProductPosition | undefined,
): PipelineStage[] => {
  const values = after?.slice(1).map((value, index) => (keys[index]?.[0] === 'createdAt' ? new Date(value) : value))
  const behind = values && {
    $or: keys.map(([field, direction], index) => ({
      ...Object.fromEntries(keys.slice(0, index).map(([equal], place) => [equal, values[place]])),
      [field]: { [direction === 1 ? '$gt' : '$lt']: values[index] },
    })),
  }
  return [
    ...compute,
    ...(behind ? [{ $match: behind }] : []),
    { $sort: Object.fromEntries(keys) },
    { $limit: limit },
    { $project: { movements: 0, words: 0 } },
  ]
}
