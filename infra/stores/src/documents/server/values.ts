import { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import { compareNumbers, isNumeric, numberKey } from './numbers.ts'

export type Document = Record<string, unknown>

/** Whether a value is a sub-document: an object that is not one of BSON's own types. */
export const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Date) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof RegExp) &&
  !('_bsontype' in value)

/** The field of a document, never what an object inherits. */
export const fieldOf = (document: Document, name: string): unknown =>
  Object.hasOwn(document, name) ? document[name] : undefined

/** Sets a field, also one called `__proto__`. */
export const setField = (document: Document, name: string, value: unknown): void => {
  if (name !== '__proto__') document[name] = value
  else Object.defineProperty(document, name, { value, writable: true, enumerable: true, configurable: true })
}

/** The order in which MongoDB sorts values of different types. */
export const typeOrder = (value: unknown): number => {
  if (value === undefined || value === null) return 1
  if (isNumeric(value)) return 2
  if (typeof value === 'string' || value instanceof BSONSymbol) return 3
  if (Array.isArray(value)) return 5
  if (typeof value === 'boolean') return 8
  if (value instanceof Date) return 9
  if (value instanceof Uint8Array || value instanceof Binary) return 6
  if (value instanceof ObjectId) return 7
  if (value instanceof Timestamp) return 10
  if (value instanceof BSONRegExp || value instanceof RegExp) return 11
  if (value instanceof Code) return 12
  if (value instanceof MinKey) return 0
  if (value instanceof MaxKey) return 127
  return 4
}

/** The names and numbers that `$type` knows, with the test of each. */
const TYPES: Readonly<Record<string, { number: number; is: (value: unknown) => boolean }>> = {
  double: { number: 1, is: (value) => typeof value === 'number' && !isInt32(value) },
  string: { number: 2, is: (value) => typeof value === 'string' },
  object: { number: 3, is: isDocument },
  array: { number: 4, is: Array.isArray },
  binData: { number: 5, is: (value) => typeOrder(value) === 6 },
  objectId: { number: 7, is: (value) => value instanceof ObjectId },
  bool: { number: 8, is: (value) => typeof value === 'boolean' },
  date: { number: 9, is: (value) => value instanceof Date },
  null: { number: 10, is: (value) => value === null },
  regex: { number: 11, is: (value) => typeOrder(value) === 11 },
  javascript: { number: 13, is: (value) => value instanceof Code },
  int: { number: 16, is: (value) => typeof value === 'number' && isInt32(value) },
  timestamp: { number: 17, is: (value) => value instanceof Timestamp },
  long: { number: 18, is: (value) => typeof value === 'bigint' },
  decimal: { number: 19, is: (value) => value instanceof Decimal128 },
  minKey: { number: -1, is: (value) => value instanceof MinKey },
  maxKey: { number: 127, is: (value) => value instanceof MaxKey },
  number: { number: Number.NaN, is: isNumeric },
}

const isInt32 = (value: number): boolean => (value | 0) === value && !Object.is(value, -0)

/** The test for a type by its name or number; undefined when there is no such type. */
export const typeTest = (type: unknown): ((value: unknown) => boolean) | undefined => {
  if (typeof type === 'string') return Object.hasOwn(TYPES, type) ? TYPES[type]?.is : undefined
  return Object.values(TYPES).find(({ number }) => number === type)?.is
}

/** The name of a value's type, as `$type` gives it. */
export const typeName = (value: unknown): string =>
  value === undefined ? 'missing' : (Object.keys(TYPES).find((name) => TYPES[name]?.is(value)) ?? 'object')

const order = <T extends string | number | bigint>(left: T, right: T): number => {
  if (left < right) return -1
  return left > right ? 1 : 0
}

const bytesOf = (value: unknown): Uint8Array => {
  if (value instanceof Binary) return value.buffer.subarray(0, value.position)
  return value instanceof Uint8Array ? value : new Uint8Array()
}

const subTypeOf = (value: unknown): number => (value instanceof Binary ? value.sub_type : 0)

const compareBinaries = (left: unknown, right: unknown): number => {
  const [first, second] = [bytesOf(left), bytesOf(right)]
  return order(first.length, second.length) || order(subTypeOf(left), subTypeOf(right)) || Buffer.compare(first, second)
}

const compareArrays = (left: readonly unknown[], right: readonly unknown[]): number => {
  const shorter = Math.min(left.length, right.length)
  for (let index = 0; index < shorter; index += 1) {
    const difference = compareValues(left[index], right[index])
    if (difference !== 0) return difference
  }
  return order(left.length, right.length)
}

