import { notFound } from '@codai/runtime'
import { admit } from './admission.ts'
import type { Book } from './book.ts'
import type { BookEvent, CancelReason, Command } from './events.ts'
import { accepts, opposite } from './order.ts'
import type { Order } from './order.ts'

/**
 * How many stops one command may fire. A cascade always ends, for a stop fires once and adds no other,
 * but the events of a long one would be too many to settle together.
 */
const CASCADE_LIMIT = 1000

type Emit = (event: BookEvent) => void

const smaller = (first: bigint, second: bigint): bigint => (first < second ? first : second)

/** As much of a quantity as a budget buys at a price; all of it where no budget bounds it. */
const affordable = (quantity: bigint, price: bigint, budget: bigint | undefined): bigint =>
  budget === undefined ? quantity : smaller(quantity, budget / price)

/** Whether the book would fill the whole order now: within its limit, its budget, and without its owner's own orders. */
const isFillable = (book: Book, order: Order): boolean => {
  let { remaining, budget } = order
  for (const maker of book.resting(opposite(order.side))) {
    if (maker.price === undefined || !accepts(order, maker.price) || maker.ownerId === order.ownerId) return false
    const quantity = smaller(remaining, maker.remaining)
    if (affordable(quantity, maker.price, budget) < quantity) return false
    if (budget !== undefined) budget -= quantity * maker.price
    remaining -= quantity
    if (remaining === 0n) return true
  }
  return false
}

const trade = (book: Book, taker: Order, maker: Order, price: bigint, quantity: bigint): BookEvent => ({
  type: 'traded',
  tradeNumber: book.tradeNumber() + 1,
  price,
  quantity,
  takerSide: taker.side,
  maker: { orderId: maker.id, ownerId: maker.ownerId, remaining: maker.remaining - quantity },
  taker: { orderId: taker.id, ownerId: taker.ownerId, remaining: taker.remaining - quantity },
})

/** Trades an order against the book, best price first, oldest first. Says what stopped it, if not the lack of a counterpart. */
const sweep = (book: Book, order: Order, emit: Emit): CancelReason | undefined => {
  let { budget } = order
  for (let taker: Order | undefined = order; taker !== undefined; taker = book.order(order.id)) {
    const head = book.head(opposite(order.side))
    if (head === undefined || !accepts(order, head.price)) return undefined
    if (head.order.ownerId === order.ownerId) return 'SELF_TRADE_PREVENTION'
    const quantity = affordable(smaller(taker.remaining, head.order.remaining), head.price, budget)
    if (quantity === 0n) return 'FUNDS'
    if (budget !== undefined) budget -= quantity * head.price
    emit(trade(book, taker, head.order, head.price, quantity))
  }
  return undefined
}

/** Why what is left of an order is cancelled; nothing when it rests. */
const remainderReason = (order: Order, stoppedBy: CancelReason | undefined): CancelReason | undefined => {
  if (stoppedBy !== undefined) return stoppedBy
  if (order.price === undefined) return 'MARKET_REMAINDER'
  return order.timeInForce === 'GTC' ? undefined : 'IOC_REMAINDER'
}

const match = (book: Book, order: Order, emit: Emit): void => {
  const { id: orderId, price } = order
  if (order.timeInForce === 'FOK' && !isFillable(book, order)) {
    emit({ type: 'cancelled', orderId, reason: 'FOK_NOT_FILLABLE', quantity: order.remaining })
    return
  }
  const stoppedBy = sweep(book, order, emit)
  const quantity = book.order(orderId)?.remaining
  if (quantity === undefined) return
  const reason = remainderReason(order, stoppedBy)
  if (reason !== undefined) emit({ type: 'cancelled', orderId, reason, quantity })
  else if (price !== undefined) emit({ type: 'rested', orderId, price, quantity })
}

const act = (book: Book, command: Command, emit: Emit): void => {
  if (command.type === 'place') {
    admit(book, command.order)
    const order = { ...command.order, remaining: command.order.quantity, sequence: book.orderSequence() + 1 }
    emit({ type: 'accepted', order })
    if (order.type !== 'STOP') match(book, order, emit)
  }
  if (command.type === 'cancel') {
    const order = book.order(command.orderId)
    if (order === undefined) throw notFound('Order', command.orderId)
    emit({ type: 'cancelled', orderId: order.id, reason: command.reason ?? 'REQUESTED', quantity: order.remaining })
  }
}

const cascade = (book: Book, limit: number, emit: Emit): void => {
  for (let fired = 0; fired < limit; fired += 1) {
    const stop = book.nextTriggeredStop()
    const lastPrice = book.lastPrice()
    if (stop === undefined || lastPrice === undefined) return
    emit({ type: 'stopTriggered', orderId: stop.id, sequence: book.orderSequence() + 1, lastPrice })
    match(book, stop, emit)
  }
}

/**
 * Runs one command on a book and returns all that happened, in order; the book has changed accordingly.
 * Price-time priority: the best price trades first, within it the oldest order, at the resting order's price.
 *
 * - MARKET never rests; a market BUY stops at its budget (FUNDS) as well as at its quantity.
 * - An order that meets its own owner's order loses its remainder (SELF_TRADE_PREVENTION): the older order stays.
 * - FOK is decided before it trades: a lack of budget or the owner's own order in the way makes it not fillable.
 * - Stops that trades cross fire after the command itself, nearest stop price first, then oldest, and so on for
 *   the stops which these cross. What exceeds `cascadeLimit` fires at the end of the next commands.
 *
 * If the events cannot be kept, the book is ahead of its log: drop it and rebuild it with `replay`.
 *
 * @throws BAD_USER_INPUT or ALREADY_EXISTS for an order that cannot be placed, NOT_FOUND for one that is not open
 *   to cancel; the book is unchanged then.
 */
export const execute = (book: Book, command: Command, cascadeLimit = CASCADE_LIMIT): BookEvent[] => {
  const events: BookEvent[] = []
  const emit = (event: BookEvent): void => {
    book.apply(event)
    events.push(event)
  }
  act(book, command, emit)
  cascade(book, cascadeLimit, emit)
  const changes = book.levelChanges()
  if (changes.length > 0) emit({ type: 'levelsChanged', sequence: book.sequence() + 1, changes })
  return events
}
