import { badInput, notFound } from '../_kit/index.ts'

const lengthOf = (text: string): number => Array.from(text).length

// PostgreSQL cannot keep these: the character NUL, and halves of characters.
const unstorable = /[\0\p{Surrogate}]/u

const requireLength = (text: string, least: number, most: number, field: string): void => {
  const length = lengthOf(text)
  if (length < least || length > most || unstorable.test(text)) {
    throw badInput(`\`${field}\` has ${least === 0 ? 'up to' : `${least} to`} ${most} characters.`, { field })
  }
}

/** A name of 1 to 60 characters, without space around it. */
export const requireName = (text: string): string => {
  const trimmed = text.trim()
  requireLength(trimmed, 1, 60, 'name')
  return trimmed
}

/** A memo of up to 200 characters, or none; empty text is none. */
export const optionalMemo = (text: string | null | undefined): string | null => {
  const trimmed = text?.trim() ?? ''
  requireLength(trimmed, 0, 200, 'memo')
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

/** The ids of `least` to `most` different things. */
export const requireIds = (
  typeName: string,
  ids: readonly string[],
  [least, most]: readonly [number, number],
  field: string,
): string[] => {
  const distinct = new Set(ids.map((id) => requireId(typeName, id)))
  if (ids.length < least || ids.length > most) throw badInput(`Give ${least} to ${most}.`, { field })
  if (distinct.size < ids.length) throw badInput('Give each of them once.', { field })
  return [...distinct]
}
