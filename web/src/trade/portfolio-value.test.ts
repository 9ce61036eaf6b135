import { describe, expect, it } from 'vitest'
import { portfolioValue, positionValue, pricesInEur } from './portfolio-value.ts'

const prices = pricesInEur([
  { base: 'BTC', quote: 'EUR', ticker: { last: '60000.55' } },
  { base: 'ETH', quote: 'BTC', ticker: { last: '0.05' } },
  { base: 'CDX', quote: 'EUR', ticker: { last: null } },
])

describe('the value of a portfolio', () => {
  it('moves with the last price, to the cent and never rounded up', () => {
    expect(positionValue({ currency: 'BTC', quantity: '0.12345678', value: { amount: '1' } }, prices)).toBe('7407.47')
  })

  it('keeps the word of the service where no price in EUR is known', () => {
    expect(positionValue({ currency: 'ETH', quantity: '2', value: { amount: '6000.00' } }, prices)).toBe('6000.00')
    expect(positionValue({ currency: 'CDX', quantity: '2', value: null }, prices)).toBeUndefined()
  })

  it('sums all that has a value', () => {
    const positions = [
      { currency: 'EUR', quantity: '100.10', value: { amount: '100.10' } },
      { currency: 'BTC', quantity: '1', value: null },
      { currency: 'CDX', quantity: '5', value: null },
    ]
    expect(portfolioValue(positions, prices)).toBe('60100.65')
    expect(portfolioValue([], prices)).toBe('0')
  })
})
