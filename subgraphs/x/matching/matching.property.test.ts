import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBook } from './book.ts'
import type { Depth, DepthLevel } from './book.ts'
import type { BookEvent, Cancelled, LevelsChanged, Traded } from './events.ts'
import { readContents, readEvent, storeContents, storeEvent } from './journal.ts'
import { cascadeLimits, intents, run } from './matching.arbitrary.ts'
import type { Step } from './matching.arbitrary.ts'
import { createReference, tell } from './matching.reference.ts'
import { execute } from './matching.ts'
import type { Order } from './order.ts'
import { replay } from './replay.ts'

const RUNS = { numRuns: 300 }

const forEveryHistory = (assertion: (steps: Step[], cascadeLimit: number) => void): void => {
  fc.assert(
    fc.property(intents, cascadeLimits, (intended, cascadeLimit) => {
      assertion(run(intended, cascadeLimit).steps, cascadeLimit)
    }),
    RUNS,
  )
}

const eventsOf = (steps: readonly Step[]): BookEvent[] => steps.flatMap((step) => step.events)
const isTraded = (event: BookEvent): event is Traded => event.type === 'traded'
const isCancelled = (event: BookEvent): event is Cancelled => event.type === 'cancelled'
const isLevelsChanged = (event: BookEvent): event is LevelsChanged => event.type === 'levelsChanged'
const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n)

const acceptedOrders = (steps: readonly Step[]): Map<string, Order> =>
  new Map(eventsOf(steps).flatMap((event) => (event.type === 'accepted' ? [[event.order.id, event.order]] : [])))

const orderIn = (orders: ReadonlyMap<string, Order>, id: string): Order => {
  const order = orders.get(id)
  if (order === undefined) throw new Error(`${id} was never accepted.`)
  return order
}

const tradesOf = (steps: readonly Step[], orderId: string): Traded[] =>
  eventsOf(steps)
    .filter(isTraded)
    .filter((trade) => trade.maker.orderId === orderId || trade.taker.orderId === orderId)

const openOrders = (step: Step | undefined): Order[] => {
  if (step === undefined) return []
  const { bids, asks, waitingStops, triggeredStops } = step.contents
  return [...bids, ...asks, ...waitingStops, ...triggeredStops]
}

describe('priority', () => {
  it('tells the same story as a naive model that sorts all orders anew for every lot', () => {
    forEveryHistory((steps, cascadeLimit) => {
      const reference = createReference()
      for (const { command, events } of steps) {
        expect(events.flatMap(tell)).toEqual(reference(command, cascadeLimit))
      }
    })
  })

  it('keeps every side sorted by price and, within a price, by sequence', () => {
    forEveryHistory((steps) => {
      for (const { contents } of steps) {
        const sorted = (orders: readonly Order[], direction: number): Order[] =>
          orders.toSorted(
            (one, other) =>
              Number((one.price ?? 0n) - (other.price ?? 0n)) * direction || one.sequence - other.sequence,
          )
        expect(contents.bids).toEqual(sorted(contents.bids, -1))
        expect(contents.asks).toEqual(sorted(contents.asks, 1))
      }
    })
  })

  it('never leaves a crossed book', () => {
    forEveryHistory((steps) => {
      for (const { after } of steps) {
        const [bid] = after.bids
        const [ask] = after.asks
        expect(bid !== undefined && ask !== undefined && bid.price >= ask.price).toBe(false)
      }
    })
  })
})

