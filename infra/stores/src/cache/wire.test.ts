import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode } from './wire.ts'

const anyPayload = fc.anything({
  withBigInt: true,
  withDate: true,
  withNullPrototype: false,
  withObjectString: false,
  values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.bigInt(), fc.date({ noInvalidDate: true })],
  key: fc.oneof(fc.string(), fc.constantFrom('$date', '$bigint', '$escaped', '__proto__')),
})

test('whatever is written is read back with the same types', () => {
  fc.assert(
    fc.property(anyPayload, (payload) => {
      fc.pre(JSON.stringify(payload, (_, value: unknown) => (typeof value === 'bigint' ? '0' : value)) !== undefined)
      expect(decode(encode(payload))).toEqual(payload)
    }),
  )
})

test('a value that only looks like a tag stays an object', () => {
  const payload = { filter: { $date: 'not a date' }, other: { $bigint: 7 }, twice: { $escaped: { $escaped: 1 } } }
  expect(decode(encode(payload))).toEqual(payload)
})

test('properties that are undefined are left out, as in JSON', () => {
  expect(decode(encode({ kept: 1, dropped: undefined }))).toStrictEqual({ kept: 1 })
})

test('a value without a text form is refused', () => {
  expect(() => encode(undefined)).toThrow(TypeError)
  expect(() => encode(new Date(Number.NaN))).toThrow(RangeError)
})
