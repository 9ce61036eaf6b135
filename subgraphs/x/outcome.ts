import type { OrderStatus } from '../.generated/prisma/client.ts'
import type { BookEvent, LevelsChanged, Traded } from './matching/events.ts'
import type { Side } from './matching/order.ts'
import { cancelReasons } from './orders.ts'

/** How a command changed one order; `filled` and `notional` are what came to what it had. */
export type OrderChange = {
  id: string
  filled: bigint
  notional: bigint
  status: OrderStatus
  statusReason: string | null
}

/** A trade as the book made it; `id` names it for good. */
export type NewTrade = {
  id: string
  symbol: string
  number: bigint
  price: bigint
  quantity: bigint
  takerSide: Side
  makerOrderId: string
  takerOrderId: string
  makerOwnerId: string
  takerOwnerId: string
}

/** What a candle gains by the trades of a command. */
export type CandleChange = { open: bigint; high: bigint; low: bigint; close: bigint; volume: bigint }

/** All that a command did, as it is kept and told. */
export type Outcome = {
  symbol: string
  events: readonly BookEvent[]
  orders: readonly OrderChange[]
  trades: readonly NewTrade[]
  candle: CandleChange | undefined
  levels: LevelsChanged | undefined
}

const tradeFrom = (symbol: string, event: Traded): NewTrade => ({
  // The book counts its trades without gaps, so the number names the trade, also when it is settled twice.
  id: `${symbol}-${event.tradeNumber}`,
  symbol,
  number: BigInt(event.tradeNumber),
  price: event.price,
  quantity: event.quantity,
  takerSide: event.takerSide,
  makerOrderId: event.maker.orderId,
  takerOrderId: event.taker.orderId,
  makerOwnerId: event.maker.ownerId,
  takerOwnerId: event.taker.ownerId,
})

const candleOf = (trades: readonly NewTrade[]): CandleChange | undefined => {
  const [first, ...rest] = trades
  if (first === undefined) return undefined
  const { price, quantity } = first
  return rest.reduce<CandleChange>(
    (candle, trade) => ({
      open: candle.open,
      high: trade.price > candle.high ? trade.price : candle.high,
      low: trade.price < candle.low ? trade.price : candle.low,
      close: trade.price,
      volume: candle.volume + trade.quantity,
    }),
    { open: price, high: price, low: price, close: price, volume: quantity },
  )
}

const orderChanges = (events: readonly BookEvent[]): OrderChange[] => {
  const changes = new Map<string, OrderChange>()
  const change = (id: string, next: Partial<OrderChange>): void => {
    const known = changes.get(id) ?? { id, filled: 0n, notional: 0n, status: 'OPEN', statusReason: null }
    changes.set(id, { ...known, ...next })
  }
  const fill = (id: string, { price, quantity }: Traded, remaining: bigint): void => {
    const { filled = 0n, notional = 0n } = changes.get(id) ?? {}
    change(id, {
      filled: filled + quantity,
      notional: notional + quantity * price,
      status: remaining === 0n ? 'FILLED' : 'PARTIALLY_FILLED',
    })
  }

  for (const event of events) {
    switch (event.type) {
      case 'accepted':
        change(event.order.id, { status: event.order.type === 'STOP' ? 'WAITING' : 'OPEN' })
        break
      case 'stopTriggered':
        change(event.orderId, { status: 'OPEN' })
        break
      case 'traded':
        fill(event.maker.orderId, event, event.maker.remaining)
        fill(event.taker.orderId, event, event.taker.remaining)
        break
      case 'cancelled':
        change(event.orderId, { status: 'CANCELLED', statusReason: cancelReasons[event.reason] })
        break
      case 'rested':
      case 'levelsChanged':
        break
    }
  }
  return [...changes.values()]
}

/** Reads off the events of one command what changed: orders, trades, the candle and the levels. */
export const outcomeOf = (symbol: string, events: readonly BookEvent[]): Outcome => {
  const trades = events.flatMap((event) => (event.type === 'traded' ? [tradeFrom(symbol, event)] : []))
  return {
    symbol,
    events,
    orders: orderChanges(events),
    trades,
    candle: candleOf(trades),
    levels: events.find((event) => event.type === 'levelsChanged'),
  }
}
