import { badInput, notFound } from '@codai/runtime'

const lengthOf = (text: string): number => Array.from(text).length

// PostgreSQL cannot keep these: the character NUL, and halves of characters.
const unstorable = /[\0\p{Surrogate}]/u

const longestKey = 100

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

/** Text of up to `most` characters, or none; empty text is none. BAD_USER_INPUT for longer text. */
export const optionalText = (text: string | null | undefined, most: number, field: string): string | null => {
  const trimmed = text?.trim() ?? ''
  requireLength(trimmed, 0, most, field)
  return trimmed === '' ? null : trimmed
}

/** An idempotency key of 1 to 100 characters, exactly as it was sent. BAD_USER_INPUT for any other. */
export const requireKey = (key: string): string => {
  requireLength(key, 1, longestKey, 'idempotencyKey')
  return key
}

/** An id as it can be kept; NOT_FOUND for one that nothing can have. */
export const requireId = (typeName: string, id: string): string => {
  if (id === '' || lengthOf(id) > longestKey || unstorable.test(id)) throw notFound(typeName, id.slice(0, longestKey))
  return id
}
