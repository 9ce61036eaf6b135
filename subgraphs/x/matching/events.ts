import type { NewOrder, Order, Side } from './order.ts'

export type CancelReason =
  | 'REQUESTED'
  | 'IOC_REMAINDER'
  | 'FOK_NOT_FILLABLE'
  | 'MARKET_REMAINDER'
  | 'SELF_TRADE_PREVENTION'
  | 'FUNDS'

export type Command =
  | { readonly type: 'place'; readonly order: NewOrder }
  /** FUNDS is for an order whose hold was lost; REQUESTED, the default, for its owner's wish. */
  | { readonly type: 'cancel'; readonly orderId: string; readonly reason?: 'REQUESTED' | 'FUNDS' }
  /** Fires the stops that a long cascade left over (`book.triggeredStops` tells how many) and does nothing else. */
  | { readonly type: 'continue' }

/** One party of a trade; `remaining` is what its order has left after the trade. */
export type TradeParty = { readonly orderId: string; readonly ownerId: string; readonly remaining: bigint }

/** The new total at a price; zero says that the level is gone. */
export type LevelChange = { readonly side: Side; readonly price: bigint; readonly quantity: bigint }

export type Accepted = { readonly type: 'accepted'; readonly order: Order }
export type Rested = {
  readonly type: 'rested'
  readonly orderId: string
  readonly price: bigint
  readonly quantity: bigint
}
/** A trade is at the maker's price. `tradeNumber` counts from 1 without gaps: it names the trade for good. */
export type Traded = {
  readonly type: 'traded'
  readonly tradeNumber: number
  readonly price: bigint
  readonly quantity: bigint
  readonly takerSide: Side
  readonly maker: TradeParty
  readonly taker: TradeParty
}
/** `sequence` is the order's new time priority, `lastPrice` the trade price known when it fired. */
export type StopTriggered = {
  readonly type: 'stopTriggered'
  readonly orderId: string
  readonly sequence: number
  readonly lastPrice: bigint
}
export type Cancelled = {
  readonly type: 'cancelled'
  readonly orderId: string
  readonly reason: CancelReason
  readonly quantity: bigint
}
/** Ends a command that changed what the book shows; `sequence` counts these from 1 without gaps. */
export type LevelsChanged = {
  readonly type: 'levelsChanged'
  readonly sequence: number
  readonly changes: readonly LevelChange[]
}

/** Everything that can happen to a book. The list of them, in order, is the book's whole history. */
export type BookEvent = Accepted | Rested | Traded | StopTriggered | Cancelled | LevelsChanged
