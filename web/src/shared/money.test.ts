import { describe, expect, it } from 'vitest'
import {
  currencyDecimals,
  formatChange,
  formatHolding,
  formatMoney,
  formatPercent,
  formatPrice,
  formatQuantity,
} from './money.ts'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

describe('money on the page', () => {
  it('follows the locale', () => {
    expect(formatMoney({ amount: '1250.5', currency: 'EUR' }, 'en-GB')).toBe('€1,250.50')
    expect(plain(formatMoney({ amount: '1250.5', currency: 'EUR' }, 'ro'))).toBe('1.250,50 EUR')
  })

  it('shows every digit of an amount that no float could hold', () => {
    expect(formatMoney({ amount: '90071992547409931.07', currency: 'EUR' }, 'en-GB')).toBe('€90,071,992,547,409,931.07')
    expect(plain(formatMoney({ amount: '0.12345678', currency: 'BTC' }, 'en-GB'))).toBe('BTC 0.12345678')
  })

  it('knows digital assets and currencies without minor units', () => {
    expect(currencyDecimals('CDX')).toBe(8)
    expect(currencyDecimals('JPY')).toBe(0)
    expect(currencyDecimals('RON')).toBe(2)
  })

  it('speaks of digital assets by quantity and of money by its sign', () => {
    expect(formatHolding({ amount: '0.25', currency: 'BTC' }, 'en')).toBe('0.25 BTC')
    expect(formatHolding({ amount: '18777.9', currency: 'EUR' }, 'en')).toBe('€18,777.90')
  })

  it('shows the sign of a change', () => {
    expect(formatChange({ amount: '5', currency: 'EUR' }, 'en-GB')).toBe('+€5.00')
    expect(formatChange({ amount: '-5', currency: 'EUR' }, 'en-GB')).toBe('-€5.00')
    expect(formatPercent('1.25', 'en')).toBe('+1.25%')
    expect(formatPercent('-0.5', 'en')).toBe('-0.50%')
  })

  it('writes prices with the decimals of the tick and quantities with their own', () => {
    expect(formatPrice('61234.5', 2, 'en')).toBe('61,234.50')
    expect(formatQuantity('0.5000', 4, 'en')).toBe('0.5000')
    expect(formatQuantity('12', 0, 'en')).toBe('12')
  })
})
