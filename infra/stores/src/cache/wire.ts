/**
 * The text form of cached values and published events: JSON in which dates and 64-bit integers keep their type.
 *
 * - `Date` is written `{"$date": "2026-01-31T00:00:00.000Z"}`, `bigint` is written `{"$bigint": "9007199254740993"}`.
 * - An object that happens to look like one of these is written `{"$escaped": {...}}`.
 * - Everything else follows JSON: properties that are `undefined` are left out, objects with `toJSON` become what it gives.
 */
const TAGS = new Set(['$date', '$bigint', '$escaped'])

const soleKey = (value: object): string | undefined => {
  const keys = Object.keys(value)
  return keys.length === 1 ? keys[0] : undefined
}

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  typeof (value as { toJSON?: unknown }).toJSON === 'function'

const mapValues = (value: object, map: (item: unknown) => unknown): object =>
  Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(item)]))

const toWire = (value: unknown): unknown => {
  if (typeof value === 'bigint') return { $bigint: value.toString() }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date) return { $date: value.toISOString() }
  if (Array.isArray(value)) return value.map(toWire)
  if (hasToJson(value)) return toWire(value.toJSON())
  const plain = mapValues(value, toWire)
  return TAGS.has(soleKey(value) ?? '') ? { $escaped: plain } : plain
}

const fromWire = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(fromWire)
  const tagged = value as { $date?: unknown; $bigint?: unknown; $escaped?: unknown }
  const key = soleKey(value)
  if (key === '$date') return new Date(String(tagged.$date))
  if (key === '$bigint') return BigInt(String(tagged.$bigint))
  if (key === '$escaped' && typeof tagged.$escaped === 'object' && tagged.$escaped !== null) {
    return mapValues(tagged.$escaped, fromWire)
  }
  return mapValues(value, fromWire)
}

/** Writes a value as text. Throws a TypeError for an invalid date or a value that JSON has no form for. */
export const encode = (value: unknown): string => {
  const text = JSON.stringify(toWire(value)) as string | undefined
  if (text === undefined) throw new TypeError(`A ${typeof value} can be neither cached nor published.`)
  return text
}

/** Reads what `encode` wrote. Throws a SyntaxError when the text is not JSON. */
export const decode = (text: string): unknown => fromWire(JSON.parse(text))
