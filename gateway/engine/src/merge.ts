import { isRecord } from './types.ts'
import type { Data } from './types.ts'

/**
 * Merges what a subgraph answered into the response. In: an object of the response, and the answer for it. Out: the
 * object, with the answer's values; objects and lists of equal length are merged, all else is replaced. Parts of the
 * answer may become parts of the response without being copied.
 */
export const merge = (target: Data, source: Data): void => {
  for (const key of Object.keys(source)) {
    const value = source[key]
    if (value === undefined) continue
    const present = target[key]
    // Only objects are merged, and the prototype has but one, under a name of its own.
    const isOwn = typeof present === 'object' && present !== null && (key !== '__proto__' || Object.hasOwn(target, key))
    if (!isOwn || !mergeInside(present, value)) setOwn(target, key, value)
  }
}

/** Merges into a value that is there; tells whether that was possible. */
const mergeInside = (present: object, value: unknown): boolean => {
  if (present === value) return true
  if (Array.isArray(present)) {
    if (!Array.isArray(value) || value.length !== present.length) return false
    for (const [index, item] of value.entries()) {
      const before: unknown = present[index]
      if (isRecord(before) && isRecord(item)) merge(before, item)
      else if (!Array.isArray(before) || !Array.isArray(item) || !mergeInside(before, item)) present[index] = item
    }
    return true
  }
  if (!isRecord(value)) return false
  merge(present as Data, value)
  return true
}

/** A copy that shares no objects or lists with its original. */
export const copy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copy)
  if (!isRecord(value)) return value
  const result: Data = {}
  for (const key of Object.keys(value)) setOwn(result, key, copy(value[key]))
  return result
}

/** Reads a key that a client may have chosen: `constructor` and its like are not in the data unless put there. */
export const getOwn = (data: Data, key: string): unknown => (Object.hasOwn(data, key) ? data[key] : undefined)

/** Writes a key that a client may have chosen. */
export const setOwn = (data: Data, key: string, value: unknown): void => {
  if (key === '__proto__') {
    Object.defineProperty(data, key, { value, writable: true, enumerable: true, configurable: true })
  } else data[key] = value
}
