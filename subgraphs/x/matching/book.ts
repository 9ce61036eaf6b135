import { createChanges } from './changes.ts'
import type { Accepted, BookEvent, Cancelled, LevelChange, Rested, StopTriggered, Traded } from './events.ts'
import { createLevels } from './levels.ts'
import type { Levels } from './levels.ts'
import type { Order, Side } from './order.ts'
import { opposite } from './order.ts'
import { createEntry, detach, entriesOf, reduce } from './queue.ts'
import type { Entry } from './queue.ts'
import { createStops } from './stops.ts'

export type DepthLevel = { readonly price: bigint; readonly quantity: bigint }

/** What the book shows: totals by price, best first, as of `sequence`. */
export type Depth = {
  readonly sequence: number
  readonly bids: readonly DepthLevel[]
  readonly asks: readonly DepthLevel[]
}

/** Everything a book holds, in priority order: two books with equal contents behave alike for ever. */
export type BookContents = {
  readonly sequence: number
  readonly orderSequence: number
  readonly tradeNumber: number
  readonly lastPrice: bigint | undefined
  readonly bids: readonly Order[]
  readonly asks: readonly Order[]
  readonly waitingStops: readonly Order[]
  readonly triggeredStops: readonly Order[]
  /** The order that is being matched; none between commands. */
  readonly matching: Order | undefined
}

/**
 * One instrument's open orders. `apply` is the only way to change it, so that the events that a command
 * produced rebuild the same book later. It decides nothing: see matching.ts for the rules.
 */
export type Book = {
  /** @throws Error when the event does not follow from the events before: a hole or a repetition in the log. */
  readonly apply: (event: BookEvent) => void
  readonly sequence: () => number
  readonly orderSequence: () => number
  readonly tradeNumber: () => number
  readonly lastPrice: () => bigint | undefined
  /** An open order: resting, waiting for its stop price, or being matched. */
  readonly order: (orderId: string) => Order | undefined
  /** The order on this side that trades next, and the price it trades at. */
  readonly head: (side: Side) => { readonly price: bigint; readonly order: Order } | undefined
  /** The resting orders of a side in the order in which they trade. */
  readonly resting: (side: Side) => Generator<Order>
  readonly nextTriggeredStop: () => Order | undefined
  readonly triggeredStops: () => number
  /** Net changes of levels since the last `levelsChanged`. */
  readonly levelChanges: () => LevelChange[]
  /** The best `count` levels of each side; all of them without a count. */
  readonly depth: (count?: number) => Depth
  readonly contents: () => BookContents
}

const misfit = (why: string): Error => new Error(`The event does not fit the book: ${why}.`)

const expectNext = (what: string, given: number, current: number): number => {
  if (given !== current + 1) throw misfit(`${what} ${given} follows ${current}`)
  return given
}

const topOf = (levels: Levels, count: number): DepthLevel[] => {
  const top: DepthLevel[] = []
  for (const { price, quantity } of levels.fromBest()) {
    if (top.length >= count) break
    top.push({ price, quantity })
  }
  return top
}

