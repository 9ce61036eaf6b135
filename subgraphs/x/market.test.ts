import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLogger } from '@codai/runtime'
import { openPubSub } from '@codai/stores'
import type { PlaceOrderInput } from '../.generated/x.ts'
import bancai from '../bancai/subgraph.ts'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { fillGaps, spanOf } from './candles.ts'
import { open } from './context.ts'
import { requireWholeAmounts } from './instruments.ts'
import x from './subgraph.ts'
import { accepted, listInstrument, tablesOf, traderIn } from './trading.fixture.ts'
import type { Trader } from './trading.fixture.ts'

let world: TestWorld
let ada: Trader
let bob: Trader
beforeAll(async () => {
  world = await startWorld([x, bancai])
  ada = traderIn(world, demoPeople.ada)
  bob = traderIn(world, demoPeople.bob)
})
afterAll(() => world?.stop())

const ask = async (document: string, variables?: Record<string, unknown>) =>
  accepted(world.asAnonymous().query(document, variables))

const deal = async (symbol: string, price: string, quantity: string): Promise<void> => {
  await ada.trade({ symbol, side: 'SELL', price, quantity })
  await bob.trade({ symbol, side: 'BUY', price, quantity })
}

describe('the market', () => {
  it('is public: instruments by symbol, page by page', async () => {
    const page = `query ($after: String) { instruments(first: 2, after: $after) {
      edges { node { symbol base quote tickSize lotSize status } } pageInfo { hasNextPage endCursor } } }`
    const first = (await ask(page)).instruments
    expect(first.edges[0].node).toEqual({
      symbol: 'BTC-EUR',
      base: 'BTC',
      quote: 'EUR',
      tickSize: '10',
      lotSize: '0.001',
      status: 'TRADING',
    })
    const second = (await ask(page, { after: first.pageInfo.endCursor })).instruments
    const symbols = [...first.edges, ...second.edges].map(({ node }: { node: { symbol: string } }) => node.symbol)
    expect(symbols).toEqual(['BTC-EUR', 'CDX-EUR', 'ETH-EUR'])
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect((await ask('{ instrument(symbol: "DOGE-EUR") { symbol } }')).instrument).toBeNull()
  })

  it('begins with two days of history that end at the reference rate', async () => {
    const { instrument } = await ask(`{ instrument(symbol: "BTC-EUR") {
      ticker { last open high low volume changePercent bid ask }
      candles(interval: ONE_MINUTE) { start open high low close volume } } }`)
    expect(instrument.ticker).toMatchObject({ last: '60000', bid: null, ask: null })
    expect(instrument.candles).toHaveLength(200)
    expect(instrument.candles.at(-1)).toMatchObject({ close: '60000' })
    const { open, high, low } = instrument.ticker
    expect(Number(low)).toBeLessThan(Number(high))
    expect(instrument.ticker.changePercent).toBe((((60_000 - Number(open)) / Number(open)) * 100).toFixed(2))
    for (const candle of instrument.candles) {
      expect(Number(candle.low)).toBeLessThanOrEqual(Math.min(Number(candle.open), Number(candle.close)))
      expect(Number(candle.high)).toBeGreaterThanOrEqual(Math.max(Number(candle.open), Number(candle.close)))
    }
  })

  it('draws a candle from the trades of an interval, and repeats the last close where there were none', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'CANDLES')
    const candles = async (interval: string) =>
      (
        await ask(
          `{ instrument(symbol: "${symbol}") { candles(interval: ${interval}) { open high low close volume } } }`,
        )
      ).instrument.candles
    expect(await candles('ONE_MINUTE')).toEqual([])
    // From the beginning of an hour, so that the first trades share one.
    world.advance(3_600_000 - (Date.now() % 3_600_000))
    await deal(symbol, '50000', '0.001')
    await deal(symbol, '50200', '0.002')
    await deal(symbol, '49900', '0.001')
    world.advance(3 * 3_600_000)
    await deal(symbol, '50100', '0.001')

    const days = await candles('ONE_DAY')
    const sum = days.reduce((total: number, { volume }: { volume: string }) => total + Number(volume), 0)
    expect(sum).toBeCloseTo(0.005)
    const hours = await candles('ONE_HOUR')
    const [first] = hours
    expect(first).toMatchObject({ open: '50000', high: '50200', low: '49900', close: '49900' })
    expect(hours.at(-1)).toEqual({ open: '50100', high: '50100', low: '50100', close: '50100', volume: '0.001' })
    expect(hours.slice(1, -1)).toContainEqual({
      open: '49900',
      high: '49900',
      low: '49900',
      close: '49900',
      volume: '0',
    })
    const { ticker } = (
      await ask(`{ instrument(symbol: "${symbol}") { ticker {
      last open high low volume changePercent } } }`)
    ).instrument
    expect(ticker).toEqual({
      last: '50100',
      open: '50000',
      high: '50200',
      low: '49900',
      volume: '0.005',
      changePercent: '0.20',
    })
  })

  it('shows no more of a book than was asked for, and refuses what is no depth', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'DEPTH')
    for (const price of ['48000', '48010', '48020']) await ada.trade({ symbol, side: 'BUY', price, quantity: '0.001' })
    const book = `query ($depth: Int) { instrument(symbol: "${symbol}") { orderBook(depth: $depth) { bids { price } } } }`
    expect((await ask(book, { depth: 2 })).instrument.orderBook.bids).toEqual([{ price: '48020' }, { price: '48010' }])
    expect((await world.asAnonymous().query(book, { depth: 501 })).codes).toEqual(['BAD_USER_INPUT'])
  })

  it('makes tickers once for each change, and asks the store only whether there was one', async () => {
    const tickers = '{ instruments(first: 3) { edges { node { ticker { last volume } } } } }'
    await ask(tickers)
    const calls: number[] = []
    // A minute may begin in between, and with it the last 24 hours begin later.
    for (const _ of [1, 2]) {
      const before = world.storeCalls()
      await ask(tickers)
      calls.push(world.storeCalls() - before)
    }
    // The page, and the numbers of the last changes.
    expect(Math.min(...calls)).toBe(2)
  })

  it('shows in a ticker at once what another process did', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'ELSEWHERE')
    const ticker = `{ instrument(symbol: "${symbol}") { ticker { last bid ask volume } } }`
    await ada.trade({ symbol, side: 'SELL', price: '50000', quantity: '0.001' })
    const before = { last: null, bid: null, ask: '50000', volume: '0' }
    expect((await ask(ticker)).instrument.ticker).toEqual(before)
    const other = await open({ ...world.hosted('x').platform, pubSub: () => openPubSub({ logger: silentLogger }) })
    const order = { symbol, side: 'BUY', price: '50000', quantity: '0.001', type: 'LIMIT', timeInForce: 'GTC' }
    await other.placement.place(bob.id, { ...order, idempotencyKey: 'elsewhere' } as PlaceOrderInput)
    const after = { last: '50000', bid: null, ask: null, volume: '0.001' }
    expect((await ask(ticker)).instrument.ticker).toEqual(after)
  })
})

