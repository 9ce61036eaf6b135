import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import x from './subgraph.ts'
import { changesOf, exchangeOf, listInstrument, tablesOf, traderIn } from './trading.fixture.ts'
import type { OrderInput, Trader } from './trading.fixture.ts'

let world: TestWorld
let ada: Trader
let bob: Trader
let carol: Trader
let symbol: string
let markets = 0

beforeAll(async () => {
  world = await startWorld([x, bancai])
  ada = traderIn(world, demoPeople.ada)
  bob = traderIn(world, demoPeople.bob)
  carol = traderIn(world, demoPeople.carol)
})
afterAll(() => world?.stop())

/** A new instrument, in whose book nobody has an order yet. */
const newMarket = async (): Promise<void> => {
  symbol = await listInstrument(await tablesOf(world), `STORY-${(markets += 1)}`)
}

const buy = (price: string | undefined, quantity: string, rest: Partial<OrderInput> = {}): OrderInput => ({
  symbol,
  side: 'BUY',
  quantity,
  ...(price !== undefined && { price }),
  ...rest,
})
const sell = (price: string | undefined, quantity: string, rest: Partial<OrderInput> = {}): OrderInput => ({
  ...buy(price, quantity, rest),
  side: 'SELL',
})
const market = { type: 'MARKET' } as const

const bookOf = async (): Promise<unknown> => {
  const document = `query ($symbol: ID!) { instrument(symbol: $symbol) {
    orderBook { bids { price quantity } asks { price quantity } } } }`
  return (await ada.x.query(document, { symbol })).data.instrument.orderBook
}

describe('a limit order', () => {
  beforeAll(newMarket)

  it('rests in the book with its funds held, and gives them back when it is cancelled', async () => {
    const before = await ada.funds()
    const order = await ada.trade(buy('50000', '0.012'))
    expect(order).toMatchObject({ status: 'OPEN', filled: '0', price: '50000', quantity: '0.012', averagePrice: null })
    expect(await bookOf()).toEqual({ bids: [{ price: '50000', quantity: '0.012' }], asks: [] })
    expect(changesOf(before, await ada.funds())).toEqual({ EUR: { balance: '0', available: '-600' } })

    const cancelled = await ada.withdraw(order.id)
    expect(cancelled).toMatchObject({ status: 'CANCELLED', statusReason: 'Cancelled by its owner.' })
    expect(await bookOf()).toEqual({ bids: [], asks: [] })
    expect(await ada.funds()).toEqual(before)
    expect((await ada.cancel(order.id)).codes).toEqual(['CONFLICT'])
  })

  it('trades with one that crosses it, at its own price, and both legs settle to the cent', async () => {
    const [seller, buyer] = [await ada.funds(), await bob.funds()]
    const resting = await ada.trade(sell('50000', '0.02'))
    const crossing = await bob.trade(buy('50010', '0.03'))
    expect(crossing).toMatchObject({ status: 'PARTIALLY_FILLED', filled: '0.02', averagePrice: '50000' })
    expect(crossing.fills.edges).toMatchObject([{ node: { price: '50000', quantity: '0.02', takerSide: 'BUY' } }])
    expect(await ada.order(resting.id)).toMatchObject({ status: 'FILLED', filled: '0.02', averagePrice: '50000' })
    expect(changesOf(seller, await ada.funds())).toEqual({
      EUR: { balance: '1000', available: '1000' },
      BTC: { balance: '-0.02', available: '-0.02' },
    })
    // 0.01 at 50010 is still held, and so is what the better price left over.
    expect(changesOf(buyer, await bob.funds())).toEqual({
      EUR: { balance: '-1000', available: '-1500.3' },
      BTC: { balance: '0.02', available: '0.02' },
    })

    await bob.withdraw(crossing.id)
    expect(changesOf(buyer, await bob.funds())).toEqual({
      EUR: { balance: '-1000', available: '-1000' },
      BTC: { balance: '0.02', available: '0.02' },
    })
  })

  it('gives back what a better price saved as soon as it is filled', async () => {
    const before = await bob.funds()
    await ada.trade(sell('40000', '0.001'))
    expect(await bob.trade(buy('40010', '0.001'))).toMatchObject({ status: 'FILLED', averagePrice: '40000' })
    expect(changesOf(before, await bob.funds()).EUR).toEqual({ balance: '-40', available: '-40' })
  })

  it('never trades with an order of the same person', async () => {
    const before = await ada.funds()
    const resting = await ada.trade(sell('41000', '0.002'))
    const own = await ada.trade(buy('41000', '0.001'))
    expect(own).toMatchObject({ status: 'CANCELLED', filled: '0', statusReason: expect.stringContaining('same owner') })
    expect(await ada.order(resting.id)).toMatchObject({ status: 'OPEN', filled: '0' })
    await ada.withdraw(resting.id)
    expect(await ada.funds()).toEqual(before)
  })
})