describe('conservation', () => {
  it('accounts for every lot of every order: filled, open or cancelled', () => {
    forEveryHistory((steps) => {
      const cancellations = eventsOf(steps).filter(isCancelled)
      const open = new Map(openOrders(steps.at(-1)).map((order) => [order.id, order.remaining]))
      for (const [id, order] of acceptedOrders(steps)) {
        const filled = sum(tradesOf(steps, id).map((trade) => trade.quantity))
        const cancelled = sum(cancellations.filter((event) => event.orderId === id).map((event) => event.quantity))
        expect(filled + cancelled + (open.get(id) ?? 0n)).toBe(order.quantity)
      }
    })
  })

  it('tells each party what it has left after each trade', () => {
    forEveryHistory((steps) => {
      const left = new Map([...acceptedOrders(steps)].map(([id, order]) => [id, order.quantity]))
      for (const trade of eventsOf(steps).filter(isTraded)) {
        for (const party of [trade.maker, trade.taker]) {
          left.set(party.orderId, (left.get(party.orderId) ?? 0n) - trade.quantity)
          expect(party.remaining).toBe(left.get(party.orderId))
          expect(party.remaining >= 0n).toBe(true)
        }
      }
    })
  })

  it('trades between a buyer and a seller at the price of the maker, within the limit of the taker', () => {
    forEveryHistory((steps) => {
      const orders = acceptedOrders(steps)
      for (const trade of eventsOf(steps).filter(isTraded)) {
        const maker = orderIn(orders, trade.maker.orderId)
        const taker = orderIn(orders, trade.taker.orderId)
        expect([maker.side, taker.side].toSorted()).toEqual(['BUY', 'SELL'])
        expect(taker.side).toBe(trade.takerSide)
        expect(trade.price).toBe(maker.price)
        expect(trade.quantity > 0n).toBe(true)
        const limit = taker.price ?? trade.price
        expect(taker.side === 'BUY' ? trade.price <= limit : trade.price >= limit).toBe(true)
      }
    })
  })

  it('lets buyers pay exactly what sellers receive, and nobody more than was held for the order', () => {
    forEveryHistory((steps) => {
      const money = { BUY: 0n, SELL: 0n }
      for (const [id, order] of acceptedOrders(steps)) {
        const trades = tradesOf(steps, id)
        const moved = sum(trades.map((trade) => trade.price * trade.quantity))
        const held = order.budget ?? order.quantity * (order.price ?? 0n)
        expect(order.side === 'BUY' && moved > held).toBe(false)
        money[order.side] += moved
      }
      expect(money.BUY).toBe(money.SELL)
    })
  })

  it('numbers trades and level changes without gaps', () => {
    forEveryHistory((steps) => {
      const events = eventsOf(steps)
      const trades = events.filter(isTraded).map((trade) => trade.tradeNumber)
      const changes = events.filter(isLevelsChanged).map((change) => change.sequence)
      expect(trades).toEqual(trades.map((_, index) => index + 1))
      expect(changes).toEqual(changes.map((_, index) => index + 1))
    })
  })
})

describe('kinds of orders', () => {
  it('fills a fill-or-kill order whole in one command, or not at all', () => {
    forEveryHistory((steps) => {
      for (const [id, order] of acceptedOrders(steps)) {
        if (order.timeInForce !== 'FOK') continue
        const fills = steps.map((step) => sum(tradesOf([step], id).map((trade) => trade.quantity)))
        expect(fills.filter((fill) => fill > 0n).every((fill) => fill === order.quantity)).toBe(true)
      }
    })
  })

  it('rests only good-till-cancelled orders that have a price', () => {
    forEveryHistory((steps) => {
      for (const { contents } of steps) {
        expect(contents.matching).toBeUndefined()
        for (const order of [...contents.bids, ...contents.asks]) {
          expect(order.timeInForce).toBe('GTC')
          expect(order.price).toBeDefined()
        }
      }
    })
  })

  it('never trades between orders of one owner', () => {
    forEveryHistory((steps) => {
      for (const { maker, taker } of eventsOf(steps).filter(isTraded)) {
        expect(maker.ownerId).not.toBe(taker.ownerId)
      }
    })
  })

  it('fires a stop once, only after a trade crossed its price, and never more in a command than the limit', () => {
    forEveryHistory((steps, cascadeLimit) => {
      const orders = acceptedOrders(steps)
      const fired = new Set<string>()
      const prices: bigint[] = []
      for (const { events } of steps) {
        expect(events.filter((event) => event.type === 'stopTriggered').length <= cascadeLimit).toBe(true)
        for (const event of events) {
          if (event.type === 'traded') prices.push(event.price)
          if (event.type !== 'stopTriggered') continue
          const { side, stopPrice = 0n } = orderIn(orders, event.orderId)
          expect(fired.has(event.orderId)).toBe(false)
          expect(prices.at(-1)).toBe(event.lastPrice)
          expect(prices.some((price) => (side === 'BUY' ? price >= stopPrice : price <= stopPrice))).toBe(true)
          fired.add(event.orderId)
        }
      }
    })
  })

  it('leaves no stop waiting that the last price has crossed', () => {
    forEveryHistory((steps) => {
      for (const { contents } of steps) {
        const { lastPrice } = contents
        if (lastPrice === undefined) continue
        for (const { side, stopPrice = 0n } of contents.waitingStops) {
          expect(side === 'BUY' ? lastPrice < stopPrice : lastPrice > stopPrice).toBe(true)
        }
      }
    })
  })
})

