export type Side = 'BUY' | 'SELL'
export type OrderType = 'LIMIT' | 'MARKET' | 'STOP'
/** GTC rests until filled or cancelled, IOC fills what it can at once, FOK fills whole at once or not at all. */
export type TimeInForce = 'GTC' | 'IOC' | 'FOK'

/** What a trader asks for. Prices are in ticks, quantities in lots, a budget in ticks × lots (see units.ts). */
export type NewOrder = {
  readonly id: string
  readonly ownerId: string
  readonly side: Side
  readonly type: OrderType
  readonly timeInForce: TimeInForce
  readonly quantity: bigint
  /** The limit. LIMIT always has one; a STOP with one becomes a limit order when it triggers, without one a market order. */
  readonly price?: bigint
  /** STOP only: the last trade price that triggers it, from below for a BUY and from above for a SELL. */
  readonly stopPrice?: bigint
  /** The most that a BUY without a price may spend: the funds that are held for it. */
  readonly budget?: bigint
}

/** An order that the book knows. */
export type Order = NewOrder & {
  readonly remaining: bigint
  /** Time priority within a price. A stop gets a new one when it triggers, for that is when it arrives in the book. */
  readonly sequence: number
}

export const opposite = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY')

/** Whether an order with this limit may trade at `price`. No limit accepts every price. */
export const accepts = (order: NewOrder, price: bigint): boolean => {
  if (order.price === undefined) return true
  return order.side === 'BUY' ? price <= order.price : price >= order.price
}