const compareDocuments = (left: Document, right: Document): number => {
  const [first, second] = [Object.entries(left), Object.entries(right)]
  for (const [index, [name, value]] of first.entries()) {
    const other = second[index]
    if (other === undefined) return 1
    const difference =
      order(typeOrder(value), typeOrder(other[1])) || order(name, other[0]) || compareValues(value, other[1])
    if (difference !== 0) return difference
  }
  return order(first.length, second.length)
}

const patternOf = (value: unknown): string => {
  if (value instanceof BSONRegExp) return `${value.pattern}\0${value.options}`
  return value instanceof RegExp ? `${value.source}\0${value.flags}` : ''
}

/** UTF-16 code units in the order of the code points they belong to: surrogates after all others. */
const codePointOrder = (unit: number): number => {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}

/** Strings compare as their UTF-8 bytes do, which is by code point. */
const compareStrings = (left: string, right: string): number => {
  const shorter = Math.min(left.length, right.length)
  for (let index = 0; index < shorter; index += 1) {
    const [first, second] = [left.charCodeAt(index), right.charCodeAt(index)]
    if (first !== second) return codePointOrder(first) - codePointOrder(second)
  }
  return left.length - right.length
}

/** Compares any two values in MongoDB's order; a missing value counts as null. */
export const compareValues = (left: unknown, right: unknown): number => {
  if (left === right) return 0
  const type = typeOrder(left)
  const byType = order(type, typeOrder(right))
  if (byType !== 0) return byType
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right)
  if (typeof left === 'string' && typeof right === 'string') return compareStrings(left, right)
  if (left instanceof ObjectId && right instanceof ObjectId) return Buffer.compare(left.id, right.id)
  if (left instanceof Date && right instanceof Date) return order(left.getTime(), right.getTime())
  if (Array.isArray(left) && Array.isArray(right)) return compareArrays(left, right)
  if (isDocument(left) && isDocument(right)) return compareDocuments(left, right)
  if (typeof left === 'boolean') return left ? 1 : -1
  if (left instanceof Timestamp && right instanceof Timestamp) return left.compare(right)
  if (type === 6) return compareBinaries(left, right)
  if (type === 11) return order(patternOf(left), patternOf(right))
  if (type === 0 || type === 1 || type === 127) return 0
  return order(valueKey(left), valueKey(right))
}

export const equalValues = (left: unknown, right: unknown): boolean => compareValues(left, right) === 0

/** Whether two values are the same in type as well: 5 and 5n are equal, but not the same. */
export const sameValues = (left: unknown, right: unknown): boolean => {
  if (typeof left !== typeof right || !equalValues(left, right)) return false
  if (Array.isArray(left) && Array.isArray(right)) return left.every((item, index) => sameValues(item, right[index]))
  if (isDocument(left) && isDocument(right)) {
    const others = Object.values(right)
    return Object.values(left).every((item, index) => sameValues(item, others[index]))
  }
  return !isNumeric(left) || String(left) === String(right)
}

/** A text that is equal exactly for values that compare as equal: how indexes and groups find each other. */
export const valueKey = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof ObjectId) return `i${value.toHexString()}`
  if (value === undefined || value === null) return 'null'
  if (isNumeric(value)) return `n${numberKey(value)}`
  if (typeof value === 'boolean') return String(value)
  if (value instanceof Date) return `d${value.getTime()}`
  if (Array.isArray(value)) return `[${value.map(valueKey).join(',')}]`
  if (isDocument(value)) {
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}:${valueKey(item)}`)
      .join(',')}}`
  }
  if (typeOrder(value) === 6) return `b${subTypeOf(value)}:${Buffer.from(bytesOf(value)).toString('base64')}`
  if (typeOrder(value) === 11) return `r${JSON.stringify(patternOf(value))}`
  if (value instanceof Timestamp) return `t${value.t}:${value.i}`
  if (value instanceof BSONSymbol) return JSON.stringify(value.value)
  return `x${typeOrder(value)}:${JSON.stringify(value)}`
}

/** A copy that can be changed without changing the original; BSON's own types are immutable and shared. */
export const copyValue = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(copyValue) as T
  if (!isDocument(value)) return value
  const copy: Document = {}
  for (const [name, item] of Object.entries(value)) setField(copy, name, copyValue(item))
  return copy as T
}

/** What counts as true in expressions: everything but false, null, missing and zero. */
export const isTrue = (value: unknown): boolean =>
  value !== false && value !== null && value !== undefined && value !== 0 && value !== 0n
