import { expect, test } from 'vitest'
import { crossRates, worthIn, worthInEuro } from './rates.ts'
import type { Rates } from './rates.ts'

const january = new Date('2026-01-01T00:00:00.000Z')
const march = new Date('2026-03-01T00:00:00.000Z')
const rates: Rates = new Map([
  ['EUR', { currency: 'EUR', rate: '1', asOf: march }],
  ['USD', { currency: 'USD', rate: '0.8', asOf: march }],
  ['BTC', { currency: 'BTC', rate: '60000.5', asOf: january }],
])

test('rates against another base go through EUR', () => {
  expect(crossRates(rates, 'USD').map(({ currency, rate }) => [currency, rate])).toEqual([
    ['EUR', '1.25'],
    ['USD', '1'],
    ['BTC', '75000.625'],
  ])
})

test('a rate that has no end is rounded to the 18 decimals that the graph can show', () => {
  const thirds: Rates = new Map([
    ['EUR', { currency: 'EUR', rate: '1', asOf: march }],
    ['CHF', { currency: 'CHF', rate: '3', asOf: march }],
  ])
  expect(crossRates(thirds, 'CHF')[0]?.rate).toBe('0.333333333333333333')
})

test('a cross rate is as old as the older of its two', () => {
  expect(crossRates(rates, 'USD').map(({ asOf }) => asOf)).toEqual([march, march, january])
  expect(crossRates(rates, 'BTC').map(({ asOf }) => asOf)).toEqual([january, january, january])
})

test('amounts are added up exactly and rounded once', () => {
  const third = [
    ['BTC', 1n],
    ['EUR', 1n],
    ['EUR', 2n],
  ] as const
  expect(worthInEuro(rates, third).toFixed()).toBe('0.030600005')
  expect(worthIn(rates, third, 'EUR')).toEqual({ amount: '0.03', currency: 'EUR' })
  // Half a cent goes to the even neighbour, in both directions.
  expect(worthIn(rates, [['USD', 1_250_625n]], 'EUR')).toEqual({ amount: '10005.00', currency: 'EUR' })
  const fine: Rates = new Map([
    ['EUR', { currency: 'EUR', rate: '1', asOf: march }],
    ['CDX', { currency: 'CDX', rate: '0.005', asOf: march }],
  ])
  expect(worthIn(fine, [['CDX', 100_000_000n]], 'EUR').amount).toBe('0.00')
  expect(worthIn(fine, [['CDX', 300_000_000n]], 'EUR').amount).toBe('0.02')
})

test('an amount beyond what a float can hold keeps its last digit', () => {
  expect(worthIn(rates, [['BTC', 9_007_199_254_740_993n]], 'BTC').amount).toBe('90071992.54740993')
})

test('a currency without a rate is said to have none', () => {
  expect(() => worthIn(rates, [['ETH', 1n]], 'EUR')).toThrow('no rate for ETH')
})
