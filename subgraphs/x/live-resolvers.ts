import type { OrderBookUpdate, PriceLevel, Resolvers } from '../.generated/x.ts'
import { badInput, live, notFound, requireId, requireUser } from '../_kit/index.ts'
import type { Context, Service } from './context.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { BookChange } from './live.ts'
import type { Side } from './matching/order.ts'
import type { OrderRecord } from './orders.ts'
import { levelsOf } from './instrument-resolvers.ts'
import type { TradeRecord } from './trade-store.ts'
import { listening, openConflated } from './streams.ts'

/** An update of a book, with the instrument as resolvers get it. */
export type OrderBookUpdateRecord = Omit<OrderBookUpdate, 'instrument'> & { instrument: InstrumentRecord }

const SNAPSHOT_LEVELS = 100
const MOST_TICKERS = 100
/** At most ten a second. */
const TICKER_PAUSE_MS = 100

const requireInstrument = async ({ store }: Service, symbol: string): Promise<InstrumentRecord> => {
  const instrument = await store.instrument(requireId('Instrument', symbol))
  if (instrument === undefined) throw notFound('Instrument', symbol)
  return instrument
}

/**
 * The book as a snapshot, then its changes. A change that the snapshot holds already is left out; when one is missing,
 * as after changes by two processes that overtook each other, a new snapshot takes its place.
 */
export const bookUpdates = async (
  service: Service,
  instrument: InstrumentRecord,
): Promise<AsyncIterableIterator<OrderBookUpdateRecord, void>> => {
  const snapshot = async (): Promise<OrderBookUpdateRecord> => {
    const { sequence, bids, asks } = await service.exchange.read(instrument.symbol, (book) =>
      book.depth(SNAPSHOT_LEVELS),
    )
    const levels = { bids: levelsOf(instrument, bids), asks: levelsOf(instrument, asks) }
    return { instrument, kind: 'SNAPSHOT', sequence, ...levels }
  }
  const change = ({ sequence, changes }: BookChange): OrderBookUpdateRecord => {
    const of = (wanted: Side): PriceLevel[] =>
      levelsOf(
        instrument,
        changes.filter(({ side }) => side === wanted),
      )
    return { instrument, kind: 'CHANGE', sequence, bids: of('BUY'), asks: of('SELL') }
  }

  return live(await listening(service.live.book(instrument.symbol)), async function* (changes) {
    let update = await snapshot()
    yield update
    for await (const next of changes) {
      if (next.sequence <= update.sequence) continue
      update = next.sequence === update.sequence + 1 ? change(next) : await snapshot()
      yield update
    }
  })
}

const tickerSymbols = async ({ store }: Service, symbols: readonly string[]): Promise<string[]> => {
  if (symbols.length > MOST_TICKERS) {
    throw badInput(`At most ${MOST_TICKERS} symbols are followed in one stream.`, { field: 'symbols' })
  }
  if (symbols.length === 0) return (await store.allInstruments(MOST_TICKERS, undefined)).map(({ symbol }) => symbol)
  const wanted = symbols.map((symbol) => requireId('Instrument', symbol))
  const known = new Set((await store.instruments(wanted)).map(({ symbol }) => symbol))
  const unknown = symbols.find((symbol) => !known.has(symbol))
  if (unknown !== undefined) throw notFound('Instrument', unknown)
  return [...known]
}

export const subscriptionResolvers = {
  Subscription: {
    ticker: {
      subscribe: async (_parent, { symbols }, { service }) => {
        const wanted = await tickerSymbols(service, symbols ?? [])
        const sources = new Map(wanted.map((symbol) => [symbol, service.live.ticker(symbol)]))
        return openConflated(sources, TICKER_PAUSE_MS)
      },
      resolve: (symbol: string, _args: unknown, { loaders }: Context) => loaders.instruments.load(symbol),
    },
    orderBook: {
      subscribe: async (_parent, { symbol }, { service }) =>
        bookUpdates(service, await requireInstrument(service, symbol)),
      resolve: (update: OrderBookUpdateRecord) => update,
    },
    tradesExecuted: {
      subscribe: async (_parent, { symbol }, { service }) => {
        await requireInstrument(service, symbol)
        return listening(service.live.trades(symbol))
      },
      resolve: (trade: TradeRecord) => trade,
    },
    orderUpdated: {
      subscribe: async (_parent, _args, context) => listening(context.service.live.orders(requireUser(context))),
      resolve: (order: OrderRecord) => order,
    },
  },
} satisfies Resolvers
