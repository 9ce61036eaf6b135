import type { PrismaClient } from '../.generated/prisma/client.ts'
import { instrumentFrom } from './instruments.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Transaction } from './book-store.ts'

/** One interval of trading, in ticks and lots. */
export type CandleRow = { start: Date; open: bigint; high: bigint; low: bigint; close: bigint; volume: bigint }

/** What a ticker is made of, in ticks and lots; null where nothing was traded. */
export type Statistics = {
  symbol: string
  last: bigint | null
  lastAt: Date | null
  open: bigint | null
  high: bigint | null
  low: bigint | null
  volume: bigint
}

/** What x keeps of instruments and of the course of their prices. */
export const createMarketStore = (prisma: PrismaClient) => ({
  instruments: async (symbols: readonly string[]): Promise<InstrumentRecord[]> =>
    (await prisma.instrument.findMany({ where: { symbol: { in: [...symbols] } } })).map(instrumentFrom),

  instrument: async (symbol: string): Promise<InstrumentRecord | undefined> => {
    const row = await prisma.instrument.findUnique({ where: { symbol } })
    return row === null ? undefined : instrumentFrom(row)
  },

  /** All instruments, by symbol. */
  allInstruments: async (limit: number, after: string | undefined): Promise<InstrumentRecord[]> => {
    const rows = await prisma.instrument.findMany({
      where: after === undefined ? {} : { symbol: { gt: after } },
      orderBy: { symbol: 'asc' },
      take: limit,
    })
    return rows.map(instrumentFrom)
  },

  /** The intervals of `seconds` that begin in a span and saw a trade, oldest first. The span begins and ends with intervals. */
  candles: (symbol: string, seconds: number, from: Date, to: Date): Promise<CandleRow[]> =>
    prisma.$queryRaw<CandleRow[]>`
      SELECT date_bin(make_interval(secs => ${seconds}), start, 'epoch') AS start,
        (array_agg(open ORDER BY candles.start))[1] AS open, max(high) AS high, min(low) AS low,
        (array_agg(close ORDER BY candles.start DESC))[1] AS close, sum(volume)::bigint AS volume
      FROM x.candles WHERE symbol = ${symbol} AND start >= ${from} AND start < ${to}
      GROUP BY 1 ORDER BY 1`,

  /** Writes the minutes of an instrument's past, all in one statement. */
  insertCandles: async (transaction: Transaction, symbol: string, candles: readonly CandleRow[]): Promise<void> => {
    // JSON has no type that holds 64-bit integers, so they travel as text.
    const rows = JSON.stringify(candles, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
    await transaction.$executeRaw`
      INSERT INTO x.candles (symbol, start, open, high, low, close, volume)
      SELECT ${symbol}, start, open, high, low, close, volume FROM jsonb_to_recordset(${rows}::jsonb)
        AS row(start timestamptz, open bigint, high bigint, low bigint, close bigint, volume bigint)`
  },

  /** The last price before an instant. */
  priceBefore: async (symbol: string, instant: Date): Promise<bigint | undefined> => {
    const row = await prisma.candle.findFirst({
      where: { symbol, start: { lt: instant } },
      orderBy: { start: 'desc' },
      select: { close: true },
    })
    return row?.close
  },

  /** The number of the last command of each book that had one. */
  lastNumbers: async (symbols: readonly string[]): Promise<ReadonlyMap<string, bigint>> => {
    const rows = await prisma.$queryRaw<{ symbol: string; number: bigint }[]>`
      SELECT i.symbol, last.number FROM unnest(${[...symbols]}::text[]) AS i(symbol)
      JOIN LATERAL (SELECT number FROM x.book_commands WHERE symbol = i.symbol ORDER BY number DESC LIMIT 1) last ON true`
    return new Map(rows.map(({ symbol, number }) => [symbol, number]))
  },

  /** The statistics of instruments since an instant. */
  statistics: (symbols: readonly string[], since: Date): Promise<Statistics[]> =>
    prisma.$queryRaw<Statistics[]>`
      SELECT i.symbol, newest.close AS last, newest.start AS "lastAt",
        coalesce(before.close, span.open) AS open, coalesce(span.high, before.close) AS high,
        coalesce(span.low, before.close) AS low, coalesce(span.volume, 0)::bigint AS volume
      FROM x.instruments i
      LEFT JOIN LATERAL (
        SELECT close, start FROM x.candles WHERE symbol = i.symbol ORDER BY start DESC LIMIT 1) newest ON true
      LEFT JOIN LATERAL (
        SELECT close FROM x.candles WHERE symbol = i.symbol AND start < ${since}
        ORDER BY start DESC LIMIT 1) before ON true
      LEFT JOIN LATERAL (
        SELECT (array_agg(open ORDER BY start))[1] AS open, max(high) AS high, min(low) AS low, sum(volume) AS volume
        FROM x.candles WHERE symbol = i.symbol AND start >= ${since}) span ON true
      WHERE i.symbol = ANY(${[...symbols]})`,

  /**
   * Takes or renews the right to make an instrument's demo market until an instant; false while another process has it.
   */
  takeLease: async (symbol: string, holder: string, now: Date, until: Date): Promise<boolean> => {
    const taken = await prisma.$executeRaw`
      INSERT INTO x.market_leases AS known (symbol, holder, expires_at) VALUES (${symbol}, ${holder}, ${until})
      ON CONFLICT (symbol) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
      WHERE known.holder = excluded.holder OR known.expires_at < ${now}`
    return taken === 1
  },
})
