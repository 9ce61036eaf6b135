import { every, not, someValue } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { refuse } from './errors.ts'
import { isNumeric } from './numbers.ts'
import { isPattern, toRegExp } from './patterns.ts'
import { compareValues, equalValues, isDocument, typeOrder, typeTest, valueKey } from './values.ts'
import type { Document } from './values.ts'

/** What an operator needs of the whole language: conditions and filters within it. */
export type Language = {
  condition(operand: unknown): Condition
  filter(operand: Document): (document: Document) => boolean
}

type Operator = (operand: unknown, language: Language, siblings: Document) => Condition

const isNothing = (value: unknown): boolean => value === undefined || value === null
const isNaNumber = (value: unknown): boolean => Number.isNaN(value)

export const equalTo = (operand: unknown): Condition => {
  if (isNothing(operand)) return someValue(isNothing)
  // Strings are by far the most frequent, and need no ordering.
  if (typeof operand === 'string') return someValue((value) => value === operand || equalValues(value, operand))
  return someValue((value) => equalValues(value, operand))
}

export const matching = (pattern: unknown, options?: unknown): Condition => {
  const expression = toRegExp(pattern, options)
  return someValue((value) =>
    typeof value === 'string' ? expression.test(value) : isPattern(value) && equalValues(value, pattern),
  )
}

/** Ranges compare values of one type only; null and NaN are in no order with others, only equal to themselves. */
const inRange =
  (accepts: (difference: number) => boolean): Operator =>
  (operand) => {
    const type = typeOrder(operand)
    const reflexive = accepts(0)
    if (isNothing(operand)) return someValue((value) => reflexive && isNothing(value))
    if (isNaNumber(operand)) return someValue((value) => reflexive && isNaNumber(value))
    return someValue(
      (value) => typeOrder(value) === type && !isNaNumber(value) && accepts(compareValues(value, operand)),
    )
  }

const arrayOperand = (name: string, operand: unknown): readonly unknown[] => {
  if (Array.isArray(operand)) return operand
  throw refuse('BadValue', `${name} needs an array`)
}

const within: Operator = (operand) => {
  const operands = arrayOperand('$in', operand)
  const patterns = operands.filter(isPattern).map((pattern) => toRegExp(pattern))
  const keys = new Set(operands.map(valueKey))
  return someValue(
    (value) =>
      keys.has(valueKey(value)) || (typeof value === 'string' && patterns.some((pattern) => pattern.test(value))),
  )
}

const hasAll: Operator = (operand, language) => {
  const operands = arrayOperand('$all', operand)
  if (operands.length === 0) return someValue(() => false)
  return every(
    operands.map((item) => {
      if (isDocument(item) && '$elemMatch' in item) return language.condition(item)
      return isPattern(item) ? matching(item) : equalTo(item)
    }),
  )
}

/** Whether a document is one of conditions (`{ $gt: 1 }`), and not a value to be equal to. */
export const isOperatorDocument = (value: unknown): value is Document => {
  if (!isDocument(value)) return false
  const [first] = Object.keys(value)
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db'
}

const LOGICAL = new Set(['$and', '$or', '$nor', '$expr'])

const elementMatch: Operator = (operand, language) => {
  if (!isDocument(operand)) throw refuse('BadValue', '$elemMatch needs an Object')
  const [first] = Object.keys(operand)
  const test =
    isOperatorDocument(operand) && !LOGICAL.has(first ?? '')
      ? language.condition(operand).on
      : documentTest(language.filter(operand))
  return someValue((value) => Array.isArray(value) && value.some(test), false)
}

const documentTest =
  (predicate: (document: Document) => boolean) =>
  (value: unknown): boolean =>
    isDocument(value) && predicate(value)

const ofSize: Operator = (operand) => {
  const size = Number(operand)
  if (!isNumeric(operand) || !Number.isInteger(size) || size < 0) {
    throw refuse('BadValue', 'Failed to parse $size. Expected a non-negative integer')
  }
  return someValue((value) => Array.isArray(value) && value.length === size, false)
}

const ofType: Operator = (operand) => {
  const tests = (Array.isArray(operand) ? operand : [operand]).map((type: unknown) => {
    const test = typeTest(typeof type === 'bigint' ? Number(type) : type)
    if (test === undefined) throw refuse('BadValue', `Unknown type name alias: ${String(type)}`)
    return test
  })
  return someValue((value) => tests.some((test) => test(value)))
}

const toInteger = (value: unknown): bigint | undefined => {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined
}

const modulo: Operator = (operand) => {
  const [divisor, remainder] = arrayOperand('$mod', operand).map(toInteger)
  if (divisor === undefined || remainder === undefined) {
    throw refuse('BadValue', 'malformed mod, needs a divisor and a remainder')
  }
  if (divisor === 0n) throw refuse('BadValue', 'divisor cannot be 0')
  return someValue((value) => {
    const integer = toInteger(value)
    return integer !== undefined && integer % divisor === remainder
  })
}

const negated: Operator = (operand, language) => {
  if (isPattern(operand)) return not(matching(operand))
  if (isOperatorDocument(operand)) return not(language.condition(operand))
  throw refuse('BadValue', '$not needs a regex or a document')
}

/** Every operator that may stand in a condition on a field. */
export const QUERY_OPERATORS: Readonly<Record<string, Operator>> = {
  $eq: (operand) => equalTo(operand),
  $ne: (operand) => {
    if (isPattern(operand)) throw refuse('BadValue', "Can't have regex as arg to $ne.")
    return not(equalTo(operand))
  },
  $gt: inRange((difference) => difference > 0),
  $gte: inRange((difference) => difference >= 0),
  $lt: inRange((difference) => difference < 0),
  $lte: inRange((difference) => difference <= 0),
  $in: within,
  $nin: (operand, language, siblings) => not(within(arrayOperand('$nin', operand), language, siblings)),
  $exists: (operand) => {
    const exists = someValue((value) => value !== undefined, false)
    return operand === false || operand === 0 || operand === 0n || isNothing(operand) ? not(exists) : exists
  },
  $type: ofType,
  $size: ofSize,
  $all: hasAll,
  $elemMatch: elementMatch,
  $mod: modulo,
  $not: negated,
  $regex: (operand, _language, siblings) => matching(operand, siblings['$options']),
  $options: (_operand, _language, siblings) => {
    if (!('$regex' in siblings)) throw refuse('BadValue', '$options needs a $regex')
    return someValue(() => true)
  },
}
