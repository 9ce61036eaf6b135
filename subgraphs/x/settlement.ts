import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '../_kit/index.ts'
import { createBulkhead } from './bulkhead.ts'
import type { Execution } from './exchange.ts'
import { payment } from './instruments.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { Ledger, Leg } from './ledger.ts'
import type { OrderRecord } from './orders.ts'
import { isFinal } from './orders.ts'
import type { Store } from './store.ts'
import type { Party, TradeToSettle } from './trade-store.ts'

/**
 * Pays for trades and gives back what orders did not need. The queue is the tables themselves: a trade without
 * `settled_at` is to settle, an ended order without `released_at` to release. Both are repeated until they are done.
 */
export type Settlement = {
  /** Settles what a command brought, waiting a moment at most; what fails or takes longer is left to `sweep`. */
  follow(execution: Execution): Promise<void>
  /** Settles and releases all that is left to do. @throws when some of it could not be done now */
  sweep(): Promise<void>
  /** Resolves when nothing that was begun is still under way. */
  idle(): Promise<void>
}

/** How long whoever placed an order waits for the money to move. */
const PATIENCE_MS = 2_000
const MOST_AT_ONCE = 4
const PAGE = 100

/** The legs of a trade: the buyer's money to the seller, the seller's goods to the buyer. */
export const legsOf = (trade: TradeToSettle, instrument: InstrumentRecord): Leg[] => {
  const [buyer, seller] =
    trade.takerSide === 'BUY' ? [trade.takerOrder, trade.makerOrder] : [trade.makerOrder, trade.takerOrder]
  const leg = (from: Party, to: Party, amount: Leg['amount']): Leg => {
    if (from.holdId === null || to.targetAccountId === null) {
      throw new Error(`Trade ${trade.id} has an order without funds.`)
    }
    return { hold: from.holdId, amount, to: to.targetAccountId }
  }
  return [
    leg(buyer, seller, payment(instrument, 'BUY', trade.price * trade.quantity)),
    leg(seller, buyer, payment(instrument, 'SELL', trade.quantity)),
  ]
}

/** Settlement through the ledger. */
export const createSettlement = (options: {
  store: Store
  ledger: Ledger
  now: () => Date
  logger: Logger
}): Settlement => {
  const { store, ledger, now, logger } = options
  const inTurn = createBulkhead(MOST_AT_ONCE)
  const running = new Map<string, Promise<void>>()
  const following = new Set<Promise<void>>()

  /** Joins work on the same thing that is running already. */
  const once = (key: string, work: () => Promise<void>): Promise<void> => {
    const known = running.get(key)
    if (known !== undefined) return known
    const started = inTurn(work).finally(() => running.delete(key))
    running.set(key, started)
    return started
  }

  const instrumentsOf = async (trades: readonly TradeToSettle[]): Promise<Map<string, InstrumentRecord>> => {
    const symbols = [...new Set(trades.map(({ symbol }) => symbol))]
    return new Map((await store.instruments(symbols)).map((instrument) => [instrument.symbol, instrument]))
  }

  const settle = async (trades: readonly TradeToSettle[]): Promise<PromiseSettledResult<void>[]> => {
    if (trades.length === 0) return []
    const instruments = await instrumentsOf(trades)
    return Promise.allSettled(
      trades.map((trade) =>
        once(`trade ${trade.id}`, async () => {
          const instrument = instruments.get(trade.symbol)
          if (instrument === undefined) throw new Error(`There is no instrument ${trade.symbol}.`)
          const { units } = instrument
          const memo = `${trade.symbol}: ${units.quantity(trade.quantity)} at ${units.price(trade.price)}`
          await ledger.settle({ legs: legsOf(trade, instrument), memo, key: trade.id })
          await store.markSettled(trade.id, now())
        }),
      ),
    )
  }

  const release = (orders: readonly OrderRecord[]): Promise<PromiseSettledResult<void>[]> =>
    Promise.allSettled(
      orders.map(({ id, holdId }) =>
        once(`order ${id}`, async () => {
          if (holdId !== null) await ledger.release(holdId)
          await store.markReleased(id, now())
        }),
      ),
    )

  const requireAll = (results: readonly PromiseSettledResult<void>[]): void => {
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  const work = async ({ tradeIds, orders }: Execution): Promise<void> => {
    const trades = tradeIds.length === 0 ? [] : await store.unsettled(tradeIds)
    requireAll(await settle(trades))
    // Whichever of an order's trades is settled last releases it, also when the order ended long before.
    const traded = trades.flatMap(({ makerOrderId, takerOrderId }) => [makerOrderId, takerOrderId])
    const ended = orders.filter((order) => isFinal(order) && order.releasedAt === null).map(({ id }) => id)
    const candidates = [...new Set([...traded, ...ended])]
    if (candidates.length > 0) requireAll(await release(await store.unreleased(candidates)))
  }

  return {
    follow: async (execution) => {
      const patience = new AbortController()
      const done = work(execution)
        .catch((error: unknown) => {
          logger.warn({ err: error, trades: execution.tradeIds }, 'Settlement has to be tried again')
        })
        .finally(() => following.delete(done))
      following.add(done)
      await Promise.race([done, delay(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined)])
      patience.abort()
    },

    sweep: async () => {
      for (let isMore = true; isMore;) {
        const trades = await store.allUnsettled(PAGE)
        const settled = await settle(trades)
        // Orders whose trades are all settled are released, also when some other trade has to wait.
        const orders = await store.allUnreleased(PAGE)
        requireAll([...settled, ...(await release(orders))])
        isMore = trades.length === PAGE || orders.length === PAGE
      }
    },

    idle: async () => {
      while (following.size > 0) await Promise.all(following)
    },
  }
}
