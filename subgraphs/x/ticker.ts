import type { Ticker } from '../.generated/x.ts'
import { ExactDecimal } from '../_kit/index.ts'
import type { Exchange } from './exchange.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Statistics } from './market-store.ts'
import type { Store } from './store.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** How far a price moved, in percent with two decimals; null where there was no price. */
export const changePercent = (open: bigint | null, last: bigint | null): string | null => {
  if (open === null || last === null) return null
  return new ExactDecimal((last - open).toString()).mul(100).div(open.toString()).toFixed(2)
}

const latest = (...instants: (Date | null | undefined)[]): number =>
  Math.max(0, ...instants.map((instant) => instant?.getTime() ?? 0))

/** The statistics of the last 24 hours: whole minutes, as the candles are. */
export const dailyStatistics = async (
  store: Store,
  symbols: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, Statistics>> => {
  const since = new Date(Math.floor((now.getTime() - DAY_MS) / MINUTE_MS) * MINUTE_MS)
  return new Map((await store.statistics(symbols, since)).map((statistics) => [statistics.symbol, statistics]))
}

/** An instrument's last 24 hours, with what its book offers now. */
export const tickerOf = async (
  exchange: Exchange,
  instrument: InstrumentRecord,
  statistics: Statistics,
): Promise<Ticker> => {
  const { symbol, units, createdAt } = instrument
  const price = (ticks: bigint | null | undefined): string | null => (ticks == null ? null : units.price(ticks))
  const { bid, ask, changedAt } = await exchange.read(symbol, (book, changedAt) => ({
    bid: book.head('BUY')?.price,
    ask: book.head('SELL')?.price,
    changedAt,
  }))
  return {
    last: price(statistics.last),
    bid: price(bid),
    ask: price(ask),
    open: price(statistics.open),
    high: price(statistics.high),
    low: price(statistics.low),
    volume: units.quantity(statistics.volume),
    changePercent: changePercent(statistics.open, statistics.last),
    at: new Date(latest(createdAt, changedAt, statistics.lastAt)),
  }
}
