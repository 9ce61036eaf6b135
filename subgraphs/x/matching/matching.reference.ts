import type { BookEvent, CancelReason, Command } from './events.ts'
import type { NewOrder } from './order.ts'

type Standing = 'MATCHING' | 'RESTING' | 'WAITING' | 'TRIGGERED' | 'CLOSED'
type ReferenceOrder = NewOrder & { remaining: bigint; sequence: number; standing: Standing; triggeredAt: number }
type State = { orders: ReferenceOrder[]; lastPrice: bigint | undefined; sequence: number; triggers: number }

const isCrossed = (order: ReferenceOrder, lastPrice: bigint): boolean => {
  const distance = lastPrice - (order.stopPrice ?? 0n)
  return order.side === 'BUY' ? distance >= 0n : distance <= 0n
}

const byNearestStop = (one: ReferenceOrder, other: ReferenceOrder): number => {
  if (one.side !== other.side) return one.side === 'BUY' ? -1 : 1
  const distance = Number((one.stopPrice ?? 0n) - (other.stopPrice ?? 0n)) * (one.side === 'BUY' ? 1 : -1)
  return distance === 0 ? one.sequence - other.sequence : distance
}

const triggerCrossed = (state: State): void => {
  const { lastPrice } = state
  if (lastPrice === undefined) return
  const crossed = state.orders.filter((order) => order.standing === 'WAITING' && isCrossed(order, lastPrice))
  for (const order of crossed.sort(byNearestStop)) {
    state.triggers += 1
    order.standing = 'TRIGGERED'
    order.triggeredAt = state.triggers
  }
}

const byPriority = (one: ReferenceOrder, other: ReferenceOrder): number => {
  const better = Number((one.price ?? 0n) - (other.price ?? 0n)) * (one.side === 'SELL' ? 1 : -1)
  return better === 0 ? one.sequence - other.sequence : better
}

const isWithinLimit = (order: ReferenceOrder, price: bigint): boolean => {
  if (order.price === undefined) return true
  return order.side === 'BUY' ? order.price >= price : order.price <= price
}

const nextMaker = (state: State, taker: ReferenceOrder): ReferenceOrder | undefined =>
  state.orders
    .filter((order) => order.standing === 'RESTING' && order.side !== taker.side)
    .sort(byPriority)
    .find((order) => isWithinLimit(taker, order.price ?? 0n))

/** One lot after the other: slow, and too simple to hide a mistake in the arithmetic of partial fills. */
const fillOneLot = (state: State, taker: ReferenceOrder, spent: bigint): ReferenceOrder | CancelReason | undefined => {
  const maker = nextMaker(state, taker)
  if (maker === undefined) return undefined
  if (maker.ownerId === taker.ownerId) return 'SELF_TRADE_PREVENTION'
  if (taker.budget !== undefined && spent + (maker.price ?? 0n) > taker.budget) return 'FUNDS'
  maker.remaining -= 1n
  taker.remaining -= 1n
  if (maker.remaining === 0n) maker.standing = 'CLOSED'
  state.lastPrice = maker.price
  triggerCrossed(state)
  return maker
}

const sweep = (state: State, taker: ReferenceOrder, told: string[]): CancelReason | undefined => {
  let spent = 0n
  const fills = new Map<string, { price: bigint; quantity: bigint }>()
  let stoppedBy: CancelReason | undefined
  while (taker.remaining > 0n) {
    const outcome = fillOneLot(state, taker, spent)
    if (typeof outcome !== 'object') {
      stoppedBy = outcome
      break
    }
    const price = outcome.price ?? 0n
    spent += price
    fills.set(outcome.id, { price, quantity: (fills.get(outcome.id)?.quantity ?? 0n) + 1n })
  }
  for (const [maker, { price, quantity }] of fills) told.push(`trade ${maker} ${taker.id} ${quantity} at ${price}`)
  return stoppedBy
}

const wouldFill = (state: State, taker: ReferenceOrder): boolean => {
  const copy = structuredClone(state)
  const copiedTaker = copy.orders.find((order) => order.id === taker.id)
  if (copiedTaker === undefined) return false
  sweep(copy, copiedTaker, [])
  return copiedTaker.remaining === 0n
}

const remainderReason = (order: ReferenceOrder): CancelReason | undefined => {
  if (order.price === undefined) return 'MARKET_REMAINDER'
  return order.timeInForce === 'GTC' ? undefined : 'IOC_REMAINDER'
}

const match = (state: State, order: ReferenceOrder, told: string[]): void => {
  const isRefused = order.timeInForce === 'FOK' && !wouldFill(state, order)
  const reason = isRefused ? 'FOK_NOT_FILLABLE' : (sweep(state, order, told) ?? remainderReason(order))
  order.standing = order.remaining > 0n && reason === undefined ? 'RESTING' : 'CLOSED'
  if (order.remaining === 0n) return
  told.push(
    reason === undefined
      ? `rest ${order.id} ${order.remaining} at ${order.price}`
      : `cancel ${order.id} ${order.remaining} ${reason}`,
  )
}

const place = (state: State, order: NewOrder, told: string[]): void => {
  state.sequence += 1
  const standing = order.type === 'STOP' ? 'WAITING' : 'MATCHING'
  const placed: ReferenceOrder = {
    ...order,
    remaining: order.quantity,
    sequence: state.sequence,
    standing,
    triggeredAt: 0,
  }
  state.orders.push(placed)
  told.push(`accept ${order.id} as ${state.sequence}`)
  if (standing === 'WAITING') triggerCrossed(state)
  else match(state, placed, told)
}

const cancel = (state: State, orderId: string, told: string[]): void => {
  const order = state.orders.find(({ id }) => id === orderId)
  if (order === undefined) return
  order.standing = 'CLOSED'
  told.push(`cancel ${orderId} ${order.remaining} REQUESTED`)
}

const fireStops = (state: State, limit: number, told: string[]): void => {
  for (let fired = 0; fired < limit; fired += 1) {
    const [stop] = state.orders
      .filter((order) => order.standing === 'TRIGGERED')
      .sort((one, other) => one.triggeredAt - other.triggeredAt)
    if (stop === undefined) return
    state.sequence += 1
    stop.sequence = state.sequence
    stop.standing = 'MATCHING'
    told.push(`trigger ${stop.id} as ${stop.sequence}`)
    match(state, stop, told)
  }
}

/**
 * The rules once more, as plainly as they can be put: one list of orders, searched and sorted again for every single
 * lot. The real engine must tell the same story.
 */
export const createReference = (): ((command: Command, cascadeLimit: number) => string[]) => {
  const state: State = { orders: [], lastPrice: undefined, sequence: 0, triggers: 0 }
  return (command, cascadeLimit) => {
    const told: string[] = []
    if (command.type === 'place') place(state, command.order, told)
    if (command.type === 'cancel') cancel(state, command.orderId, told)
    fireStops(state, cascadeLimit, told)
    return told
  }
}

/** The engine's events in the reference's words. */
export const tell = (event: BookEvent): string[] => {
  if (event.type === 'accepted') return [`accept ${event.order.id} as ${event.order.sequence}`]
  if (event.type === 'rested') return [`rest ${event.orderId} ${event.quantity} at ${event.price}`]
  if (event.type === 'stopTriggered') return [`trigger ${event.orderId} as ${event.sequence}`]
  if (event.type === 'cancelled') return [`cancel ${event.orderId} ${event.quantity} ${event.reason}`]
  if (event.type === 'levelsChanged') return []
  return [`trade ${event.maker.orderId} ${event.taker.orderId} ${event.quantity} at ${event.price}`]
}
