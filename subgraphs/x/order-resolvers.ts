import { z } from 'zod'
import type { Resolvers } from '../.generated/x.ts'
import { connection, maySee, requireId, requireMaySee, requireUser } from '../_kit/index.ts'
import type { Connection, ConnectionArguments } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { InstrumentRecord } from './instruments.ts'
import { averagePrice } from './orders.ts'
import type { OrderRecord } from './orders.ts'
import type { TradeRecord } from './trade-store.ts'

/** A person, as far as trading knows people: by key. */
export type UserRecord = { id: string }

const instrumentOf = async ({ symbol }: { symbol: string }, { loaders }: Context): Promise<InstrumentRecord> => {
  const instrument = await loaders.instruments.load(symbol)
  if (instrument === null) throw new Error(`There is no instrument ${symbol}.`)
  return instrument
}

/** An order for those who may see it; null for all others, whether it exists or not. */
const visibleOrder = async (id: string, context: Context): Promise<OrderRecord | null> => {
  const order = await context.loaders.orders.load(id)
  return order !== null && maySee(context, order.ownerId) ? order : null
}

/** A page of trades of one instrument, newest first. */
export const tradePage = (
  page: ConnectionArguments,
  fetch: (limit: number, before: bigint | undefined) => Promise<readonly TradeRecord[]>,
): Promise<Connection<TradeRecord>> =>
  connection(page, {
    position: z.string().regex(/^\d{1,18}$/),
    positionOf: ({ number }: TradeRecord) => number.toString(),
    fetch: (limit, after) => fetch(limit, after === undefined ? undefined : BigInt(after)),
  })

export const orderResolvers = {
  Query: {
    order: (_parent, { id }, context) => visibleOrder(id, context),
    portfolio: (_parent, _args, context) => context.loaders.portfolios.load(requireUser(context)),
  },

  Mutation: {
    placeOrder: (_parent, { input }, context) => context.service.placement.place(requireUser(context), input),
    cancelOrder: (_parent, { order }, context) => context.service.placement.cancel(requireUser(context), order),
  },

  User: {
    __resolveReference: ({ id }) => ({ id }),
    orders: ({ id }, { status, symbol, ...page }, context) => {
      requireMaySee(context, id, 'the orders')
      return connection(page, {
        position: z.ulid(),
        positionOf: (order: OrderRecord) => order.id,
        fetch: (limit, after) =>
          context.service.store.ordersOf(
            id,
            { status: status ?? undefined, symbol: symbol == null ? undefined : requireId('Instrument', symbol) },
            limit,
            after,
          ),
      })
    },
    portfolio: ({ id }, _args, context) => {
      requireMaySee(context, id, 'the portfolio')
      return context.loaders.portfolios.load(id)
    },
  },

  Order: {
    __resolveReference: ({ id }, context) => visibleOrder(id, context),
    owner: ({ ownerId }) => ({ id: ownerId }),
    instrument: (order, _args, context) => instrumentOf(order, context),
    price: async (order, _args, context) => {
      const { units } = await instrumentOf(order, context)
      return order.price === null ? null : units.price(order.price)
    },
    stopPrice: async (order, _args, context) => {
      const { units } = await instrumentOf(order, context)
      return order.stopPrice === null ? null : units.price(order.stopPrice)
    },
    quantity: async (order, _args, context) => (await instrumentOf(order, context)).units.quantity(order.quantity),
    filled: async (order, _args, context) => (await instrumentOf(order, context)).units.quantity(order.filled),
    averagePrice: async (order, _args, context) =>
      averagePrice((await instrumentOf(order, context)).units, order.notional, order.filled),
    fills: ({ id }, page, { service }) =>
      tradePage(page, (limit, before) => service.store.tradesOfOrder(id, limit, before)),
  },

  Trade: {
    __resolveReference: ({ id }, { loaders }) => loaders.trades.load(id),
    instrument: (trade, _args, context) => instrumentOf(trade, context),
    price: async (trade, _args, context) => (await instrumentOf(trade, context)).units.price(trade.price),
    quantity: async (trade, _args, context) => (await instrumentOf(trade, context)).units.quantity(trade.quantity),
    makerOrder: (trade, _args, context) =>
      maySee(context, trade.makerOwnerId) ? context.loaders.orders.load(trade.makerOrderId) : null,
    takerOrder: (trade, _args, context) =>
      maySee(context, trade.takerOwnerId) ? context.loaders.orders.load(trade.takerOrderId) : null,
  },
} satisfies Resolvers
