import type { Instrument } from '../.generated/prisma/client.ts'
import { badInput, isCurrency, toMinor } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'
import type { Side } from './matching/order.ts'
import { createUnits } from './units.ts'
import type { Units } from './units.ts'

/** What decides how an instrument trades. */
export type InstrumentTerms = {
  symbol: string
  base: CurrencyCode
  quote: CurrencyCode
  tickSize: string
  lotSize: string
}

/** An instrument with the conversions between its decimals and the integers of its book. */
export type InstrumentRecord = InstrumentTerms & Pick<Instrument, 'status' | 'createdAt'> & { units: Units }

const currencyOf = (code: string): CurrencyCode => {
  if (!isCurrency(code)) throw new Error(`An instrument trades ${code}, which is no currency here.`)
  return code
}

/** An instrument as it is kept, made ready for use. */
export const instrumentFrom = (row: Instrument): InstrumentRecord => {
  const tickSize = row.tickSize.toFixed()
  const lotSize = row.lotSize.toFixed()
  return {
    symbol: row.symbol,
    base: currencyOf(row.base),
    quote: currencyOf(row.quote),
    tickSize,
    lotSize,
    status: row.status,
    createdAt: row.createdAt,
    units: createUnits({ symbol: row.symbol, tickSize, lotSize }),
  }
}

/**
 * Refuses an instrument whose trades the ledger could not book exactly: a lot has to be whole minor units of the base,
 * and a tick times a lot whole minor units of the quote. So no amount of money is ever rounded, here or there.
 * @throws BAD_USER_INPUT
 */
export const requireWholeAmounts = ({ symbol, base, quote, tickSize, lotSize }: InstrumentTerms): void => {
  const units = createUnits({ symbol, tickSize, lotSize })
  toMinor({ amount: units.quantity(1n), currency: base }, 'lotSize')
  toMinor({ amount: units.amount(1n), currency: quote }, 'tickSize')
  if (base === quote) throw badInput(`${symbol} would trade ${base} for itself.`, { field: 'quote' })
}

/** What one side pays for a trade or an order: a quantity of the base when it sells, a value in the quote when it buys. */
export const payment = ({ base, quote, units }: InstrumentRecord, side: Side, amount: bigint): Money =>
  side === 'BUY'
    ? { amount: units.amount(amount), currency: quote }
    : { amount: units.quantity(amount), currency: base }