const applyChanges = (depth: Depth, event: LevelsChanged): Depth => {
  const totals = { BUY: new Map<bigint, bigint>(), SELL: new Map<bigint, bigint>() }
  for (const { price, quantity } of depth.bids) totals.BUY.set(price, quantity)
  for (const { price, quantity } of depth.asks) totals.SELL.set(price, quantity)
  for (const { side, price, quantity } of event.changes) {
    if (quantity === 0n) totals[side].delete(price)
    else totals[side].set(price, quantity)
  }
  const sorted = (side: Map<bigint, bigint>, direction: number): DepthLevel[] =>
    [...side]
      .map(([price, quantity]) => ({ price, quantity }))
      .sort((one, other) => Number(one.price - other.price) * direction)
  return { sequence: event.sequence, bids: sorted(totals.BUY, -1), asks: sorted(totals.SELL, 1) }
}

describe('what the book shows', () => {
  it('turns each snapshot into the next by the changes that the command told, and only those', () => {
    forEveryHistory((steps) => {
      for (const { before, after, events } of steps) {
        const told = events.filter(isLevelsChanged)
        expect(told.length <= 1).toBe(true)
        expect(told.reduce(applyChanges, before)).toEqual(after)
        for (const change of told.flatMap((event) => event.changes)) {
          const level = (change.side === 'BUY' ? before.bids : before.asks).find(({ price }) => price === change.price)
          expect(change.quantity).not.toBe(level?.quantity ?? 0n)
        }
      }
    })
  })

  it('shows at each price the sum of the orders that rest there', () => {
    forEveryHistory((steps) => {
      for (const { after, contents } of steps) {
        for (const [levels, orders] of [
          [after.bids, contents.bids],
          [after.asks, contents.asks],
        ] as const) {
          expect(sum(levels.map((level) => level.quantity))).toBe(sum(orders.map((order) => order.remaining)))
          expect(levels.map((level) => level.price)).toEqual([...new Set(orders.map((order) => order.price))])
        }
      }
    })
  })
})

describe('replay', () => {
  it('rebuilds the book of any moment from the stored log, stops and sequences included', () => {
    fc.assert(
      fc.property(intents, cascadeLimits, fc.nat(), (intended, cascadeLimit, moment) => {
        const { steps } = run(intended, cascadeLimit)
        const history = steps.slice(0, 1 + (moment % Math.max(steps.length, 1)))
        const log = JSON.stringify(eventsOf(history).map(storeEvent))
        const rebuilt = replay((JSON.parse(log) as unknown[]).map(readEvent))
        expect(rebuilt.contents()).toEqual(history.at(-1)?.contents ?? rebuilt.contents())
        expect(rebuilt.depth()).toEqual(history.at(-1)?.after ?? rebuilt.depth())
      }),
      RUNS,
    )
  })

  it('goes on from the rebuilt book as the first one did', () => {
    fc.assert(
      fc.property(intents, cascadeLimits, fc.nat(), (intended, cascadeLimit, moment) => {
        const { steps } = run(intended, cascadeLimit)
        const stop = moment % Math.max(steps.length, 1)
        const rebuilt = replay(eventsOf(steps.slice(0, stop)))
        for (const { command, events } of steps.slice(stop)) {
          expect(execute(rebuilt, command, cascadeLimit)).toEqual(events)
        }
      }),
      RUNS,
    )
  })

  it('goes on alike from a stored snapshot and the log behind it', () => {
    fc.assert(
      fc.property(intents, cascadeLimits, fc.nat(), (intended, cascadeLimit, moment) => {
        const { steps } = run(intended, cascadeLimit)
        const stop = moment % Math.max(steps.length, 1)
        const snapshot = steps[stop]?.contents
        fc.pre(snapshot !== undefined && snapshot.triggeredStops.length === 0)
        const stored: unknown = JSON.parse(JSON.stringify(storeContents(snapshot)))
        const book = createBook(readContents(stored))
        expect(book.contents()).toEqual(snapshot)
        const log = steps.slice(stop + 1)
        const middle = log.length >> 1
        replay(eventsOf(log.slice(0, middle)), book)
        for (const { command, events } of log.slice(middle))
          expect(execute(book, command, cascadeLimit)).toEqual(events)
      }),
      RUNS,
    )
  })
})
