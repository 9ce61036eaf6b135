import { silentLogger } from '@codai/runtime'
import { openPubSub } from '@codai/stores'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PlaceOrderInput } from '../.generated/x.ts'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { LiveStream, TestWorld } from '../_kit/testing/index.ts'
import { open } from './context.ts'
import { bookUpdates } from './live-resolvers.ts'
import { openConflated } from './streams.ts'
import x from './subgraph.ts'
import { exchangeOf, listInstrument, tablesOf, traderIn } from './trading.fixture.ts'
import type { OrderInput, Trader } from './trading.fixture.ts'

let world: TestWorld
let ada: Trader
let bob: Trader
beforeAll(async () => {
  world = await startWorld([x, bancai])
  ada = traderIn(world, demoPeople.ada)
  bob = traderIn(world, demoPeople.bob)
})
afterAll(() => world?.stop())

type Level = { price: string; quantity: string }
type Update = { kind: string; sequence: number; bids: Level[]; asks: Level[] }
type Sides = { bids: Level[]; asks: Level[] }

const levels = 'bids { price quantity } asks { price quantity }'
const bookStream = `subscription ($symbol: ID!) { orderBook(symbol: $symbol) { kind sequence ${levels} instrument { symbol } } }`

const limit = (symbol: string, side: 'BUY' | 'SELL', price: string, quantity = '0.001'): OrderInput => ({
  symbol,
  side,
  price,
  quantity,
})

const changed = (side: readonly Level[], changes: readonly Level[]): Level[] => {
  const known = new Map(side.map((level) => [level.price, level]))
  for (const level of changes) {
    if (level.quantity === '0') known.delete(level.price)
    else known.set(level.price, level)
  }
  return [...known.values()]
}

const sorted = ({ bids, asks }: Sides): Sides => {
  const byPrice = (first: Level, second: Level): number => Number(first.price) - Number(second.price)
  return { bids: bids.toSorted(byPrice).toReversed(), asks: asks.toSorted(byPrice) }
}

const bookOf = async (symbol: string): Promise<Sides & { sequence: number }> => {
  const document = `query ($symbol: ID!) { instrument(symbol: $symbol) { orderBook(depth: 100) { sequence ${levels} } } }`
  return (await ada.x.query(document, { symbol })).data.instrument.orderBook
}

/** Follows a stream of updates, without a gap, until a sequence is reached. */
const follow = async (stream: LiveStream, until: number, begun?: Update): Promise<Sides> => {
  let { bids, asks, sequence } = begun ?? (await stream.next()).data.orderBook
  while (sequence < until) {
    const update: Update = (await stream.next()).data.orderBook
    expect(update).toMatchObject({ kind: 'CHANGE', sequence: sequence + 1 })
    sequence = update.sequence
    bids = changed(bids, update.bids)
    asks = changed(asks, update.asks)
  }
  return sorted({ bids, asks })
}

