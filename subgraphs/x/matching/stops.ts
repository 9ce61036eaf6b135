import { createLevels } from './levels.ts'
import type { Levels } from './levels.ts'
import type { Order, Side } from './order.ts'
import { append, createQueue, detach, entriesOf } from './queue.ts'
import type { Entry } from './queue.ts'

export type Stops = {
  /** Adds a stop order; one that `lastPrice` has already crossed is triggered at once. */
  readonly add: (entry: Entry, lastPrice: bigint | undefined) => void
  readonly remove: (entry: Entry) => void
  readonly get: (orderId: string) => Entry | undefined
  /** Moves the stops that a trade at this price crosses behind those triggered before. */
  readonly cross: (lastPrice: bigint) => void
  /** The triggered stop whose turn it is. */
  readonly next: () => Entry | undefined
  readonly triggeredCount: () => number
  readonly waiting: () => Order[]
  readonly triggered: () => Order[]
}

const stopPriceOf = (entry: Entry): bigint => {
  const { id, stopPrice } = entry.order
  if (stopPrice === undefined) throw new Error(`Order ${id} has no stop price.`)
  return stopPrice
}

const isCrossed = (side: Side, stopPrice: bigint, lastPrice: bigint): boolean =>
  side === 'BUY' ? lastPrice >= stopPrice : lastPrice <= stopPrice

const ordersOf = (levels: Levels): Order[] =>
  [...levels.fromBest()].flatMap((level) => [...entriesOf(level)].map((entry) => entry.order))

/**
 * Stop orders by stop price and arrival. They trigger in the order in which a price that moves tick by tick
 * reaches them: nearest first, then oldest first. Only a book's first trade can cross stops on both sides;
 * buys go first then.
 */
export const createStops = (): Stops => {
  const waiting: Record<Side, Levels> = { BUY: createLevels('LOWEST'), SELL: createLevels('HIGHEST') }
  const triggered = createQueue()
  const entries = new Map<string, Entry>()
  let triggeredCount = 0

  const trigger = (entry: Entry): void => {
    append(triggered, entry)
    triggeredCount += 1
  }

  const crossSide = (side: Side, lastPrice: bigint): void => {
    for (
      let level = waiting[side].best();
      level?.first !== undefined && isCrossed(side, level.price, lastPrice);
      level = waiting[side].best()
    ) {
      const entry = level.first
      waiting[side].remove(level.price, entry)
      trigger(entry)
    }
  }

  return {
    add: (entry, lastPrice) => {
      const stopPrice = stopPriceOf(entry)
      const { id, side } = entry.order
      entries.set(id, entry)
      if (lastPrice !== undefined && isCrossed(side, stopPrice, lastPrice)) trigger(entry)
      else waiting[side].append(stopPrice, entry)
    },
    remove: (entry) => {
      entries.delete(entry.order.id)
      if (entry.queue !== triggered) {
        waiting[entry.order.side].remove(stopPriceOf(entry), entry)
        return
      }
      detach(entry)
      triggeredCount -= 1
    },
    get: (orderId) => entries.get(orderId),
    cross: (lastPrice) => {
      crossSide('BUY', lastPrice)
      crossSide('SELL', lastPrice)
    },
    next: () => triggered.first,
    triggeredCount: () => triggeredCount,
    waiting: () => [...ordersOf(waiting.BUY), ...ordersOf(waiting.SELL)],
    triggered: () => [...entriesOf(triggered)].map((entry) => entry.order),
  }
}
