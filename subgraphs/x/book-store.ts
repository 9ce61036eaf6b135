import type { Instrument, Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import { transact } from '../_kit/index.ts'
import { instrumentFrom } from './instruments.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { BookContents } from './matching/book.ts'
import type { BookEvent } from './matching/events.ts'
import { readContents, readEvent, storeContents, storeEvent } from './matching/journal.ts'
import type { OrderRecord } from './orders.ts'
import type { Outcome } from './outcome.ts'

/** What runs inside a transaction. */
export type Transaction = Prisma.TransactionClient

/** A command as the log has it. */
export type LoggedCommand = { number: bigint; events: BookEvent[]; at: Date }

const MINUTE_MS = 60_000
/** How long the log stays readable behind a snapshot, for whoever wants to know what happened. */
const LOG_DAYS = 2

const eventsFrom = (stored: Prisma.JsonValue): BookEvent[] => {
  if (!Array.isArray(stored)) throw new Error('A command of the log has no events.')
  return stored.map(readEvent)
}

const writeCandle = async (transaction: Transaction, { symbol, candle }: Outcome, at: Date): Promise<void> => {
  if (candle === undefined) return
  const start = new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)
  const { open, high, low, close, volume } = candle
  await transaction.$executeRaw`
    INSERT INTO x.candles AS known (symbol, start, open, high, low, close, volume)
    VALUES (${symbol}, ${start}, ${open}, ${high}, ${low}, ${close}, ${volume})
    ON CONFLICT (symbol, start) DO UPDATE SET
      high = greatest(known.high, excluded.high), low = least(known.low, excluded.low),
      close = excluded.close, volume = known.volume + excluded.volume`
}

const writeOrders = async (transaction: Transaction, { orders }: Outcome, at: Date): Promise<OrderRecord[]> => {
  if (orders.length === 0) return []
  const changes = JSON.stringify(
    orders.map(({ id, filled, notional, status, statusReason }) => ({
      id,
      filled: filled.toString(),
      notional: notional.toString(),
      status,
      reason: statusReason,
    })),
  )
  // An order that paid all that was held for it has nothing left to give back.
  await transaction.$executeRaw`
    UPDATE x.orders AS o SET
      filled = o.filled + c.filled, notional = o.notional + c.notional,
      status = c.status::x.order_status, status_reason = c.reason, updated_at = ${at},
      released_at = CASE
        WHEN c.status IN ('FILLED', 'CANCELLED')
          AND o.reserved = CASE o.side WHEN 'BUY' THEN o.notional + c.notional ELSE o.filled + c.filled END
        THEN ${at}::timestamptz END
    FROM jsonb_to_recordset(${changes}::jsonb)
      AS c(id text, filled bigint, notional bigint, status text, reason text)
    WHERE o.id = c.id`
  return transaction.order.findMany({ where: { id: { in: orders.map(({ id }) => id) } } })
}

/** What x keeps of its books: their logs, and with each command, in one transaction, what it changed. */
export const createBookStore = (prisma: PrismaClient) => ({
  /** Runs work in one transaction: all of it is kept, or nothing. @throws UNAVAILABLE when the database is too busy */
  transaction: <Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> =>
    transact(prisma, 'The exchange is', work),

  /** Takes the only pen for an instrument's log until the transaction ends, over all processes. */
  lockInstrument: async (transaction: Transaction, symbol: string): Promise<InstrumentRecord> => {
    // Weaker than FOR UPDATE, so that orders which refer to the instrument can be inserted meanwhile.
    const [row] = await transaction.$queryRaw<Instrument[]>`
      SELECT symbol, base, quote, tick_size AS "tickSize", lot_size AS "lotSize", status::text,
        created_at AS "createdAt"
      FROM x.instruments WHERE symbol = ${symbol} FOR NO KEY UPDATE`
    if (row === undefined) throw new Error(`There is no instrument ${symbol}.`)
    return instrumentFrom(row)
  },

  snapshot: async (symbol: string): Promise<{ number: bigint; contents: BookContents; at: Date } | undefined> => {
    const row = await prisma.bookSnapshot.findUnique({ where: { symbol } })
    return row === null ? undefined : { number: row.number, contents: readContents(row.contents), at: row.at }
  },

  /** The log behind a command, in order. */
  commandsAfter: async (
    symbol: string,
    number: bigint,
    limit: number,
    transaction: Transaction = prisma,
  ): Promise<LoggedCommand[]> => {
    const rows = await transaction.bookCommand.findMany({
      where: { symbol, number: { gt: number } },
      orderBy: { number: 'asc' },
      take: limit,
    })
    return rows.map((row) => ({ number: row.number, events: eventsFrom(row.events), at: row.at }))
  },

  /** Gives a PENDING order what it needs to enter the book; false when it is PENDING no more. */
  admitOrder: async (
    transaction: Transaction,
    id: string,
    funds: { holdId: string; targetAccountId: string },
  ): Promise<boolean> => {
    const { count } = await transaction.order.updateMany({
      where: { id, status: 'PENDING' },
      data: { ...funds, status: 'OPEN' },
    })
    return count === 1
  },

  /** Writes a command to the log, with all that it changed. Gives the changed orders as they are then. */
  writeOutcome: async (
    transaction: Transaction,
    outcome: Outcome,
    number: bigint,
    at: Date,
  ): Promise<OrderRecord[]> => {
    const { symbol, events, trades } = outcome
    await transaction.bookCommand.create({ data: { symbol, number, events: events.map(storeEvent), at } })
    const orders = await writeOrders(transaction, outcome, at)
    if (trades.length > 0) await transaction.trade.createMany({ data: trades.map((trade) => ({ ...trade, at })) })
    await writeCandle(transaction, outcome, at)
    return orders
  },

  /** Keeps what a book holds after a command, and lets go of the part of its log that has become old. */
  writeSnapshot: async (
    transaction: Transaction,
    symbol: string,
    book: { number: bigint; contents: BookContents; at: Date },
  ): Promise<void> => {
    const { number, at } = book
    const kept = { number, contents: storeContents(book.contents), at }
    const old = new Date(at.getTime() - LOG_DAYS * 24 * 60 * MINUTE_MS)
    await transaction.bookSnapshot.upsert({ where: { symbol }, create: { symbol, ...kept }, update: kept })
    await transaction.bookCommand.deleteMany({ where: { symbol, number: { lte: number }, at: { lt: old } } })
  },
})
