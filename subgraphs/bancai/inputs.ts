import { badInput, notFound, toPositiveMinor } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'

const lengthOf = (text: string): number => Array.from(text).length

// PostgreSQL cannot keep these: the character NUL, and halves of characters.
const unstorable = /[\0\p{Surrogate}]/u

const requireLength = (text: string, least: number, most: number, field: string): void => {
  const length = lengthOf(text)
  if (length < least || length > most || unstorable.test(text)) {
    throw badInput(`\`${field}\` has ${least === 0 ? 'up to' : `${least} to`} ${most} characters.`, { field })
  }
}

/** Text of 1 to `most` characters, without space around it. BAD_USER_INPUT for any other. */
export const requiredText = (text: string, most: number, field: string): string => {
  const trimmed = text.trim()
  requireLength(trimmed, 1, most, field)
  return trimmed
}

/** Text of up to `most` characters, or none; empty text is none. */
export const optionalText = (text: string | null | undefined, most: number, field: string): string | null => {
  const trimmed = text?.trim() ?? ''
  requireLength(trimmed, 0, most, field)
  return trimmed === '' ? null : trimmed
}

/** An idempotency key of 1 to 100 characters, exactly as it was sent. */
export const requireKey = (key: string): string => {
  requireLength(key, 1, 100, 'idempotencyKey')
  return key
}

/** An id as it can be kept; NOT_FOUND for one that nothing can have. */
export const requireId = (typeName: string, id: string): string => {
  if (id === '' || lengthOf(id) > 100 || unstorable.test(id)) throw notFound(typeName, id.slice(0, 100))
  return id
}

/** An amount above zero in minor units of `currency`. BAD_USER_INPUT for one of another currency. */
export const amountIn = (currency: CurrencyCode, amount: Money): bigint => {
  if (amount.currency !== currency) {
    throw badInput(`The account is in ${currency}, and the amount in ${amount.currency}.`, { field: 'amount' })
  }
  return toPositiveMinor(amount)
}