describe('orders that do not wait', () => {
  beforeAll(newMarket)

  it('take what there is at once and leave the rest: immediate or cancel', async () => {
    const before = await bob.funds()
    await ada.trade(sell('50000', '0.002'))
    const order = await bob.trade(buy('50000', '0.005', { timeInForce: 'IOC' }))
    expect(order).toMatchObject({ status: 'CANCELLED', filled: '0.002', averagePrice: '50000' })
    expect(order.statusReason).toContain('Immediate or cancel')
    expect(await bookOf()).toEqual({ bids: [], asks: [] })
    expect(changesOf(before, await bob.funds()).EUR).toEqual({ balance: '-100', available: '-100' })
  })

  it('are filled wholly or not at all: fill or kill', async () => {
    const before = await bob.funds()
    const resting = await ada.trade(sell('50000', '0.002'))
    const killed = await bob.trade(buy('50000', '0.003', { timeInForce: 'FOK' }))
    expect(killed).toMatchObject({ status: 'CANCELLED', filled: '0' })
    expect(await bob.funds()).toEqual(before)
    expect(await bob.trade(buy('50000', '0.002', { timeInForce: 'FOK' }))).toMatchObject({ status: 'FILLED' })
    expect(await ada.order(resting.id)).toMatchObject({ status: 'FILLED' })
  })

  it('walk through the prices there are: market orders', async () => {
    const [seller, buyer] = [await ada.funds(), await bob.funds()]
    await ada.trade(sell('50000', '0.002'))
    await ada.trade(sell('50100', '0.002'))
    const bought = await bob.trade(buy(undefined, '0.003', market))
    expect(bought).toMatchObject({ status: 'FILLED', price: null, averagePrice: '50033.33333333' })
    expect(changesOf(buyer, await bob.funds())).toEqual({
      EUR: { balance: '-150.1', available: '-150.1' },
      BTC: { balance: '0.003', available: '0.003' },
    })
    expect(changesOf(seller, await ada.funds()).EUR).toEqual({ balance: '150.1', available: '150.1' })

    const leftOver = await carol.trade(buy(undefined, '0.01', market))
    expect(leftOver).toMatchObject({ status: 'CANCELLED', filled: '0.001', averagePrice: '50100' })
    expect(leftOver.statusReason).toContain('nothing more to match')

    await carol.trade(buy('49000', '0.004'))
    expect(await ada.trade(sell(undefined, '0.004', market))).toMatchObject({ status: 'FILLED', averagePrice: '49000' })
  })

  it('find nothing in an empty book, and cost nothing', async () => {
    const before = await bob.funds()
    expect(await bob.trade(buy(undefined, '0.003', market))).toMatchObject({ status: 'CANCELLED', filled: '0' })
    expect(await bob.trade(sell(undefined, '0.003', market))).toMatchObject({ status: 'CANCELLED', filled: '0' })
    expect(await bob.funds()).toEqual(before)
  })
})

describe('a stop order', () => {
  beforeAll(newMarket)

  it('sleeps until the last price reaches it, and then trades as a market or limit order', async () => {
    const before = await carol.funds()
    const stop = await carol.trade(sell(undefined, '0.002', { type: 'STOP', stopPrice: '49000' }))
    const stopLimit = await carol.trade(buy('52000', '0.001', { type: 'STOP', stopPrice: '51000' }))
    expect(stop).toMatchObject({ status: 'WAITING', stopPrice: '49000', price: null })
    expect(stopLimit).toMatchObject({ status: 'WAITING' })
    expect(changesOf(before, await carol.funds())).toEqual({
      EUR: { balance: '0', available: '-52' },
      BTC: { balance: '0', available: '-0.002' },
    })
    expect(await bookOf()).toEqual({ bids: [], asks: [] })

    await bob.trade(buy('48500', '0.005'))
    expect(await carol.order(stop.id)).toMatchObject({ status: 'WAITING' })
    await ada.trade(sell('48500', '0.001'))
    expect(await carol.order(stop.id)).toMatchObject({ status: 'FILLED', averagePrice: '48500' })
    expect(changesOf(before, await carol.funds())).toEqual({
      EUR: { balance: '97', available: '45' },
      BTC: { balance: '-0.002', available: '-0.002' },
    })

    await ada.trade(sell('51000', '0.003'))
    await bob.trade(buy('51000', '0.001'))
    expect(await carol.order(stopLimit.id)).toMatchObject({ status: 'FILLED', averagePrice: '51000' })
  })

  it('without a price keeps a margin above its stop price, and gives it back in the end', async () => {
    const before = await carol.funds()
    const stop = await carol.trade(buy(undefined, '0.001', { type: 'STOP', stopPrice: '60000' }))
    expect(changesOf(before, await carol.funds()).EUR).toEqual({ balance: '0', available: '-63' })
    await carol.withdraw(stop.id)
    expect(await carol.funds()).toEqual(before)
  })
})

