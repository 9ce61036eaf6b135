import DataLoader from 'dataloader'
import { loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import type { Ticker } from '../.generated/x.ts'
import { createExchange } from './exchange.ts'
import type { InstrumentRecord } from './instruments.ts'
import { createLedger } from './ledger.ts'
import { createLive } from './live.ts'
import type { Topics } from './live.ts'
import { createPlacement } from './placement.ts'
import { portfolioOf } from './portfolio.ts'
import type { PortfolioRecord } from './portfolio.ts'
import { createSettlement } from './settlement.ts'
import { createStore } from './store.ts'
import { createTickers } from './ticker-cache.ts'
import { dailyStatistics, startOfDay } from './ticker.ts'

/** How many instruments a portfolio is valued with. */
const MOST_INSTRUMENTS = 1_000

/** Opens the exchange over its tables and the ledger. */
export const open = async (platform: Platform) => {
  const { logger, now, newId } = platform
  const store = createStore(await platform.relational())
  const ledger = createLedger(platform.peer('bancai'))
  const live = createLive(platform.pubSub<Topics>(), logger)
  const exchange = createExchange({ store, events: await platform.events(), live, now, logger })
  const settlement = createSettlement({ store, ledger, now, logger })
  platform.lifecycle.onStop('settlement under way', () => settlement.idle())
  const placement = createPlacement({ store, exchange, ledger, settlement, now, newId, logger })
  const tickers = createTickers({ store, exchange, now })
  return { store, ledger, live, exchange, settlement, placement, tickers, now }
}

/** What `open` gives. */
export type Service = Awaited<ReturnType<typeof open>>

const portfoliosOf = async (service: Service, people: readonly string[]): Promise<PortfolioRecord[]> => {
  const { store, ledger, now } = service
  const [accounts, turnover, instruments] = await Promise.all([
    ledger.accountsOf(people),
    store.turnover(people),
    store.allInstruments(MOST_INSTRUMENTS, undefined),
  ])
  const statistics = await dailyStatistics(
    store,
    instruments.map(({ symbol }) => symbol),
    new Date(startOfDay(now())),
  )
  const markets = instruments.map((instrument) => {
    const last = statistics.get(instrument.symbol)?.last
    return { instrument, last: last == null ? undefined : instrument.units.price(last) }
  })
  return people.map((person) => portfolioOf(person, accounts.get(person) ?? [], turnover, markets))
}

/** The batched reads of one request. */
export const loaders = (service: Service, _request: LoaderRequest) => {
  const { store } = service
  return {
    instruments: loader(store.instruments, ({ symbol }) => symbol),
    orders: loader(store.orders, ({ id }) => id),
    trades: loader(store.trades, ({ id }) => id),
    portfolios: new DataLoader((people: readonly string[]) => portfoliosOf(service, people)),
    tickers: new DataLoader<InstrumentRecord, Ticker, string>(service.tickers, { cacheKeyFn: ({ symbol }) => symbol }),
  }
}

/** What resolvers get. */
export type Context = ContextOf<typeof open, typeof loaders>
