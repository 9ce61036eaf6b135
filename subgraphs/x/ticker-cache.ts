import type { Ticker } from '../.generated/x.ts'
import type { Exchange } from './exchange.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Store } from './store.ts'
import { dailyStatistics, startOfDay, tickerOf } from './ticker.ts'
import { takeTurns } from './turns.ts'

/** A ticker, and until when it is true: its book's last command, and the minute in which its day begins. */
type Known = { readonly number: bigint; readonly since: number; readonly ticker: Promise<Ticker> }

/** The tickers of instruments, in their order. */
export type Tickers = (instruments: readonly InstrumentRecord[]) => Promise<Ticker[]>

/**
 * Tickers that are made once for each change. Whatever changes one, in this process or in another, is a command in its
 * book's log: only the number of the last one is read every time, for everybody who asks at once.
 */
export const createTickers = (options: { store: Store; exchange: Exchange; now: () => Date }): Tickers => {
  const { store, exchange, now } = options
  const known = new Map<string, Known>()
  const lastNumbers = takeTurns(store.lastNumbers)

  const make = (
    instruments: readonly InstrumentRecord[],
    numbers: ReadonlyMap<string, bigint>,
    since: number,
  ): void => {
    const symbols = instruments.map(({ symbol }) => symbol)
    const statistics = dailyStatistics(store, symbols, new Date(since))
    for (const instrument of instruments) {
      const { symbol } = instrument
      const ticker = statistics.then((found) => tickerOf(exchange, instrument, found.get(symbol)))
      const entry = { number: numbers.get(symbol) ?? 0n, since, ticker }
      known.set(symbol, entry)
      ticker.catch(() => {
        if (known.get(symbol) === entry) known.delete(symbol)
      })
    }
  }

  return async (instruments) => {
    const numbers = await lastNumbers(instruments.map(({ symbol }) => symbol))
    const since = startOfDay(now())
    const isTrue = ({ symbol }: InstrumentRecord): boolean => {
      const entry = known.get(symbol)
      return entry !== undefined && entry.since === since && entry.number >= (numbers.get(symbol) ?? 0n)
    }
    const changed = instruments.filter((instrument) => !isTrue(instrument))
    if (changed.length > 0) make(changed, numbers, since)
    return Promise.all(
      instruments.map(async ({ symbol }) => {
        const ticker = await known.get(symbol)?.ticker
        if (ticker === undefined) throw new Error(`The ticker of ${symbol} was just made.`)
        return ticker
      }),
    )
  }
}
