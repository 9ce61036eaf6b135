import { ExactDecimal, codedError, currencyDecimals, fromMinor } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'
import type { ExchangeRateRecord } from './records.ts'

/** What one unit of a currency is worth in EUR, and since when. */
export type Rate = { currency: CurrencyCode; rate: string; asOf: Date }

/** The rates of all currencies. */
export type Rates = ReadonlyMap<CurrencyCode, Rate>

// As many as a decimal of the graph may have.
const rateDecimals = 18

const rateOf = (rates: Rates, currency: CurrencyCode): Rate => {
  const rate = rates.get(currency)
  if (!rate) throw codedError('UNAVAILABLE', `There is no rate for ${currency} at present.`)
  return rate
}

const plain = (decimal: InstanceType<typeof ExactDecimal>): string =>
  decimal.toDecimalPlaces(rateDecimals, ExactDecimal.ROUND_HALF_EVEN).toFixed()

/**
 * What one unit of each currency is worth in `base`, through EUR, rounded half to even at 18 decimals.
 * A cross rate is as old as the older of its two.
 */
export const crossRates = (rates: Rates, base: CurrencyCode): ExchangeRateRecord[] => {
  const divisor = rateOf(rates, base)
  return [...rates.values()].map(({ currency, rate, asOf }) => ({
    currency,
    base,
    rate: plain(new ExactDecimal(rate).div(divisor.rate)),
    asOf: asOf < divisor.asOf ? asOf : divisor.asOf,
  }))
}

/** What amounts in minor units are worth together in EUR, exactly. */
export const worthInEuro = (
  rates: Rates,
  amounts: Iterable<readonly [CurrencyCode, bigint]>,
): InstanceType<typeof ExactDecimal> => {
  let worth = new ExactDecimal(0)
  for (const [currency, minor] of amounts) {
    worth = worth.add(new ExactDecimal(fromMinor(minor, currency).amount).mul(rateOf(rates, currency).rate))
  }
  return worth
}

/** What amounts in minor units are worth together in a currency: summed exactly, then rounded once, half to even. */
export const worthIn = (
  rates: Rates,
  amounts: Iterable<readonly [CurrencyCode, bigint]>,
  currency: CurrencyCode,
): Money => {
  const worth = worthInEuro(rates, amounts).div(rateOf(rates, currency).rate)
  return { amount: worth.toFixed(currencyDecimals[currency], ExactDecimal.ROUND_HALF_EVEN), currency }
}