/** A book: empty, or with the contents that another one had between two commands. */
export const createBook = (initial?: BookContents): Book => {
  const sides: Record<Side, Levels> = { BUY: createLevels('HIGHEST'), SELL: createLevels('LOWEST') }
  const resting = new Map<string, Entry>()
  const stops = createStops()
  const changes = createChanges((side, price) => sides[side].at(price)?.quantity ?? 0n)
  let matching: Entry | undefined
  let sequence = 0
  let orderSequence = 0
  let tradeNumber = 0
  let lastPrice: bigint | undefined

  const matchingEntry = (orderId: string): Entry => {
    if (matching?.order.id !== orderId) throw misfit(`order ${orderId} is not being matched`)
    return matching
  }

  const priceOf = (order: Order): bigint => {
    if (order.price === undefined) throw misfit(`order ${order.id} rests without a price`)
    return order.price
  }

  const leaveLevel = (entry: Entry): void => {
    const price = priceOf(entry.order)
    changes.touch(entry.order.side, price)
    sides[entry.order.side].remove(price, entry)
    resting.delete(entry.order.id)
  }

  const accept = ({ order }: Accepted): void => {
    orderSequence = expectNext('order', order.sequence, orderSequence)
    const entry = createEntry(order)
    if (order.type === 'STOP') stops.add(entry, lastPrice)
    else matching = entry
  }

  const rest = ({ orderId, price }: Rested): void => {
    const entry = matchingEntry(orderId)
    const { side } = entry.order
    changes.touch(side, price)
    sides[side].append(price, entry)
    resting.set(orderId, entry)
    matching = undefined
  }

  const trade = (event: Traded): void => {
    const taker = matchingEntry(event.taker.orderId)
    const makerSide = opposite(event.takerSide)
    const maker = resting.get(event.maker.orderId)
    if (maker === undefined) throw misfit(`order ${event.maker.orderId} does not rest`)
    tradeNumber = expectNext('trade', event.tradeNumber, tradeNumber)
    changes.touch(makerSide, event.price)
    reduce(maker, event.quantity)
    reduce(taker, event.quantity)
    if (maker.order.remaining === 0n) leaveLevel(maker)
    if (taker.order.remaining === 0n) matching = undefined
    lastPrice = event.price
    stops.cross(event.price)
  }

  const triggerStop = ({ orderId, sequence }: StopTriggered): void => {
    const entry = stops.get(orderId)
    if (entry === undefined) throw misfit(`order ${orderId} is not a waiting stop`)
    orderSequence = expectNext('order', sequence, orderSequence)
    stops.remove(entry)
    entry.order = { ...entry.order, sequence }
    matching = entry
  }

  const cancel = ({ orderId }: Cancelled): void => {
    const restingEntry = resting.get(orderId)
    if (restingEntry !== undefined) {
      leaveLevel(restingEntry)
      return
    }
    const stop = stops.get(orderId)
    if (stop !== undefined) {
      stops.remove(stop)
      return
    }
    detach(matchingEntry(orderId))
    matching = undefined
  }

  const apply = (event: BookEvent): void => {
    switch (event.type) {
      case 'accepted':
        return accept(event)
      case 'rested':
        return rest(event)
      case 'traded':
        return trade(event)
      case 'stopTriggered':
        return triggerStop(event)
      case 'cancelled':
        return cancel(event)
      case 'levelsChanged':
        sequence = expectNext('sequence', event.sequence, sequence)
        return changes.clear()
    }
  }

  const restingOrders = function* (side: Side): Generator<Order> {
    for (const level of sides[side].fromBest()) {
      for (const entry of entriesOf(level)) yield entry.order
    }
  }

  const load = (contents: BookContents): void => {
    if (contents.matching !== undefined || contents.triggeredStops.length > 0) {
      throw new Error('A book cannot begin in the middle of a command.')
    }
    ;({ sequence, orderSequence, tradeNumber, lastPrice } = contents)
    for (const order of [...contents.bids, ...contents.asks]) {
      const entry = createEntry(order)
      sides[order.side].append(priceOf(order), entry)
      resting.set(order.id, entry)
    }
    for (const stop of contents.waitingStops) stops.add(createEntry(stop), lastPrice)
  }
  if (initial !== undefined) load(initial)

  return {
    apply,
    sequence: () => sequence,
    orderSequence: () => orderSequence,
    tradeNumber: () => tradeNumber,
    lastPrice: () => lastPrice,
    order: (orderId) => {
      if (matching?.order.id === orderId) return matching.order
      return (resting.get(orderId) ?? stops.get(orderId))?.order
    },
    head: (side) => {
      const level = sides[side].best()
      return level?.first && { price: level.price, order: level.first.order }
    },
    resting: restingOrders,
    nextTriggeredStop: () => stops.next()?.order,
    triggeredStops: stops.triggeredCount,
    levelChanges: changes.list,
    depth: (count = Number.POSITIVE_INFINITY) => ({
      sequence,
      bids: topOf(sides.BUY, count),
      asks: topOf(sides.SELL, count),
    }),
    contents: () => ({
      sequence,
      orderSequence,
      tradeNumber,
      lastPrice,
      bids: [...restingOrders('BUY')],
      asks: [...restingOrders('SELL')],
      waitingStops: stops.waiting(),
      triggeredStops: stops.triggered(),
      matching: matching?.order,
    }),
  }
}
