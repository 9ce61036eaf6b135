import type { CandleInterval } from '../.generated/market.ts'
import { decimal, toDrawing } from '../shared/decimal.ts'

/** A candle as it is drawn. Drawing is the one place where prices become floats. */
export type DrawnCandle = {
  /** When it begins, in seconds since 1970. */
  readonly time: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** The lengths of candles, in seconds. */
export const intervalSeconds: Readonly<Record<CandleInterval, number>> = {
  ONE_MINUTE: 60,
  FIVE_MINUTES: 300,
  FIFTEEN_MINUTES: 900,
  ONE_HOUR: 3_600,
  FOUR_HOURS: 14_400,
  ONE_DAY: 86_400,
}

type CandleText = {
  readonly start: string
  readonly open: string
  readonly high: string
  readonly low: string
  readonly close: string
  readonly volume: string
}

const number = (text: string): number => toDrawing(decimal(text))

/** A candle of the graph as it is drawn. */
export const drawCandle = (candle: CandleText): DrawnCandle => ({
  time: Date.parse(candle.start) / 1000,
  open: number(candle.open),
  high: number(candle.high),
  low: number(candle.low),
  close: number(candle.close),
  volume: number(candle.volume),
})

/** The last candle after one more trade: the same one, grown, or the next one, begun. An older trade changes nothing. */
export const addTrade = (
  last: DrawnCandle | undefined,
  trade: { readonly price: string; readonly quantity: string; readonly at: string },
  interval: CandleInterval,
): DrawnCandle | undefined => {
  const length = intervalSeconds[interval]
  const time = Math.floor(Date.parse(trade.at) / 1000 / length) * length
  const price = number(trade.price)
  const volume = number(trade.quantity)
  if (last !== undefined && time < last.time) return last
  if (last === undefined || time > last.time) {
    const open = last?.close ?? price
    return { time, open, high: Math.max(open, price), low: Math.min(open, price), close: price, volume }
  }
  return {
    ...last,
    high: Math.max(last.high, price),
    low: Math.min(last.low, price),
    close: price,
    volume: last.volume + volume,
  }
}
