import { describe, expect, it } from 'vitest'
import { addTrade, drawCandle } from './candles.ts'

const candle = drawCandle({
  start: '2026-01-31T12:00:00.000Z',
  open: '100',
  high: '110',
  low: '95',
  close: '105',
  volume: '3.5',
})

const trade = (at: string, price: string) => ({ at, price, quantity: '0.5' })

describe('the last candle', () => {
  it('grows with a trade of its own interval', () => {
    expect(addTrade(candle, trade('2026-01-31T12:00:59.999Z', '111'), 'ONE_MINUTE')).toEqual({
      ...candle,
      high: 111,
      close: 111,
      volume: 4,
    })
  })

  it('gives way to the next one, which opens where it closed', () => {
    expect(addTrade(candle, trade('2026-01-31T12:01:00.000Z', '104'), 'ONE_MINUTE')).toEqual({
      time: candle.time + 60,
      open: 105,
      high: 105,
      low: 104,
      close: 104,
      volume: 0.5,
    })
  })

  it('does not change by a trade that comes late', () => {
    expect(addTrade(candle, trade('2026-01-31T11:59:00.000Z', '1'), 'ONE_MINUTE')).toBe(candle)
  })

  it('begins with the first trade of all, at a whole interval', () => {
    expect(addTrade(undefined, trade('2026-01-31T13:47:00.000Z', '7'), 'ONE_HOUR')).toMatchObject({
      time: Date.parse('2026-01-31T13:00:00.000Z') / 1000,
      open: 7,
      close: 7,
    })
  })
})