describe('the stream of an order book', () => {
  it('begins with a snapshot, and its changes reproduce the book that a query shows', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'STREAM')
    const first = await ada.trade(limit(symbol, 'BUY', '49000'))
    const stream = await world.asAnonymous().subscribe(bookStream, { symbol })
    const snapshot = (await stream.next()).data.orderBook
    expect(snapshot).toEqual({
      kind: 'SNAPSHOT',
      sequence: 1,
      bids: [{ price: '49000', quantity: '0.001' }],
      asks: [],
      instrument: { symbol },
    })

    await bob.trade(limit(symbol, 'SELL', '51000', '0.003'))
    await ada.trade(limit(symbol, 'BUY', '51000', '0.001'))
    await ada.withdraw(first.id)
    await ada.trade(limit(symbol, 'BUY', '48000'))
    const { sequence, ...book } = await bookOf(symbol)
    expect(sequence).toBe(5)
    expect(await follow(stream, sequence, snapshot)).toEqual(book)
    expect(book).toEqual({
      bids: [{ price: '48000', quantity: '0.001' }],
      asks: [{ price: '51000', quantity: '0.002' }],
    })
    await stream.stop()
  })

  it('misses nothing that happens while it begins', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'STREAM-2')
    const orders = Array.from({ length: 24 }, (_, index) =>
      (index % 2 === 0 ? ada : bob).trade(limit(symbol, index % 2 === 0 ? 'BUY' : 'SELL', String(45_000 + 10 * index))),
    )
    const streams = await Promise.all(
      Array.from({ length: 4 }, () => world.asAnonymous().subscribe(bookStream, { symbol })),
    )
    await Promise.all(orders)
    const { sequence, ...book } = await bookOf(symbol)
    for (const stream of streams) {
      expect(await follow(stream, sequence)).toEqual(book)
      await stream.stop()
    }
  })

  it('leaves out changes that its snapshot holds already, and begins anew where one is missing', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'STREAM-4')
    const service = exchangeOf(world)
    // Listening has begun, but the snapshot is not taken yet.
    const instrument = await service.store.instrument(symbol)
    if (instrument === undefined) throw new Error('It was just listed.')
    const updates = await bookUpdates(service, instrument)
    await ada.trade(limit(symbol, 'BUY', '49000'))
    await ada.trade(limit(symbol, 'BUY', '49010'))
    const next = async (): Promise<unknown[]> => {
      const { value } = await updates.next()
      return [value?.kind, value?.sequence, value?.bids.length]
    }
    expect(await next()).toEqual(['SNAPSHOT', 2, 2])
    await ada.trade(limit(symbol, 'BUY', '49020'))
    expect(await next()).toEqual(['CHANGE', 3, 1])

    // What another process changed is told late, or not at all.
    const other = await open({ ...world.hosted('x').platform, pubSub: () => openPubSub({ logger: silentLogger }) })
    const elsewhere = {
      ...limit(symbol, 'BUY', '49030'),
      type: 'LIMIT',
      timeInForce: 'GTC',
      idempotencyKey: 'elsewhere',
    }
    await other.placement.place(ada.id, elsewhere as PlaceOrderInput)
    await ada.trade(limit(symbol, 'BUY', '49040'))
    expect(await next()).toEqual(['SNAPSHOT', 5, 5])
    await updates.return?.()
    expect(await updates.next()).toMatchObject({ done: true })
  })

  it('of an unknown instrument is refused', async () => {
    const stream = await ada.x.subscribe(bookStream, { symbol: 'DOGE-EUR' })
    expect((await stream.next()).codes).toEqual(['NOT_FOUND'])
    await stream.stop()
  })
})

describe('the streams of trades and of own orders', () => {
  it('tell each trade to everyone, and each change of an order to its owner alone', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'STREAM-3')
    const tape = await world
      .asAnonymous()
      .subscribe('subscription ($symbol: ID!) { tradesExecuted(symbol: $symbol) { id price quantity takerSide } }', {
        symbol,
      })
    const own = 'subscription { orderUpdated { id status filled fills { edges { node { quantity } } } } }'
    const [adas, bobs] = [await ada.x.subscribe(own), await bob.x.subscribe(own)]

    const resting = await ada.trade(limit(symbol, 'SELL', '50000', '0.005'))
    const taking = await bob.trade(limit(symbol, 'BUY', '50000', '0.002'))
    await bob.trade(limit(symbol, 'BUY', '50000', '0.001'))
    await ada.withdraw(resting.id)

    const trade = { price: '50000', takerSide: 'BUY' }
    expect((await tape.next()).data.tradesExecuted).toEqual({ ...trade, id: `${symbol}-1`, quantity: '0.002' })
    expect((await tape.next()).data.tradesExecuted).toEqual({ ...trade, id: `${symbol}-2`, quantity: '0.001' })
    const updates = [await adas.next(), await adas.next(), await adas.next(), await adas.next()]
    expect(updates.map(({ data }) => [data.orderUpdated.status, data.orderUpdated.filled])).toEqual([
      ['OPEN', '0'],
      ['PARTIALLY_FILLED', '0.002'],
      ['PARTIALLY_FILLED', '0.003'],
      ['CANCELLED', '0.003'],
    ])
    expect((await bobs.next()).data.orderUpdated).toMatchObject({ id: taking.id, status: 'FILLED' })
    expect((await bobs.next()).data.orderUpdated).toMatchObject({ status: 'FILLED', filled: '0.001' })
    await Promise.all([tape, adas, bobs].map((stream) => stream.stop()))
  })
})

