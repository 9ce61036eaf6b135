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

/** When the last 24 hours begin, in milliseconds: with a minute, as the candles do. */
export const startOfDay = (now: Date): number => Math.floor((now.getTime() - DAY_MS) / MINUTE_MS) * MINUTE_MS

/** The statistics of instruments since an instant. */
export const dailyStatistics = async (
  store: Store,
  symbols: readonly string[],
  since: Date,
): Promise<ReadonlyMap<string, Statistics>> =>
  new Map((await store.statistics(symbols, since)).map((statistics) => [statistics.symbol, statistics]))

const NO_STATISTICS = { last: null, lastAt: null, open: null, high: null, low: null, volume: 0n }

/** An instrument's last 24 hours, with what its book offers now. */
export const tickerOf = async (
  exchange: Exchange,
  instrument: InstrumentRecord,
  known: Statistics | undefined,
): Promise<Ticker> => {
  const { symbol, units, createdAt } = instrument
  const statistics = known ?? NO_STATISTICS
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
