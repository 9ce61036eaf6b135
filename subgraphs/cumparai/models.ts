import { Schema } from 'mongoose'
import type { Connection, Model } from 'mongoose'
import { onceByKey } from '../_kit/index.ts'
import type { CurrencyCode, Repeatable } from '../_kit/index.ts'

/**
 * What a purchase or a delivery did to the stock of its product. It stays until nobody can repeat the same any more, and
 * so makes every change of the stock happen once: it is written together with the change, in one document.
 */
export type Movement = { id: string; quantity: number; state: 'TAKEN' | 'RETURNED' }

/** Amounts are whole numbers of minor units of the currency, here and below. */
export type ProductDocument = Repeatable & {
  _id: string
  seller: string
  title: string
  description: string
  price: number
  currency: CurrencyCode
  stock: number
  movements: Movement[]
  status: 'LISTED' | 'WITHDRAWN'
  category: string
  tags: string[]
  imageUrls: string[]
  /** What a search finds it by. */
  words: string[]
  titleWords: string[]
  /** The mean of all stars in tenths; 0 without reviews. */
  rating: number
  reviewCount: number
  /** How often its reviews changed, and whether `rating` has to be computed anew. */
  reviewVersion: number
  isRatingDue?: boolean
  createdAt: Date
}

/** A delivery, which is added to the stock of its product once. */
export type DeliveryDocument = Repeatable & {
  _id: string
  seller: string
  product: string
  quantity: number
  createdAt: Date
  /** When somebody has to look after it again; absent when there is nothing left to do. */
  workAt?: Date
  isDone: boolean
}

/** The id names product and author, so that a person reviews a product once. */
export type ReviewDocument = {
  _id: string
  product: string
  author: string
  rating: number
  text: string | null
  createdAt: Date
}

export type CartLine = { product: string; quantity: number; changedAt: Date }

/** The id is that of the owner. */
export type CartDocument = { _id: string; lines: CartLine[]; version: number; updatedAt: Date }

export type PurchaseStatus =
  | 'PENDING'
  | 'RESERVED'
  | 'AUTHORIZED'
  | 'PAID'
  | 'CONFIRMED'
  | 'FAILING'
  | 'FAILED'
  | 'CANCELLING'
  | 'CANCELLED'

export type PurchaseLine = { product: string; title: string; quantity: number; price: number }

/** Why a purchase failed, or could not be cancelled: a code of the table of errors, and words for people. */
export type Failure = {
  code:
    | 'BAD_USER_INPUT'
    | 'CONFLICT'
    | 'FORBIDDEN'
    | 'INSUFFICIENT_FUNDS'
    | 'LIMIT_EXCEEDED'
    | 'NOT_FOUND'
    | 'PAYMENT_RULE_REFUSED'
    | 'TIMEOUT'
  message: string
}

export type PurchaseDocument = Repeatable & {
  _id: string
  buyer: string
  seller: string
  wallet: string
  lines: PurchaseLine[]
  currency: CurrencyCode
  total: number
  status: PurchaseStatus
  failure?: Failure
  payment?: string
  refund?: string
  createdAt: Date
  confirmedAt?: Date
  updatedAt: Date
  /** When somebody has to look after it again; absent when there is nothing left to do. */
  workAt?: Date
}

/** That the demo data was written: what people change of it must not come back. */
type SeedDocument = { _id: string; at: Date }

export type Models = {
  products: Model<ProductDocument>
  deliveries: Model<DeliveryDocument>
  reviews: Model<ReviewDocument>
  carts: Model<CartDocument>
  purchases: Model<PurchaseDocument>
  seeds: Model<SeedDocument>
}

const text = { type: String, required: true } as const
const whole = { type: Number, required: true, validate: Number.isSafeInteger } as const
const moment = { type: Date, required: true } as const
const options = { versionKey: false } as const
const part = { _id: false } as const
const repeatable = { idempotencyKey: String, contentHash: String } as const

const productSchema = (): Schema<ProductDocument> =>
  new Schema<ProductDocument>(
    {
      _id: text,
      seller: text,
      title: text,
      description: text,
      price: whole,
      currency: text,
      stock: whole,
      movements: [new Schema<Movement>({ id: text, quantity: whole, state: text }, part)],
      status: text,
      category: text,
      tags: [String],
      imageUrls: [String],
      words: [String],
      titleWords: [String],
      rating: whole,
      reviewCount: whole,
      reviewVersion: whole,
      isRatingDue: Boolean,
      createdAt: moment,
      ...repeatable,
    },
    options,
  )
    .index({ status: 1, createdAt: -1, _id: -1 })
    .index({ status: 1, currency: 1, price: 1, _id: 1 })
    .index({ status: 1, rating: -1, _id: -1 })
    .index({ status: 1, category: 1 })
    .index({ words: 1 })
    .index({ tags: 1 })
    .index({ seller: 1, createdAt: -1, _id: -1 })
    .index({ isRatingDue: 1 }, { sparse: true })
    .index(...onceByKey('seller'))

const deliverySchema = (): Schema<DeliveryDocument> =>
  new Schema<DeliveryDocument>(
    {
      _id: text,
      seller: text,
      product: text,
      quantity: whole,
      createdAt: moment,
      workAt: Date,
      isDone: { type: Boolean, required: true },
      ...repeatable,
    },
    options,
  )
    .index({ workAt: 1 }, { sparse: true })
    .index(...onceByKey('seller'))

const reviewSchema = (): Schema<ReviewDocument> =>
  new Schema<ReviewDocument>(
    { _id: text, product: text, author: text, rating: whole, text: String, createdAt: moment },
    options,
  ).index({ product: 1, createdAt: -1, _id: -1 })

const cartSchema = (): Schema<CartDocument> =>
  new Schema<CartDocument>(
    {
      _id: text,
      lines: [new Schema<CartLine>({ product: text, quantity: whole, changedAt: moment }, part)],
      version: whole,
      updatedAt: moment,
    },
    options,
  )

const purchaseSchema = (): Schema<PurchaseDocument> =>
  new Schema<PurchaseDocument>(
    {
      _id: text,
      buyer: text,
      seller: text,
      wallet: text,
      lines: [new Schema<PurchaseLine>({ product: text, title: text, quantity: whole, price: whole }, part)],
      currency: text,
      total: whole,
      status: text,
      failure: { type: new Schema<Failure>({ code: text, message: text }, part), default: undefined },
      payment: String,
      refund: String,
      createdAt: moment,
      confirmedAt: Date,
      updatedAt: moment,
      workAt: Date,
      ...repeatable,
    },
    options,
  )
    .index({ buyer: 1, createdAt: -1, _id: -1 })
    .index({ seller: 1, createdAt: -1, _id: -1 })
    .index({ buyer: 1, 'lines.product': 1 })
    .index({ payment: 1 }, { sparse: true })
    .index({ workAt: 1 }, { sparse: true })
    .index(...onceByKey('buyer'))

/** The service's collections, on a connection of its own. */
export const defineModels = (connection: Connection): Models => ({
  products: connection.model<ProductDocument>('Product', productSchema(), 'products'),
  deliveries: connection.model<DeliveryDocument>('Delivery', deliverySchema(), 'deliveries'),
  reviews: connection.model<ReviewDocument>('Review', reviewSchema(), 'reviews'),
  carts: connection.model<CartDocument>('Cart', cartSchema(), 'carts'),
  purchases: connection.model<PurchaseDocument>('Purchase', purchaseSchema(), 'purchases'),
  seeds: connection.model<SeedDocument>('Seed', new Schema<SeedDocument>({ _id: text, at: moment }, options), 'seeds'),
})
