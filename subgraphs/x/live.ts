import type { PubSub, TopicSubscription } from '@codai/stores'
import type { Logger } from '../_kit/index.ts'
import type { LevelChange } from './matching/events.ts'
import type { OrderRecord } from './orders.ts'
import type { TradeRecord } from './trade-store.ts'

/** Levels of a book that changed, in ticks and lots; `sequence` counts such changes without gaps. */
export type BookChange = { sequence: number; changes: readonly LevelChange[] }

/** What goes live: one topic for each person's orders, and three for each instrument. */
export type Topics = {
  [orders: `x orders ${string}`]: OrderRecord
  [trades: `x trades ${string}`]: TradeRecord
  [book: `x book ${string}`]: BookChange
  [ticker: `x ticker ${string}`]: true
}

/** What a command changed, for whoever listens. */
export type News = {
  symbol: string
  orders: readonly OrderRecord[]
  trades: readonly TradeRecord[]
  book: BookChange | undefined
}

/** The live side of x: tells what is committed, and lets listen to it. */
export type Live = {
  /** Tells listeners, in order. It never fails: what could not be told is read when they begin again. */
  tell(news: News): Promise<void>
  orders(ownerId: string): TopicSubscription<OrderRecord>
  trades(symbol: string): TopicSubscription<TradeRecord>
  book(symbol: string): TopicSubscription<BookChange>
  /** An event whenever something of the instrument's ticker may be another. */
  ticker(symbol: string): TopicSubscription<true>
}

/** The live side over publish/subscribe. */
export const createLive = (pubSub: PubSub<Topics>, logger: Logger): Live => ({
  tell: async ({ symbol, orders, trades, book }) => {
    try {
      if (book !== undefined) await pubSub.publish(`x book ${symbol}`, book)
      for (const trade of trades) await pubSub.publish(`x trades ${symbol}`, trade)
      for (const order of orders) await pubSub.publish(`x orders ${order.ownerId}`, order)
      if (book !== undefined || trades.length > 0) await pubSub.publish(`x ticker ${symbol}`, true)
    } catch (error) {
      logger.warn({ err: error, symbol }, 'Listeners could not be told of a change')
    }
  },
  orders: (ownerId) => pubSub.subscribe(`x orders ${ownerId}`),
  trades: (symbol) => pubSub.subscribe(`x trades ${symbol}`),
  book: (symbol) => pubSub.subscribe(`x book ${symbol}`),
  ticker: (symbol) => pubSub.subscribe(`x ticker ${symbol}`),
})
