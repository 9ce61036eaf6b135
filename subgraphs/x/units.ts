import { badInput } from '@codai/runtime'
import { Decimal } from 'decimal.js'

/** What a conversion needs of an instrument; both sizes are positive decimals such as '0.01'. */
export type InstrumentSizes = { readonly symbol: string; readonly tickSize: string; readonly lotSize: string }

/**
 * Converts an instrument's decimals to the integers of the matching engine and back, exactly.
 * Decimals are strings in plain notation; `field` names the input at fault in a refusal.
 */
export type Units = {
  /** @throws BAD_USER_INPUT when the price is not a positive multiple of the tick size. */
  readonly ticks: (price: string, field?: string) => bigint
  /** @throws BAD_USER_INPUT when the quantity is not a positive multiple of the lot size. */
  readonly lots: (quantity: string, field?: string) => bigint
  /** An amount of the quote currency in ticks × lots, rounded down: never more than was given. */
  readonly budget: (amount: string, field?: string) => bigint
  readonly price: (ticks: bigint) => string
  readonly quantity: (lots: bigint) => string
  /** The exact amount of the quote currency for ticks × lots. */
  readonly amount: (ticksTimesLots: bigint) => string
}

const PLAIN_DECIMAL = /^\d{1,20}(?:\.\d{1,18})?$/

/** Enough digits for price × quantity × tick size × lot size: nothing here is rounded but by choice. */
const Exact = Decimal.clone({ precision: 200, toExpNeg: -200, toExpPos: 200 })

const parse = (name: string, text: string, field: string): Decimal => {
  if (!PLAIN_DECIMAL.test(text)) {
    throw badInput(
      `${name} must be a plain positive decimal such as 12.5, with at most 20 digits before the point and 18 after it.`,
      {
        field,
      },
    )
  }
  const value = new Exact(text)
  if (value.isZero()) throw badInput(`${name} must be greater than zero.`, { field })
  return value
}

const multiplesOf = (size: Decimal, text: string, words: { name: string; sizeName: string; field: string }): bigint => {
  const value = parse(words.name, text, words.field)
  const count = value.divToInt(size)
  const below = count.mul(size)
  if (below.eq(value)) return BigInt(count.toFixed(0))
  const above = below.add(size).toFixed()
  const nearest = count.isZero() ? `the smallest is ${above}` : `the nearest are ${below.toFixed()} and ${above}`
  throw badInput(`${words.name} ${text} is not a multiple of ${words.sizeName} ${size.toFixed()}: ${nearest}.`, {
    field: words.field,
  })
}

/**
 * The conversions of one instrument.
 * @throws BAD_USER_INPUT when a size is no positive decimal.
 */
export const createUnits = ({ symbol, tickSize, lotSize }: InstrumentSizes): Units => {
  const tick = parse('The tick size', tickSize, 'tickSize')
  const lot = parse('The lot size', lotSize, 'lotSize')
  const unit = tick.mul(lot)
  const times = (count: bigint, size: Decimal): string => new Exact(count.toString()).mul(size).toFixed()

  return {
    ticks: (price, field = 'price') =>
      multiplesOf(tick, price, { name: 'The price', sizeName: `${symbol}'s tick size`, field }),
    lots: (quantity, field = 'quantity') =>
      multiplesOf(lot, quantity, { name: 'The quantity', sizeName: `${symbol}'s lot size`, field }),
    budget: (amount, field = 'budget') => BigInt(parse('The budget', amount, field).divToInt(unit).toFixed(0)),
    price: (ticks) => times(ticks, tick),
    quantity: (lots) => times(lots, lot),
    amount: (ticksTimesLots) => times(ticksTimesLots, unit),
  }
}