describe('an order that is refused', () => {
  beforeAll(newMarket)

  it('for a lack of funds leaves nothing behind', async () => {
    const before = await world.fingerprint()
    expect((await ada.place(buy('50000', '1'))).codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect((await ada.place(sell('50000', '1'))).codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect((await ada.place(buy(undefined, '1', { type: 'STOP', stopPrice: '50000' }))).codes).toEqual([
      'INSUFFICIENT_FUNDS',
    ])
    expect(await world.fingerprint()).toBe(before)
  })

  it('at market says what it would have cost', async () => {
    const whale = traderIn(world, demoPeople.marketMaker)
    const offer = await whale.trade(sell('50000', '2'))
    const { codes, errors } = await ada.place(buy(undefined, '1', market))
    expect(codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect(errors?.[0]?.message).toContain('about 50000 EUR')
    await whale.withdraw(offer.id)
  })

  it('by a halted instrument can still be cancelled if it was there before', async () => {
    const order = await ada.trade(buy('50000', '0.001'))
    const tables = await tablesOf(world)
    await tables.instrument.update({ where: { symbol }, data: { status: 'HALTED' } })
    expect((await bob.place(sell('50000', '0.001'))).codes).toEqual(['CONFLICT'])
    // Halted while its funds were being held: the book refuses it as well.
    const late = { id: 'late', ownerId: bob.id, quantity: 1n, price: 5_000n }
    const command = { type: 'place', order: { ...late, side: 'SELL', type: 'LIMIT', timeInForce: 'GTC' } } as const
    await expect(exchangeOf(world).exchange.run(symbol, command)).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await ada.withdraw(order.id)).toMatchObject({ status: 'CANCELLED' })
    await tables.instrument.update({ where: { symbol }, data: { status: 'TRADING' } })
  })

  it('for a price between two ticks names both of them', async () => {
    const { errors, codes } = await ada.place(buy('50004', '0.001'))
    expect(codes).toEqual(['BAD_USER_INPUT'])
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('the nearest are 50000 and 50010'),
      extensions: { field: 'price' },
    })
  })
})

describe('strangers', () => {
  beforeAll(newMarket)

  it('neither see nor cancel an order, but see what was traded', async () => {
    const order = await ada.trade(sell('50000', '0.002'))
    expect(await bob.order(order.id)).toBeNull()
    expect((await bob.cancel(order.id)).codes).toEqual(['NOT_FOUND'])
    const ofAda = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
      orders { edges { node { id } } } portfolio { value { amount } } } } }`
    const peek = await bob.x.query(ofAda, { of: [{ __typename: 'User', id: ada.id }] })
    expect(peek.codes).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expect(peek.data._entities).toEqual([{ orders: null, portfolio: null }])

    await bob.trade(buy('50000', '0.001'))
    const tape = `query ($symbol: ID!) { instrument(symbol: $symbol) {
      trades { edges { node { price quantity makerOrder { id } takerOrder { id } } } } } }`
    const trade = { price: '50000', quantity: '0.001' }
    const seenBy = async (client: Trader['x']) =>
      (await client.query(tape, { symbol })).data.instrument.trades.edges[0].node
    expect(await seenBy(carol.x)).toEqual({ ...trade, makerOrder: null, takerOrder: null })
    expect(await seenBy(ada.x)).toEqual({ ...trade, makerOrder: { id: order.id }, takerOrder: null })
    expect(await seenBy(world.asService('jurnalai'))).toMatchObject({ makerOrder: { id: order.id } })
    expect((await world.asAdmin().query(`{ order(id: "${order.id}") { id } }`)).data.order).toEqual({ id: order.id })
    await ada.withdraw(order.id)
  })
})
