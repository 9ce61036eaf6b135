import type { OrderSide, OrderType, TimeInForce } from '../.generated/orders.ts'
import {
  compare,
  decimal,
  divide,
  floorTo,
  isMultipleOf,
  isPositive,
  multiply,
  readTyped,
  toText,
  zero,
} from '../shared/decimal.ts'
import type { Decimal } from '../shared/decimal.ts'
import { estimateMarket } from './book.ts'
import type { Book } from './book.ts'

/** What stands in the order ticket, as it was typed. */
export type TicketValues = {
  readonly side: OrderSide
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly price: string
  readonly stopPrice: string
  readonly quantity: string
}

/** What the ticket has to know of the market and of the person. */
export type TicketWorld = {
  readonly base: string
  readonly quote: string
  readonly tickSize: string
  readonly lotSize: string
  readonly last: string | null
  readonly book: Book | undefined
  /** What can be spent; null when nobody is signed in. */
  readonly available: { readonly base: string; readonly quote: string } | null
}

type FieldName = 'price' | 'stopPrice' | 'quantity'

/** What is to be sent, and what is wrong with it. */
export type CheckedTicket = {
  readonly errors: Readonly<Partial<Record<FieldName, string>>>
  /** What it costs or brings, in the quote; for a market order an estimate. Undefined when it cannot be known. */
  readonly total: string | undefined
  /** The order as the graph takes it; undefined while something is wrong or missing. */
  readonly order:
    | {
        readonly price: string | null
        readonly stopPrice: string | null
        readonly quantity: string
        readonly timeInForce: TimeInForce
      }
    | undefined
}

const typed = (text: string): Decimal | undefined => (text.trim() === '' ? undefined : readTyped(text))

const checkNumber = (text: string, step: string, unit: string, what: string): string | undefined => {
  if (text.trim() === '') return undefined
  const value = readTyped(text)
  if (value === undefined) return 'Write a plain number, without thousands separators.'
  if (!isPositive(value)) return `The ${what} has to be above zero.`
  if (!isMultipleOf(value, decimal(step))) return `The ${what} goes in steps of ${toText(decimal(step))} ${unit}.`
  return undefined
}

const present = (errors: Partial<Record<FieldName, string | undefined>>): Partial<Record<FieldName, string>> =>
  Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== undefined))

/** The price at which an order would be reckoned: its own, or for a market order the best of the other side. */
export const reckonedPrice = (values: TicketValues, world: TicketWorld): Decimal | undefined => {
  const own = values.type === 'MARKET' ? undefined : typed(values.price)
  if (own !== undefined) return own
  if (values.type === 'LIMIT') return undefined
  if (values.type === 'STOP') return typed(values.stopPrice)
  const best = values.side === 'BUY' ? world.book?.asks[0] : world.book?.bids[0]
  return best?.price ?? (world.last === null ? undefined : decimal(world.last))
}

const reckonTotal = (values: TicketValues, world: TicketWorld, quantity: Decimal): Decimal | undefined => {
  if (values.type === 'MARKET' && world.book !== undefined) {
    const { filled, total } = estimateMarket(world.book, values.side, quantity)
    return isPositive(filled) ? total : undefined
  }
  const price = reckonedPrice(values, world)
  return price === undefined ? undefined : multiply(price, quantity)
}

const checkFunds = (
  values: TicketValues,
  world: TicketWorld,
  quantity: Decimal,
  total: Decimal | undefined,
): string | undefined => {
  if (world.available === null) return undefined
  if (values.side === 'SELL') {
    return compare(quantity, decimal(world.available.base)) > 0 ? `You do not have that much ${world.base}.` : undefined
  }
  if (total === undefined) return undefined
  return compare(total, decimal(world.available.quote)) > 0
    ? `You do not have enough ${world.quote} for this.`
    : undefined
}

/** Looks at a ticket as the exchange will, before it is sent. */
export const checkTicket = (values: TicketValues, world: TicketWorld): CheckedTicket => {
  const { type } = values
  const quantity = typed(values.quantity)
  const usesPrice = type !== 'MARKET'
  const form = {
    price: usesPrice ? checkNumber(values.price, world.tickSize, world.quote, 'price') : undefined,
    stopPrice: type === 'STOP' ? checkNumber(values.stopPrice, world.tickSize, world.quote, 'stop price') : undefined,
    quantity: checkNumber(values.quantity, world.lotSize, world.base, 'quantity'),
  }
  const total = quantity === undefined ? undefined : reckonTotal(values, world, quantity)
  const funds = quantity === undefined ? undefined : checkFunds(values, world, quantity, total)
  const errors = present({ ...form, quantity: form.quantity ?? funds })
  const price = usesPrice ? typed(values.price) : undefined
  const stopPrice = type === 'STOP' ? typed(values.stopPrice) : undefined
  const complete =
    quantity !== undefined &&
    (type !== 'LIMIT' || price !== undefined) &&
    (type !== 'STOP' || stopPrice !== undefined) &&
    Object.keys(errors).length === 0
  return {
    errors,
    total: total === undefined ? undefined : toText(total),
    order: complete
      ? {
          price: price === undefined ? null : toText(price),
          stopPrice: stopPrice === undefined ? null : toText(stopPrice),
          quantity: toText(quantity),
          timeInForce: type === 'MARKET' ? 'IOC' : values.timeInForce,
        }
      : undefined,
  }
}

/** The quantity that takes so many percent of what can be spent, in whole lots; undefined while no price is known. */
export const quantityFor = (percent: number, values: TicketValues, world: TicketWorld): string | undefined => {
  if (world.available === null) return undefined
  const share = { units: BigInt(percent), scale: 2 }
  const lot = decimal(world.lotSize)
  if (values.side === 'SELL') return toText(floorTo(multiply(decimal(world.available.base), share), lot))
  const price = reckonedPrice(values, world)
  if (price === undefined || price.units === 0n) return undefined
  const spendable = multiply(decimal(world.available.quote), share)
  let quantity = floorTo(divide(spendable, price, 12), lot)
  // A market order eats into the book: what it costs is more than its first price says.
  const total = values.type === 'MARKET' ? reckonTotal(values, world, quantity) : undefined
  if (total !== undefined && compare(total, spendable) > 0) {
    quantity = floorTo(divide(multiply(quantity, spendable), total, 12), lot)
  }
  return toText(compare(quantity, zero) < 0 ? zero : quantity)
}
