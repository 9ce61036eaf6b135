import type { Order } from './order.ts'

/** An order's place in a queue; the order itself is replaced, never changed, when part of it is filled. */
export type Entry = {
  order: Order
  queue: Queue | undefined
  previous: Entry | undefined
  next: Entry | undefined
}

/**
 * Orders in the order of their arrival, with the sum of what they have left.
 * A Map would be shorter, but V8 keeps deleted slots until it rehashes, so that
 * taking the head again and again walks over all the heads taken before.
 */
export type Queue = {
  first: Entry | undefined
  last: Entry | undefined
  quantity: bigint
}

export const createEntry = (order: Order): Entry => ({ order, queue: undefined, previous: undefined, next: undefined })

export const createQueue = (): Queue => ({ first: undefined, last: undefined, quantity: 0n })

/** Adds an entry at the end, in O(1). */
export const append = (queue: Queue, entry: Entry): void => {
  entry.queue = queue
  entry.previous = queue.last
  entry.next = undefined
  if (queue.last === undefined) queue.first = entry
  else queue.last.next = entry
  queue.last = entry
  queue.quantity += entry.order.remaining
}

/** Takes an entry out of the queue it stands in, wherever it stands, in O(1). */
export const detach = (entry: Entry): void => {
  const { queue, previous, next } = entry
  if (queue === undefined) return
  if (previous === undefined) queue.first = next
  else previous.next = next
  if (next === undefined) queue.last = previous
  else next.previous = previous
  queue.quantity -= entry.order.remaining
  entry.queue = undefined
  entry.previous = undefined
  entry.next = undefined
}

/** Lowers what an entry has left, and its queue's sum with it. */
export const reduce = (entry: Entry, quantity: bigint): void => {
  entry.order = { ...entry.order, remaining: entry.order.remaining - quantity }
  if (entry.queue !== undefined) entry.queue.quantity -= quantity
}

/** Walks a queue from its head. */
export function* entriesOf(queue: Queue): Generator<Entry> {
  for (let entry = queue.first; entry !== undefined; entry = entry.next) yield entry
}
