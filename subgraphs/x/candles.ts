import type { Candle, CandleInterval } from '../.generated/x.ts'
import { badInput, codedError } from '../_kit/index.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { CandleRow } from './market-store.ts'
import type { Store } from './store.ts'

const MINUTE_MS = 60_000

/** The length of each interval. All begin at multiples of it since 1970, so that days begin at midnight in UTC. */
const lengths: Readonly<Record<CandleInterval, number>> = {
  ONE_MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  ONE_HOUR: 60 * MINUTE_MS,
  FOUR_HOURS: 240 * MINUTE_MS,
  ONE_DAY: 1_440 * MINUTE_MS,
}

const MOST_CANDLES = 1_000
const USUAL_CANDLES = 200

/** Intervals one after the other: the first begins at `first`, the next one after the last would begin at `end`. */
export type Span = { first: number; end: number; length: number }

/**
 * The intervals that begin from `from` on and before `to`. A missing `to` is now; a missing `from` gives the last 200.
 * @throws BAD_USER_INPUT when `from` is not before `to`, LIMIT_EXCEEDED for more than 1,000 intervals
 */
export const spanOf = (
  interval: CandleInterval,
  from: Date | null | undefined,
  to: Date | null | undefined,
  now: Date,
): Span => {
  const length = lengths[interval]
  const upwards = (instant: number): number => Math.ceil(instant / length) * length
  // What begins later than now has not happened yet.
  const end = upwards(Math.min(to?.getTime() ?? Number.POSITIVE_INFINITY, now.getTime() + 1))
  if (from != null && to != null && from >= to) throw badInput('`from` has to be before `to`.', { field: 'from' })
  const first = from == null ? end - USUAL_CANDLES * length : upwards(from.getTime())
  if (end - first > MOST_CANDLES * length) {
    throw codedError(
      'LIMIT_EXCEEDED',
      `A span has at most ${MOST_CANDLES} intervals: ask for less time, or for longer intervals.`,
      { field: 'from' },
    )
  }
  return { first, end, length }
}

/**
 * Every interval of a span, those without a trade at the close before them and without volume. Before the first price
 * there is nothing to repeat, so the list begins with it.
 */
export const fillGaps = (rows: readonly CandleRow[], span: Span, priceBefore: bigint | undefined): CandleRow[] => {
  const traded = new Map(rows.map((row) => [row.start.getTime(), row]))
  const filled: CandleRow[] = []
  let close = priceBefore
  for (let start = span.first; start < span.end; start += span.length) {
    const row = traded.get(start)
    if (row !== undefined) filled.push(row)
    else if (close !== undefined) {
      filled.push({ start: new Date(start), open: close, high: close, low: close, close, volume: 0n })
    }
    close = row?.close ?? close
  }
  return filled
}

/** The candles of an instrument in a span, oldest first. */
export const candlesOf = async (store: Store, instrument: InstrumentRecord, span: Span): Promise<Candle[]> => {
  const { symbol, units } = instrument
  if (span.first >= span.end) return []
  const first = new Date(span.first)
  const [rows, priceBefore] = await Promise.all([
    store.candles(symbol, span.length / 1_000, first, new Date(span.end)),
    store.priceBefore(symbol, first),
  ])
  return fillGaps(rows, span, priceBefore).map(({ start, open, high, low, close, volume }) => ({
    start,
    open: units.price(open),
    high: units.price(high),
    low: units.price(low),
    close: units.price(close),
    volume: units.quantity(volume),
  }))
}
