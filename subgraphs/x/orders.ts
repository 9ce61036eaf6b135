import type { Order } from '../.generated/prisma/client.ts'
import type { PlaceOrderInput } from '../.generated/x.ts'
import { ExactDecimal, badInput } from '../_kit/index.ts'
import type { InstrumentRecord } from './instruments.ts'
import { admitPrices } from './matching/admission.ts'
import type { CancelReason } from './matching/events.ts'
import type { NewOrder } from './matching/order.ts'
import type { Units } from './units.ts'

/** An order as it is kept: prices in ticks, quantities in lots, values in ticks × lots. */
export type OrderRecord = Order

/** What an order asks for, in the integers of its instrument. */
export type OrderTerms = Pick<
  OrderRecord,
  'symbol' | 'side' | 'type' | 'timeInForce' | 'price' | 'stopPrice' | 'quantity'
>

/** The most ticks of a price and the most lots of a quantity: their product has to fit a 64-bit integer. */
const LARGEST = 1_000_000_000n

/** The states in which nothing more happens to an order. */
export const FINAL_STATUSES = ['FILLED', 'CANCELLED', 'REJECTED'] as const

/** Whether an order has come to its end. */
export const isFinal = ({ status }: Pick<OrderRecord, 'status'>): boolean =>
  FINAL_STATUSES.some((final) => final === status)

/** Why the book ended an order, in words for people. */
export const cancelReasons: Readonly<Record<CancelReason, string>> = {
  REQUESTED: 'Cancelled by its owner.',
  IOC_REMAINDER: 'Immediate or cancel: nothing more matched at once.',
  FOK_NOT_FILLABLE: 'Fill or kill: it could not be filled wholly at once.',
  MARKET_REMAINDER: 'A market order does not wait, and there was nothing more to match.',
  SELF_TRADE_PREVENTION: 'It met an order of the same owner, and nobody trades with themselves.',
  FUNDS: 'The funds that were held for it bought no more.',
}

/**
 * Reads an order's terms: which prices it needs, and that all are whole ticks and lots.
 * @throws BAD_USER_INPUT with the field at fault
 */
export const readTerms = (input: PlaceOrderInput, { symbol, units }: InstrumentRecord): OrderTerms => {
  const bounded = (count: bigint, field: string, write: (count: bigint) => string): bigint => {
    if (count <= LARGEST) return count
    throw badInput(`The largest ${field} of ${symbol} is ${write(LARGEST)}.`, { field })
  }
  const ticks = (price: string | null | undefined, field: string): bigint | null =>
    price == null ? null : bounded(units.ticks(price, field), field, units.price)
  const terms = {
    symbol,
    side: input.side,
    type: input.type,
    timeInForce: input.timeInForce ?? 'GTC',
    price: ticks(input.price, 'price'),
    stopPrice: ticks(input.stopPrice, 'stopPrice'),
    quantity: bounded(units.lots(input.quantity, 'quantity'), 'quantity', units.quantity),
  }
  admitPrices({ type: terms.type, ...presentPrices(terms) })
  return terms
}

const presentPrices = ({ price, stopPrice }: Pick<OrderTerms, 'price' | 'stopPrice'>) => ({
  ...(price !== null && { price }),
  ...(stopPrice !== null && { stopPrice }),
})

/** What makes two orders the same, as one text to compare. */
export const contentOf = ({ symbol, side, type, timeInForce, price, stopPrice, quantity }: OrderTerms): string =>
  [symbol, side, type, timeInForce, price ?? '', stopPrice ?? '', quantity].join(' ')

/** Whether an order buys at whatever price there is, so that only its funds bound what it pays. */
export const isUnpricedBuy = ({ side, price }: OrderTerms): boolean => side === 'BUY' && price === null

/** An order as the book takes it. */
export const forBook = (order: OrderRecord): NewOrder => {
  const { id, ownerId, side, type, timeInForce, quantity, reserved } = order
  return {
    id,
    ownerId,
    side,
    type,
    timeInForce,
    quantity,
    ...presentPrices(order),
    ...(isUnpricedBuy(order) && { budget: reserved }),
  }
}

/** The average price of what was traded, to 8 decimals; undefined before the first fill. */
export const averagePrice = (units: Units, notional: bigint, filled: bigint): string | undefined =>
  filled === 0n
    ? undefined
    : new ExactDecimal(units.amount(notional)).div(units.quantity(filled)).toDecimalPlaces(8).toFixed()
