import { Decimal } from 'decimal.js'
import { badInput } from '@codai/runtime'

/**
 * The currencies of the ecosystem with their number of decimals (ISO 4217 minor units; 8 for digital assets, as the
 * ledger counts them). A currency that is not here does not exist.
 */
export const currencyDecimals = {
  EUR: 2,
  USD: 2,
  GBP: 2,
  CHF: 2,
  RON: 2,
  JPY: 0,
  BTC: 8,
  ETH: 8,
  CDX: 8,
} as const satisfies Record<string, number>

/** A currency that exists here. */
export type CurrencyCode = keyof typeof currencyDecimals

/**
 * What one unit of each currency is worth in EUR: the ledger's rates as long as it has no others, and where the demo
 * markets begin.
 */
export const referenceRates: Readonly<Record<CurrencyCode, string>> = {
  EUR: '1',
  USD: '0.92',
  GBP: '1.17',
  CHF: '1.06',
  RON: '0.2',
  JPY: '0.0061',
  BTC: '60000',
  ETH: '3000',
  CDX: '1.25',
}

/** An amount as the graph shows it: an exact decimal string and its currency. */
export type Money = { amount: string; currency: CurrencyCode }

/** Whether a code names a currency that exists here. */
export const isCurrency = (code: string): code is CurrencyCode => Object.hasOwn(currencyDecimals, code)

/** The decimal number a string spells, to 60 digits: enough that no amount, price or product of both is ever rounded. */
export const ExactDecimal = Decimal.clone({ precision: 60, toExpNeg: -60, toExpPos: 60 })

// PostgreSQL's bigint. An amount beyond it could not be stored.
const largestMinor = 9_223_372_036_854_775_807n

/** Money as a whole number of minor units (cents, satoshi). BAD_USER_INPUT for more decimals than the currency has. */
export const toMinor = (money: Money, field = 'amount'): bigint => {
  const decimals = currencyDecimals[money.currency]
  const scaled = new ExactDecimal(money.amount).mul(new ExactDecimal(10).pow(decimals))
  if (!scaled.isInteger()) {
    throw badInput(`${money.currency} has ${decimals} decimals: ${money.amount} has more.`, { field })
  }
  const minor = BigInt(scaled.toFixed(0))
  if (minor > largestMinor || minor < -largestMinor)
    throw badInput(`${money.amount} is too large an amount.`, { field })
  return minor
}

/** As `toMinor`, for an amount that has to be above zero. */
export const toPositiveMinor = (money: Money, field = 'amount'): bigint => {
  const minor = toMinor(money, field)
  if (minor <= 0n) throw badInput('The amount has to be above zero.', { field })
  return minor
}

/** A whole number of minor units as money, with all decimals of the currency: `1250n` EUR is `12.50`. */
export const fromMinor = (minor: bigint, currency: CurrencyCode): Money => {
  const decimals = currencyDecimals[currency]
  return {
    amount: new ExactDecimal(minor.toString()).div(new ExactDecimal(10).pow(decimals)).toFixed(decimals),
    currency,
  }
}