describe('the span of candles', () => {
  const minute = 60_000
  const now = new Date(1_000_000 * minute + 30_000)
  const at = (minutes: number): Date => new Date(minutes * minute)

  it('is the last 200 intervals with the running one, when nothing is said', () => {
    expect(spanOf('ONE_MINUTE', null, null, now)).toEqual({
      first: 999_801 * minute,
      end: 1_000_001 * minute,
      length: minute,
    })
  })

  it('holds the intervals that begin in it, and nothing of the future', () => {
    const span = spanOf('FIVE_MINUTES', at(999_991), at(1_000_100), now)
    expect(span).toEqual({ first: 999_995 * minute, end: 1_000_005 * minute, length: 5 * minute })
    expect(spanOf('ONE_MINUTE', at(10), at(12), now)).toMatchObject({ first: 10 * minute, end: 12 * minute })
  })

  it('is refused when it is too long or runs backwards', () => {
    expect(() => spanOf('ONE_MINUTE', at(0), at(1_001), now)).toThrow('at most 1000 intervals')
    expect(spanOf('ONE_MINUTE', at(0), at(1_000), now)).toMatchObject({ first: 0 })
    expect(() => spanOf('ONE_MINUTE', at(5), at(5), now)).toThrow('`from` has to be before `to`')
  })

  it('begins with the first price, and is filled from then on', () => {
    const row = { start: at(2), open: 5n, high: 7n, low: 4n, close: 6n, volume: 3n }
    const span = { first: 0, end: 4 * minute, length: minute }
    const flat = (start: Date, price: bigint) => ({
      start,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: 0n,
    })
    expect(fillGaps([row], span, undefined)).toEqual([row, flat(at(3), 6n)])
    expect(fillGaps([row], span, 9n)).toEqual([flat(at(0), 9n), flat(at(1), 9n), row, flat(at(3), 6n)])
  })
})

