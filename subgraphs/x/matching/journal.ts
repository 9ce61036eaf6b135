import { z } from 'zod'
import type { BookContents } from './book.ts'
import type { BookEvent } from './events.ts'

/** Integers travel as digits: JSON has no type that holds them all exactly. */
const integer = z.codec(z.string().regex(/^\d+$/), z.bigint(), {
  decode: (digits) => BigInt(digits),
  encode: (value) => value.toString(),
})

const side = z.enum(['BUY', 'SELL'])
const party = z.strictObject({ orderId: z.string(), ownerId: z.string(), remaining: integer })

const order = z.strictObject({
  id: z.string(),
  ownerId: z.string(),
  side,
  type: z.enum(['LIMIT', 'MARKET', 'STOP']),
  timeInForce: z.enum(['GTC', 'IOC', 'FOK']),
  quantity: integer,
  price: integer.exactOptional(),
  stopPrice: integer.exactOptional(),
  budget: integer.exactOptional(),
  remaining: integer,
  sequence: z.int(),
})

const reason = z.enum([
  'REQUESTED',
  'IOC_REMAINDER',
  'FOK_NOT_FILLABLE',
  'MARKET_REMAINDER',
  'SELF_TRADE_PREVENTION',
  'FUNDS',
])

const bookEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('accepted'), order }),
  z.strictObject({ type: z.literal('rested'), orderId: z.string(), price: integer, quantity: integer }),
  z.strictObject({
    type: z.literal('traded'),
    tradeNumber: z.int(),
    price: integer,
    quantity: integer,
    takerSide: side,
    maker: party,
    taker: party,
  }),
  z.strictObject({ type: z.literal('stopTriggered'), orderId: z.string(), sequence: z.int(), lastPrice: integer }),
  z.strictObject({ type: z.literal('cancelled'), orderId: z.string(), reason, quantity: integer }),
  z.strictObject({
    type: z.literal('levelsChanged'),
    sequence: z.int(),
    changes: z.array(z.strictObject({ side, price: integer, quantity: integer })).readonly(),
  }),
])

/** An event as it is kept: plain JSON, with prices and quantities as strings of digits. */
export type StoredEvent = z.input<typeof bookEvent>

/** An event as plain JSON, for the log. */
export const storeEvent = (event: BookEvent): StoredEvent => bookEvent.encode(event)

/**
 * An event read back from the log.
 * @throws ZodError when the stored value is no event: the log was damaged.
 */
export const readEvent = (stored: unknown): BookEvent => bookEvent.parse(stored)

const contents = z.strictObject({
  sequence: z.int(),
  orderSequence: z.int(),
  tradeNumber: z.int(),
  lastPrice: integer.optional(),
  bids: z.array(order).readonly(),
  asks: z.array(order).readonly(),
  waitingStops: z.array(order).readonly(),
})

/** What a book holds between two commands, as it is kept: plain JSON. */
export type StoredContents = z.input<typeof contents>

/** The contents of a book as plain JSON. Take them between commands, with no triggered stop left over. */
export const storeContents = (book: BookContents): StoredContents => {
  const { matching: _none, triggeredStops: _also, ...kept } = book
  return contents.encode(kept)
}

/**
 * Contents read back.
 * @throws ZodError when the stored value was damaged.
 */
export const readContents = (stored: unknown): BookContents => {
  const { lastPrice, ...kept } = contents.parse(stored)
  return { ...kept, lastPrice, triggeredStops: [], matching: undefined }
}
