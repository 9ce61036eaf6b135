import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createUnits } from './units.ts'

const bitcoin = createUnits({ symbol: 'BTC-EUR', tickSize: '0.01', lotSize: '0.00001' })
const smallest = createUnits({ symbol: 'WEI-EUR', tickSize: '0.000000000000000001', lotSize: '0.000000000000000001' })
const coarse = createUnits({ symbol: 'AU-RON', tickSize: '2.5', lotSize: '3' })

describe('units of an instrument', () => {
  it('turns prices and quantities into whole ticks and lots', () => {
    expect(bitcoin.ticks('64250.5')).toBe(6_425_050n)
    expect(bitcoin.lots('0.15')).toBe(15_000n)
    expect(coarse.ticks('7.50')).toBe(3n)
  })

  it('writes prices, quantities and amounts without exponents', () => {
    expect(bitcoin.price(6_425_050n)).toBe('64250.5')
    expect(bitcoin.quantity(1n)).toBe('0.00001')
    expect(smallest.amount(1n)).toBe('0.000000000000000000000000000000000001')
  })

  it('prices a trade exactly: ticks times lots is the amount', () => {
    expect(bitcoin.amount(bitcoin.ticks('64250.51') * bitcoin.lots('0.00003'))).toBe('1.9275153')
  })

  it('rounds a budget down, so that it never exceeds the funds', () => {
    expect(bitcoin.budget('0.00000019')).toBe(1n)
    expect(coarse.budget('100')).toBe(13n)
  })

  it('gives back every price and quantity it was given, however large or fine', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 38n - 1n }), (count) => {
        expect(smallest.ticks(smallest.price(count))).toBe(count)
        expect(smallest.lots(smallest.quantity(count))).toBe(count)
        expect(smallest.budget(smallest.price(count))).toBe(count * 10n ** 18n)
      }),
    )
  })

  it('refuses what is between two ticks or lots and names the nearest that are allowed', () => {
    expect(() => bitcoin.ticks('100.005')).toThrow(
      "The price 100.005 is not a multiple of BTC-EUR's tick size 0.01: the nearest are 100 and 100.01.",
    )
    expect(() => coarse.lots('2', 'stopQuantity')).toThrow(
      expect.objectContaining({
        message: "The quantity 2 is not a multiple of AU-RON's lot size 3: the smallest is 3.",
        extensions: { code: 'BAD_USER_INPUT', field: 'stopQuantity' },
      }),
    )
  })

  it.each(['', '-1', '+1', '1e9', '0x10', 'NaN', 'Infinity', '1.', '.5', ' 1', '1,5', '1'.repeat(21)])(
    'refuses %j as a price',
    (text) => {
      expect(() => bitcoin.ticks(text)).toThrow('must be a plain positive decimal')
    },
  )

  it('refuses zero, for a price as for a tick size', () => {
    expect(() => bitcoin.lots('0.000')).toThrow('The quantity must be greater than zero.')
    expect(() => createUnits({ symbol: 'BAD', tickSize: '0', lotSize: '1' })).toThrow(
      'The tick size must be greater than zero.',
    )
  })
})
