import type { Events } from '@codai/stores'
import { CodedError, createKeyedMutex } from '@codai/runtime'
import { codedError } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Live } from './live.ts'
import { createBook } from './matching/book.ts'
import type { Book } from './matching/book.ts'
import type { Command } from './matching/events.ts'
import { execute } from './matching/matching.ts'
import { replay } from './matching/replay.ts'
import type { OrderRecord } from './orders.ts'
import { outcomeOf } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { Transaction } from './book-store.ts'
import type { Store } from './store.ts'

/** What came of a command: the trades to settle, and the orders as they are after it. */
export type Execution = { tradeIds: string[]; orders: OrderRecord[] }

/** The books of all instruments: commands change them, one at a time each, and what is read is what is committed. */
export type Exchange = {
  /**
   * Runs a command on an instrument's book. `admit` decides within the transaction whether it may still run; if not,
   * nothing happens and the answer is undefined.
   * @throws CONFLICT when orders cannot be placed now; what `execute` throws; then nothing changed
   */
  run(
    symbol: string,
    command: Command,
    admit?: (transaction: Transaction) => Promise<boolean>,
  ): Promise<Execution | undefined>
  /** Looks at an instrument's book, and when it last changed (null: never). `look` is synchronous: the book goes on. */
  read<Value>(symbol: string, look: (book: Book, changedAt: Date | null) => Value): Promise<Value>
}

type LiveBook = { book: Book; number: bigint; changedAt: Date | null }
type Step = { instrument: InstrumentRecord; outcome: Outcome; orders: OrderRecord[]; at: Date; triggeredStops: number }

const LOG_PAGE = 1_000
const USUAL_SNAPSHOT_EVERY = 1_000n

/**
 * The exchange over its store. Each command is one transaction that holds the instrument's row: it reads what other
 * processes wrote to the log since, runs the command, and writes the events with all that they change. So any number of
 * processes may serve one instrument, and the log's key (instrument, number) would stop two that somehow did not agree.
 */
export const createExchange = (options: {
  store: Store
  events: Events
  live: Live
  now: () => Date
  logger: Logger
  /** After how many commands a book's contents are kept, so that a restart reads only the log behind them. */
  snapshotEvery?: bigint
}): Exchange => {
  const { store, events: bus, live, now, logger, snapshotEvery = USUAL_SNAPSHOT_EVERY } = options
  const books = new Map<string, LiveBook>()
  const inTurn = createKeyedMutex()

  const open = async (symbol: string): Promise<LiveBook> => {
    const snapshot = await store.snapshot(symbol)
    if (snapshot === undefined) return { book: createBook(), number: 0n, changedAt: null }
    return { book: createBook(snapshot.contents), number: snapshot.number, changedAt: snapshot.at }
  }

  const catchUp = async (symbol: string, transaction?: Transaction): Promise<LiveBook> => {
    const current = books.get(symbol) ?? (await open(symbol))
    // Until the log was followed without a fault, nobody else may use the book.
    books.delete(symbol)
    for (let isBehind = true; isBehind;) {
      const commands = await store.commandsAfter(symbol, current.number, LOG_PAGE, transaction)
      for (const { number, events, at } of commands) {
        if (number !== current.number + 1n) throw new Error(`The log of ${symbol} has a hole before ${number}.`)
        replay(events, current.book)
        current.number = number
        current.changedAt = at
      }
      isBehind = commands.length === LOG_PAGE
    }
    books.set(symbol, current)
    return current
  }

  const publish = async (transaction: Transaction, { instrument, outcome, orders }: Step): Promise<void> => {
    const { symbol, units } = instrument
    for (const trade of outcome.trades) {
      await bus.publish(transaction, {
        type: 'x.tradeExecuted',
        key: symbol,
        payload: {
          tradeId: trade.id,
          symbol,
          price: units.price(trade.price),
          quantity: units.quantity(trade.quantity),
          makerUser: trade.makerOwnerId,
          takerUser: trade.takerOwnerId,
        },
      })
    }
    for (const order of orders) {
      await bus.publish(transaction, {
        type: 'x.orderUpdated',
        key: order.id,
        payload: {
          orderId: order.id,
          owner: order.ownerId,
          symbol,
          side: order.side,
          quantity: units.quantity(order.quantity),
          filled: units.quantity(order.filled),
          status: order.status,
        },
      })
    }
  }

  /** One command in one transaction. A book that ran ahead of a log which was not written is thrown away. */
  const step = async (
    symbol: string,
    command: Command,
    admit: (transaction: Transaction) => Promise<boolean> = async () => true,
  ): Promise<Step | undefined> => {
    let isAhead = false
    try {
      const done = await store.transaction(async (transaction) => {
        const instrument = await store.lockInstrument(transaction, symbol)
        if (command.type === 'place' && instrument.status === 'HALTED') {
          throw codedError('CONFLICT', `${symbol} is halted: orders can be cancelled, but not placed.`)
        }
        const current = await catchUp(symbol, transaction)
        if (!(await admit(transaction))) return undefined
        const at = now()
        const events = execute(current.book, command)
        isAhead = true
        const number = current.number + 1n
        const outcome = outcomeOf(symbol, events)
        const orders = await store.writeOutcome(transaction, outcome, number, at)
        const triggeredStops = current.book.triggeredStops()
        if (number % snapshotEvery === 0n && triggeredStops === 0) {
          await store.writeSnapshot(transaction, symbol, { number, contents: current.book.contents(), at })
        }
        const result = { instrument, outcome, orders, at, triggeredStops }
        await publish(transaction, result)
        return { result, written: { book: current.book, number, changedAt: at } }
      })
      if (done === undefined) return undefined
      books.set(symbol, done.written)
      return done.result
    } catch (error) {
      if (isAhead || !(error instanceof CodedError)) books.delete(symbol)
      throw error
    }
  }

  const tell = async ({ outcome, orders, at }: Step): Promise<void> =>
    live.tell({
      symbol: outcome.symbol,
      orders,
      trades: outcome.trades.map((trade) => ({ ...trade, at, settledAt: null })),
      book: outcome.levels,
    })

  /** Fires what a long cascade of stops left over. If that fails, it is left to the next command. */
  const finishCascade = async (symbol: string, first: Step): Promise<Step[]> => {
    const steps: Step[] = []
    try {
      for (let last = first; last.triggeredStops > 0;) {
        const next = await step(symbol, { type: 'continue' })
        if (next === undefined) break
        await tell(next)
        steps.push(next)
        last = next
      }
    } catch (error) {
      logger.error({ err: error, symbol }, 'A cascade of stop orders was interrupted')
    }
    return steps
  }

  return {
    run: (symbol, command, admit) =>
      inTurn(symbol, async () => {
        const first = await step(symbol, command, admit)
        if (first === undefined) return undefined
        await tell(first)
        const steps = [first, ...(await finishCascade(symbol, first))]
        return {
          tradeIds: steps.flatMap(({ outcome }) => outcome.trades.map(({ id }) => id)),
          orders: steps.flatMap(({ orders }) => orders),
        }
      }),

    read: (symbol, look) =>
      inTurn(symbol, async () => {
        const { book, changedAt } = await catchUp(symbol)
        return look(book, changedAt)
      }),
  }
}
