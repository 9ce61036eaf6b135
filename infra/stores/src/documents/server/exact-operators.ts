import { Decimal128, ObjectId } from 'bson'
import { refuse } from './errors.ts'
import { addNumbers, isDecimal, isNumeric, multiplyNumbers, subtractNumbers } from './numbers.ts'
import type { Numeric } from './numbers.ts'
import { compareValues, isDocument, isTrue, typeName, valueKey } from './values.ts'

/** An operator of an aggregation expression over its evaluated arguments. */
export type ExactOperator = (argument: unknown) => unknown

const list = (argument: unknown): readonly unknown[] => (Array.isArray(argument) ? argument : [argument])
const isNothing = (value: unknown): boolean => value === undefined || value === null

const pair = (name: string, argument: unknown): readonly [unknown, unknown] => {
  const [left, right, ...more] = list(argument)
  if (!Array.isArray(argument) || argument.length < 2 || more.length > 0) {
    throw refuse('BadValue', `Expression ${name} takes exactly 2 arguments`)
  }
  return [left, right]
}

const comparison =
  (name: string, accepts: (difference: number) => unknown): ExactOperator =>
  (argument) => {
    const [left, right] = pair(name, argument)
    // In expressions, unlike in queries, a missing value is less than null.
    const missing = Number(right === undefined) - Number(left === undefined)
    return accepts(compareValues(left, right) || missing)
  }

const numeric = (name: string, value: unknown): Numeric => {
  if (isNumeric(value)) return value
  throw refuse('TypeMismatch', `${name} only supports numeric types, not ${typeName(value)}`)
}

const addition: ExactOperator = (argument) => {
  const values = list(argument)
  if (values.some(isNothing)) return null
  const dates = values.filter((value) => value instanceof Date)
  if (dates.length > 1) throw refuse('BadValue', 'only one date allowed in an $add expression')
  const [date] = dates
  const sum = values
    .filter((value) => value !== date)
    .reduce<Numeric>((total, value) => addNumbers(total, numeric('$add', value)), 0)
  return date instanceof Date ? new Date(date.getTime() + Number(sum)) : sum
}

const subtraction: ExactOperator = (argument) => {
  const [left, right] = pair('$subtract', argument)
  if (isNothing(left) || isNothing(right)) return null
  if (!(left instanceof Date)) return subtractNumbers(numeric('$subtract', left), numeric('$subtract', right))
  if (right instanceof Date) return BigInt(left.getTime() - right.getTime())
  return new Date(left.getTime() - Number(numeric('$subtract', right)))
}

const multiplication: ExactOperator = (argument) => {
  const values = list(argument)
  if (values.some(isNothing)) return null
  return values.reduce<Numeric>((product, value) => multiplyNumbers(product, numeric('$multiply', value)), 1)
}

/** The sum of what is a number; everything else is left out, as MongoDB does. */
export const sumOf = (values: readonly unknown[]): Numeric =>
  values.filter(isNumeric).reduce<Numeric>((total, value) => addNumbers(total, value), 0)

/** The mean of what is a number, as a double; null when nothing is. */
export const meanOf = (values: readonly unknown[]): number | null => {
  const numbers = values.filter(isNumeric)
  return numbers.length === 0 ? null : Number(sumOf(numbers)) / numbers.length
}

/** The least (sign 1) or greatest (sign -1) value that is not null or missing; null when there is none. */
export const extremeOf = (values: readonly unknown[], sign: 1 | -1): unknown =>
  values.reduce<unknown>((best, value) => {
    if (isNothing(value)) return best
    return best === null || compareValues(value, best) * sign < 0 ? value : best
  }, null)

/** The values without those that equal an earlier one. */
export const distinctOf = (values: readonly unknown[]): unknown[] => {
  const distinct = new Map<string, unknown>()
  for (const value of values) {
    const key = valueKey(value)
    if (!distinct.has(key)) distinct.set(key, value)
  }
  return Array.from(distinct.values())
}

const elements = (argument: unknown): readonly unknown[] => {
  const [only] = list(argument)
  return list(argument).length === 1 && Array.isArray(only) ? only : list(argument)
}

const arrays = (name: string, argument: unknown): readonly (readonly unknown[])[] | undefined => {
  const given = list(argument)
  if (given.some(isNothing)) return undefined
  return given.map((item) => {
    if (Array.isArray(item)) return item
    throw refuse('BadValue', `All operands of ${name} must be arrays, but one is ${typeName(item)}`)
  })
}

const keysOf = (values: readonly unknown[]): Set<string> => new Set(values.map(valueKey))

