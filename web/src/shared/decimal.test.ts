import { describe, expect, it } from 'vitest'
import {
  add,
  compare,
  decimal,
  decimalsOf,
  divide,
  floorTo,
  isMultipleOf,
  multiply,
  parseDecimal,
  readTyped,
  subtract,
  toText,
} from './decimal.ts'

const text = (value: ReturnType<typeof parseDecimal>): string | undefined => (value ? toText(value) : undefined)

describe('exact decimals', () => {
  it('keeps what a float would lose', () => {
    expect(toText(add(decimal('0.1'), decimal('0.2')))).toBe('0.3')
    expect(toText(multiply(decimal('90071992547409.93'), decimal('3.00000001')))).toBe('270215978542949.7154740993')
    expect(toText(subtract(decimal('1'), decimal('0.99999999')))).toBe('0.00000001')
  })

  it('orders numbers by their worth and not by their digits', () => {
    expect(compare(decimal('9.5'), decimal('10'))).toBe(-1)
    expect(compare(decimal('1.50'), decimal('1.5'))).toBe(0)
    expect(compare(decimal('-1'), decimal('-2'))).toBe(1)
  })

  it('knows whole ticks and lots', () => {
    expect(isMultipleOf(decimal('61234.50'), decimal('0.5'))).toBe(true)
    expect(isMultipleOf(decimal('61234.25'), decimal('0.5'))).toBe(false)
    expect(isMultipleOf(decimal('0.0003'), decimal('0.0001'))).toBe(true)
  })

  it('never gives more than there is when it rounds down to a lot', () => {
    expect(toText(floorTo(decimal('0.123456'), decimal('0.0001')))).toBe('0.1234')
    expect(toText(floorTo(decimal('0.00005'), decimal('0.0001')))).toBe('0')
  })

  it('divides to so many decimals and cuts the rest', () => {
    expect(toText(divide(decimal('1000'), decimal('61234.5'), 8))).toBe('0.01633066')
    expect(toText(divide(decimal('2.50'), decimal('0.5'), 0))).toBe('5')
    expect(() => divide(decimal('1'), decimal('0'), 2)).toThrow(RangeError)
  })

  it('writes negative and small numbers without an exponent', () => {
    expect(toText(decimal('-0.00000001'))).toBe('-0.00000001')
    expect(toText(decimal('1250.50'))).toBe('1250.5')
  })

  it('counts the decimals that matter', () => {
    expect(decimalsOf('0.0100')).toBe(2)
    expect(decimalsOf('1')).toBe(0)
  })

  it('reads no words, exponents or two points', () => {
    for (const bad of ['', '.', '1e5', 'abc', '1.2.3', '0x10', 'NaN']) expect(parseDecimal(bad)).toBeUndefined()
  })
})

describe('a typed number', () => {
  it('may have a point everywhere', () => {
    expect(text(readTyped('1250.5', 'en'))).toBe('1250.5')
    expect(text(readTyped('1250.5', 'ro'))).toBe('1250.5')
  })

  it('may have a comma where people write it so', () => {
    expect(text(readTyped('1250,5', 'ro'))).toBe('1250.5')
    expect(readTyped('1250,5', 'en')).toBeUndefined()
  })

  it('is refused with thousands separators, which could be misread', () => {
    expect(readTyped('1,250.50', 'en')).toBeUndefined()
    expect(readTyped('1.250,50', 'de')).toBeUndefined()
  })

  it('is refused below zero', () => {
    expect(readTyped('-5', 'en')).toBeUndefined()
  })
})
