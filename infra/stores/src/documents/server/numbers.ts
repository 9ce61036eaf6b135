import { Decimal128 } from 'bson'
import { refuse } from './errors.ts'

/**
 * Numbers as documents hold them: int32 and double are a `number`, int64 is a `bigint`, decimals are `Decimal128`.
 * A `number` in the range of int32 counts as int32, because that is how it is written.
 */
export type Numeric = number | bigint | Decimal128

const LONGEST_INT32 = 2 ** 31
const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n

export const isDecimal = (value: unknown): value is Decimal128 => value instanceof Decimal128

export const isNumeric = (value: unknown): value is Numeric =>
  typeof value === 'number' || typeof value === 'bigint' || isDecimal(value)

const isInt32 = (value: number): boolean =>
  Number.isInteger(value) && value >= -LONGEST_INT32 && value < LONGEST_INT32 && !Object.is(value, -0)

/** An exact fraction, or NaN or an infinity as a `number`. */
type Exact = { numerator: bigint; denominator: bigint } | number

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/

const exactDecimal = (value: Decimal128): Exact => {
  const text = value.toString()
  const match = DECIMAL.exec(text)
  if (match === null) return Number(text)
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = match
  const digits = BigInt(`${sign}${whole}${fraction}`)
  const power = Number(exponent) - fraction.length
  if (power >= 0) return { numerator: digits * 10n ** BigInt(power), denominator: 1n }
  return { numerator: digits, denominator: 10n ** BigInt(-power) }
}

const exactDouble = (value: number): Exact => {
  if (!Number.isFinite(value)) return value
  let denominator = 1n
  let scaled = value
  // Doubling a double is exact, and after at most 1,074 doublings any of them is an integer.
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    denominator *= 2n
  }
  return { numerator: BigInt(scaled), denominator }
}

const exact = (value: Numeric): Exact => {
  if (typeof value === 'bigint') return { numerator: value, denominator: 1n }
  return typeof value === 'number' ? exactDouble(value) : exactDecimal(value)
}

const order = (left: number | bigint, right: number | bigint): number => {
  if (left < right) return -1
  return left > right ? 1 : 0
}

/** Compares by exact value across all kinds of number; NaN comes before every other and equals itself. */
export const compareNumbers = (left: Numeric, right: Numeric): number => {
  if (!isDecimal(left) && !isDecimal(right)) {
    const leftIsNaN = Number.isNaN(left)
    const rightIsNaN = Number.isNaN(right)
    if (leftIsNaN || rightIsNaN) return Number(rightIsNaN) - Number(leftIsNaN)
    return order(left, right)
  }
  const [first, second] = [exact(left), exact(right)]
  if (typeof first === 'number' || typeof second === 'number') return compareNonFinite(first, second)
  return order(first.numerator * second.denominator, second.numerator * first.denominator)
}

const compareNonFinite = (left: Exact, right: Exact): number =>
  compareNumbers(typeof left === 'number' ? left : 0, typeof right === 'number' ? right : 0)

/** A text that is equal for equal numbers, of whatever kind. */
export const numberKey = (value: Numeric): string => {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value + 0) : doubleKey(value)
  const fraction = exactDecimal(value)
  if (typeof fraction === 'number') return String(fraction)
  if (fraction.numerator % fraction.denominator === 0n) return (fraction.numerator / fraction.denominator).toString()
  const nearest = Number(value.toString())
  if (compareNumbers(nearest, value) === 0) return doubleKey(nearest)
  const divisor = greatestCommonDivisor(fraction.numerator, fraction.denominator)
  return `${fraction.numerator / divisor}/${fraction.denominator / divisor}`
}

const doubleKey = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : String(value))

const greatestCommonDivisor = (left: bigint, right: bigint): bigint => {
  let [a, b] = [left < 0n ? -left : left, right]
  while (b !== 0n) [a, b] = [b, a % b]
  return a
}

const toSafeDouble = (value: number | bigint, operation: string): number => {
  const double = Number(value)
  if (typeof value === 'bigint' && BigInt(double) !== value) {
    throw refuse('BadValue', `Cannot ${operation} the int64 ${value} and a double without losing digits`)
  }
  return double
}

/** Combines two numbers as MongoDB does: int32 grows into int64, int64 is exact or refused, doubles are doubles. */
const combine = (
  left: Numeric,
  right: Numeric,
  operation: 'add' | 'subtract' | 'multiply',
  ofIntegers: (left: bigint, right: bigint) => bigint,
  ofDoubles: (left: number, right: number) => number,
): number | bigint => {
  if (isDecimal(left) || isDecimal(right)) {
    throw refuse(
      'TypeMismatch',
      `Cannot ${operation} Decimal128 values on this development server: it would not be exact. Keep amounts as integer minor units.`,
    )
  }
  const bothIntegers = (typeof left === 'bigint' || isInt32(left)) && (typeof right === 'bigint' || isInt32(right))
  if (!bothIntegers) return ofDoubles(toSafeDouble(left, operation), toSafeDouble(right, operation))
  const result = ofIntegers(BigInt(left), BigInt(right))
  if (result < INT64_MIN || result > INT64_MAX) {
    throw refuse('BadValue', `Cannot ${operation} ${left} and ${right}: the result does not fit an int64`)
  }
  const isLong = typeof left === 'bigint' || typeof right === 'bigint' || !isInt32(Number(result))
  return isLong ? result : Number(result)
}

/** Throws BadValue when an int64 result overflows, TypeMismatch for decimals. */
export const addNumbers = (left: Numeric, right: Numeric): number | bigint =>
  combine(
    left,
    right,
    'add',
    (a, b) => a + b,
    (a, b) => a + b,
  )

/** Throws BadValue when an int64 result overflows, TypeMismatch for decimals. */
export const subtractNumbers = (left: Numeric, right: Numeric): number | bigint =>
  combine(
    left,
    right,
    'subtract',
    (a, b) => a - b,
    (a, b) => a - b,
  )

/** Throws BadValue when an int64 result overflows, TypeMismatch for decimals. */
export const multiplyNumbers = (left: Numeric, right: Numeric): number | bigint =>
  combine(
    left,
    right,
    'multiply',
    (a, b) => a * b,
    (a, b) => a * b,
  )
