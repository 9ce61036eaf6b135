import { Decimal128, ObjectId } from 'bson'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addNumbers, compareNumbers, multiplyNumbers } from './numbers.ts'
import { readBson, writeBson } from './records.ts'
import { compareValues, copyValue, equalValues, sameValues, valueKey } from './values.ts'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: -20, max: 20 }))
  .map(([digits, exponent]) => Decimal128.fromString(`${digits}E${exponent}`))
const smallNumber = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.5, -0.5, 0.1, Number.NaN, Number.POSITIVE_INFINITY),
  fc.bigInt({ min: -3n, max: 3n }),
  fc.constantFrom('0.5', '0.1', '2', '-3.0', '2E+0', 'NaN').map((text) => Decimal128.fromString(text)),
)
const anyNumber = fc.oneof(smallNumber, fc.double(), int64, decimal)
const scalar = fc.oneof(
  anyNumber,
  fc.string({ maxLength: 3, unit: 'grapheme' }),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((bytes) => new ObjectId(bytes)),
)
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }).map((value) => ({ ...value })),
  ),
}))

test('values are in one total order', () => {
  fc.assert(
    fc.property(anyValue, anyValue, anyValue, (a, b, c) => {
      expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0)
      if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0)
    }),
  )
})

test('values have one key exactly when they are equal', () => {
  fc.assert(
    fc.property(anyValue, anyValue, (a, b) => {
      expect(valueKey(a) === valueKey(b)).toBe(equalValues(a, b))
      expect(equalValues(a, copyValue(a))).toBe(true)
    }),
  )
})

test('numbers of all kinds compare by their exact value', () => {
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      const expected = a < b ? -1 : Number(a > b)
      expect(compareNumbers(a, b)).toBe(expected)
      expect(compareNumbers(Decimal128.fromString(a.toString()), b)).toBe(expected)
    }),
  )
  expect(compareNumbers(9_007_199_254_740_992, 9_007_199_254_740_993n)).toBe(-1)
  expect(compareNumbers(0.1, Decimal128.fromString('0.1'))).toBe(1)
  expect(compareNumbers(Number.NaN, Number.NEGATIVE_INFINITY)).toBe(-1)
})

test('what is written is read back the same', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      expect(sameValues(readBson(writeBson({ value }))['value'], value)).toBe(true)
    }),
  )
})

test('int64 arithmetic is exact or refused', () => {
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      const sum = a + b
      if (sum >= -(2n ** 63n) && sum < 2n ** 63n) expect(addNumbers(a, b)).toBe(sum)
      else expect(() => addNumbers(a, b)).toThrow('does not fit')
    }),
  )
  expect(addNumbers(2_147_483_647, 1)).toBe(2_147_483_648n)
  expect(() => addNumbers(9_007_199_254_740_993n, 0.5)).toThrow('without losing digits')
  expect(() => multiplyNumbers(Decimal128.fromString('1'), 2)).toThrow('Decimal128')
})