const setOperator =
  (name: string, combine: (sets: readonly (readonly unknown[])[]) => unknown): ExactOperator =>
  (argument) => {
    const sets = arrays(name, argument)
    return sets === undefined ? null : combine(sets)
  }

const contains: ExactOperator = (argument) => {
  const [value, values] = pair('$in', argument)
  if (!Array.isArray(values)) throw refuse('BadValue', `$in requires an array as a second argument`)
  return keysOf(values).has(valueKey(value))
}

const single = (argument: unknown): unknown => {
  const values = list(argument)
  return Array.isArray(argument) && values.length === 1 ? values[0] : argument
}

const toText: ExactOperator = (argument) => {
  const value = single(argument)
  if (isNothing(value)) return null
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof ObjectId) return value.toHexString()
  if (isNumeric(value) || typeof value === 'boolean') return value.toString()
  throw refuse('BadValue', `Unsupported conversion from ${typeName(value)} to string in $toString`)
}

const toLong: ExactOperator = (argument) => {
  const value = single(argument)
  if (isNothing(value)) return null
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return BigInt(value)
  if (value instanceof Date) return BigInt(value.getTime())
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value))
  if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) return BigInt(value.replace('+', ''))
  throw refuse('BadValue', `Unsupported conversion from ${typeName(value)} to long in $toLong`)
}

const toObjectId: ExactOperator = (argument) => {
  const value = single(argument)
  if (isNothing(value) || value instanceof ObjectId) return value ?? null
  if (typeof value === 'string' && ObjectId.isValid(value)) return ObjectId.createFromHexString(value)
  throw refuse('BadValue', `Failed to parse an objectId in $toObjectId`)
}

/** Operators that must know every number type and MongoDB's order, which mingo's own do not. */
export const EXACT_OPERATORS: Readonly<Record<string, ExactOperator>> = {
  $cmp: comparison('$cmp', Math.sign),
  $eq: comparison('$eq', (difference) => difference === 0),
  $ne: comparison('$ne', (difference) => difference !== 0),
  $gt: comparison('$gt', (difference) => difference > 0),
  $gte: comparison('$gte', (difference) => difference >= 0),
  $lt: comparison('$lt', (difference) => difference < 0),
  $lte: comparison('$lte', (difference) => difference <= 0),
  $add: addition,
  $subtract: subtraction,
  $multiply: multiplication,
  $sum: (argument) => sumOf(elements(argument)),
  $avg: (argument) => meanOf(elements(argument)),
  $min: (argument) => extremeOf(elements(argument), 1),
  $max: (argument) => extremeOf(elements(argument), -1),
  $and: (argument) => list(argument).every(isTrue),
  $or: (argument) => list(argument).some(isTrue),
  $not: (argument) => !isTrue(single(argument)),
  $in: contains,
  $setUnion: setOperator('$setUnion', (sets) => distinctOf(sets.flat())),
  $setIntersection: setOperator('$setIntersection', ([first = [], ...others]) => {
    const keys = others.map(keysOf)
    return distinctOf(first.filter((value) => keys.every((set) => set.has(valueKey(value)))))
  }),
  $setDifference: setOperator('$setDifference', ([first = [], second = []]) => {
    const removed = keysOf(second)
    return distinctOf(first.filter((value) => !removed.has(valueKey(value))))
  }),
  $setIsSubset: setOperator('$setIsSubset', ([first = [], second = []]) => {
    const all = keysOf(second)
    return first.every((value) => all.has(valueKey(value)))
  }),
  $setEquals: setOperator('$setEquals', ([first = [], ...others]) => {
    const keys = keysOf(first)
    return others.every(
      (other) => keysOf(other).size === keys.size && other.every((value) => keys.has(valueKey(value))),
    )
  }),
  $type: (argument) => typeName(single(argument)),
  $isNumber: (argument) => isNumeric(single(argument)),
  $toString: toText,
  $toLong: toLong,
  $toObjectId: toObjectId,
  $toBool: (argument) => {
    const value = single(argument)
    return isNothing(value) ? null : isTrue(value)
  },
}

/** Whether a value is, or holds, a number that JavaScript's own arithmetic would round. */
export const holdsExactNumber = (value: unknown): boolean => {
  if (typeof value === 'bigint' || isDecimal(value)) return true
  if (Array.isArray(value)) return value.some(holdsExactNumber)
  return isDocument(value) && Object.values(value).some(holdsExactNumber)
}

/** Throws TypeMismatch when an operator that calculates with doubles is given int64 or Decimal128 values. */
export const requireDoubles = (operator: string, value: unknown): void => {
  if (!holdsExactNumber(value)) return
  throw refuse(
    'TypeMismatch',
    `${operator} on int64 or ${Decimal128.name} values would not be exact on this development server, so it is refused`,
  )
}