describe('a portfolio', () => {
  it('values what is held at the last prices, and knows what was paid for it here', async () => {
    const [{ EUR: euro = { balance: '', available: '' } }] = [await ada.funds()]
    await bob.trade({ symbol: 'ETH-EUR', side: 'SELL', price: '3100', quantity: '0.4' })
    await ada.trade({ symbol: 'ETH-EUR', side: 'BUY', price: '3100', quantity: '0.4' })
    const { portfolio } = await accepted(
      ada.x.query(`{ portfolio { owner { id } value { amount currency } positions {
        currency quantity available value { amount } averageCost unrealizedProfit { amount } account { id } } } }`),
    )
    const orders = await (
      await tablesOf(world)
    ).order.findMany({
      where: { ownerId: ada.id, symbol: 'ETH-EUR', side: 'BUY' },
    })
    // In ticks of 1 EUR and lots of 0.01 ETH.
    const paid = orders.reduce((sum, { notional }) => sum + Number(notional), 0)
    const lots = orders.reduce((sum, { filled }) => sum + Number(filled), 0)
    const ether = portfolio.positions.find(({ currency }: { currency: string }) => currency === 'ETH')
    expect(ether).toEqual({
      currency: 'ETH',
      quantity: '4.40000000',
      available: '4.40000000',
      value: { amount: '13640.00' },
      averageCost: String(paid / lots),
      unrealizedProfit: { amount: ((3_100 * lots - paid) / 100).toFixed(2) },
      account: { id: demoAccounts.ada.ETH },
    })
    const cash = portfolio.positions.find(({ currency }: { currency: string }) => currency === 'EUR')
    expect(cash).toMatchObject({ averageCost: null, unrealizedProfit: null, account: { id: demoAccounts.ada.EUR } })
    expect(Number(cash.value.amount)).toBe(Number(euro.balance) - 1_240)
    const values = portfolio.positions.map(({ value }: { value: { amount: string } }) => Number(value.amount))
    expect(values).toEqual(values.toSorted((first: number, second: number) => second - first))
    const total = values.reduce((sum: number, value: number) => sum + value, 0)
    expect(portfolio.value).toEqual({ amount: total.toFixed(2), currency: 'EUR' })
    expect(portfolio.owner).toEqual({ id: ada.id })
  })

  it('gets an account for what somebody buys for the first time', async () => {
    const newcomer = traderIn(world, { id: 'newcomer' })
    await newcomer.fund('EUR', '1000')
    await bob.trade({ symbol: 'CDX-EUR', side: 'SELL', price: '1.25', quantity: '100' })
    expect(await newcomer.trade({ symbol: 'CDX-EUR', side: 'BUY', price: '1.25', quantity: '100' })).toMatchObject({
      status: 'FILLED',
    })
    expect(await newcomer.funds()).toEqual({
      EUR: { balance: '875.00', available: '875.00' },
      CDX: { balance: '100.00000000', available: '100.00000000' },
    })
    expect((await newcomer.place({ symbol: 'BTC-EUR', side: 'SELL', price: '60000', quantity: '1' })).codes).toEqual([
      'INSUFFICIENT_FUNDS',
    ])
  })
})

describe('an instrument', () => {
  it('is refused when its amounts would have to be rounded', () => {
    const terms = { symbol: 'BTC-EUR', base: 'BTC', quote: 'EUR', tickSize: '10', lotSize: '0.001' } as const
    expect(() => requireWholeAmounts(terms)).not.toThrow()
    expect(() => requireWholeAmounts({ ...terms, tickSize: '1' })).toThrow('EUR has 2 decimals')
    expect(() => requireWholeAmounts({ ...terms, lotSize: '0.000000001' })).toThrow('BTC has 8 decimals')
  })
})
