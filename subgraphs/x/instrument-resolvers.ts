import { z } from 'zod'
import type { PriceLevel, Resolvers } from '../.generated/x.ts'
import { badInput, connection } from '../_kit/index.ts'
import { candlesOf, spanOf } from './candles.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { DepthLevel } from './matching/book.ts'
import { tradePage } from './order-resolvers.ts'

const DEEPEST_BOOK = 500

/** Levels of a book in the decimals of its instrument. */
export const levelsOf = ({ units }: InstrumentRecord, levels: readonly DepthLevel[]): PriceLevel[] =>
  levels.map(({ price, quantity }) => ({ price: units.price(price), quantity: units.quantity(quantity) }))

const checkDepth = (depth: number): number => {
  if (depth >= 1 && depth <= DEEPEST_BOOK) return depth
  throw badInput(`\`depth\` is between 1 and ${DEEPEST_BOOK}.`, { field: 'depth' })
}

export const instrumentResolvers = {
  Query: {
    instruments: (_parent, page, { service }) =>
      connection(page, {
        position: z.string().regex(/^[\w-]+$/),
        positionOf: ({ symbol }: InstrumentRecord) => symbol,
        fetch: service.store.allInstruments,
      }),
    instrument: (_parent, { symbol }, { loaders }) => loaders.instruments.load(symbol),
  },

  Instrument: {
    __resolveReference: ({ symbol }, { loaders }) => loaders.instruments.load(symbol),
    ticker: (instrument, _args, { loaders }) => loaders.tickers.load(instrument),
    orderBook: async (instrument, { depth }, { service }) => {
      const count = checkDepth(depth ?? 20)
      const { sequence, bids, asks } = await service.exchange.read(instrument.symbol, (book) => book.depth(count))
      return { sequence, bids: levelsOf(instrument, bids), asks: levelsOf(instrument, asks) }
    },
    candles: (instrument, { interval, from, to }, { service }) =>
      candlesOf(service.store, instrument, spanOf(interval, from, to, service.now())),
    trades: (instrument, page, { service }) =>
      tradePage(page, (limit, before) => service.store.tradesOfInstrument(instrument.symbol, limit, before)),
  },
} satisfies Resolvers
