import { badInput, toPositiveMinor } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'

/** An amount above zero in minor units of `currency`. BAD_USER_INPUT for one of another currency. */
export const amountIn = (currency: CurrencyCode, amount: Money): bigint => {
  if (amount.currency !== currency) {
    throw badInput(`The account is in ${currency}, and the amount in ${amount.currency}.`, { field: 'amount' })
  }
  return toPositiveMinor(amount)
}