describe('news that come faster than they are told', () => {
  it('are told once for each instrument and pause, the newest state at last', async () => {
    vi.useFakeTimers()
    try {
      const pubSub = openPubSub<Record<string, true>>({ logger: silentLogger })
      const topics = ['BTC-EUR', 'ETH-EUR'] as const
      const stream = await openConflated(new Map(topics.map((topic) => [topic, pubSub.subscribe(topic)])), 100)
      expect([(await stream.next()).value, (await stream.next()).value]).toEqual(topics)
      for (let count = 0; count < 50; count += 1) await pubSub.publish('ETH-EUR', true)
      let isTold = false
      const told = stream.next().finally(() => (isTold = true))
      await vi.advanceTimersByTimeAsync(99)
      expect(isTold).toBe(false)
      await vi.advanceTimersByTimeAsync(1)
      expect(await told).toEqual({ value: 'ETH-EUR', done: false })

      const nothingMore = stream.next()
      await vi.advanceTimersByTimeAsync(1_000)
      await stream.return?.()
      expect(await nothingMore).toEqual({ value: undefined, done: true })
      await pubSub.close()
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('the stream of tickers', () => {
  const tickers =
    'subscription ($symbols: [ID!]) { ticker(symbols: $symbols) { symbol ticker { last bid ask volume } } }'

  it('gives every instrument at once, and then the newest state without each step to it', async () => {
    const symbols = [
      await listInstrument(await tablesOf(world), 'TICK-1'),
      await listInstrument(await tablesOf(world), 'TICK-2'),
    ]
    const stream = await world.asAnonymous().subscribe(tickers, { symbols })
    const first = [(await stream.next()).data.ticker, (await stream.next()).data.ticker]
    expect(new Set(first.map(({ symbol }) => symbol))).toEqual(new Set(symbols))
    expect(first[0].ticker).toEqual({ last: null, bid: null, ask: null, volume: '0' })

    const [symbol = ''] = symbols
    const events = 30
    await bob.trade(limit(symbol, 'SELL', '60000'))
    await Promise.all(
      Array.from({ length: events }, (_, index) => ada.trade(limit(symbol, 'BUY', String(40_000 + 10 * index)))),
    )
    await ada.trade(limit(symbol, 'BUY', '60000'))
    const newest = { last: '60000', bid: '40290', ask: null, volume: '0.001' }
    let told = 0
    for (let ticker: unknown; JSON.stringify(ticker) !== JSON.stringify(newest); told += 1) {
      ticker = (await stream.next()).data.ticker.ticker
    }
    expect(told).toBeLessThan(events)
    await stream.stop()
  })

  it('gives all instruments when none is named, and refuses unknown ones', async () => {
    const all = await ada.x.subscribe(tickers, {})
    const symbols = new Set<string>()
    while (!symbols.has('BTC-EUR') || !symbols.has('ETH-EUR') || !symbols.has('CDX-EUR')) {
      symbols.add((await all.next()).data.ticker.symbol)
    }
    await all.stop()
    const unknown = await ada.x.subscribe(tickers, { symbols: ['BTC-EUR', 'DOGE-EUR'] })
    expect((await unknown.next()).codes).toEqual(['NOT_FOUND'])
    await unknown.stop()
  })
})
