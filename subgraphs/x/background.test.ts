import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Client } from 'pg'
import type { HandlerTransaction } from '@codai/stores'
import bancai from '../bancai/subgraph.ts'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import type { Service } from './context.ts'
import { nextStep, quotesAround } from './quotes.ts'
import { startUpkeep } from './start.ts'
import x from './subgraph.ts'
import { accepted, exchangeOf, listInstrument, tablesOf, traderIn } from './trading.fixture.ts'

describe('the upkeep', () => {
  let world: TestWorld
  beforeAll(async () => {
    // Without the market maker, which would trade with those who are watched.
    const upkeepOnly: Subgraph = { ...x, start: async (service, platform) => startUpkeep(service as Service, platform) }
    world = await startWorld([upkeepOnly, bancai], { start: true })
  })
  afterAll(() => world?.stop())

  it('settles by itself what could not be settled when it was traded', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'LATER')
    const ada = traderIn(world, demoPeople.ada)
    const bob = traderIn(world, demoPeople.bob)
    await ada.trade({ symbol, side: 'SELL', price: '50000', quantity: '0.002' })
    const document =
      'subscription ($account: ID!) { accountActivity(account: $account) { entry { amount { amount } } } }'
    const activity = await ada.bancai.subscribe(document, { account: demoAccounts.ada.EUR })

    const blocker = new Client({ connectionString: world.hosted('x').platform.config.databaseUrl })
    await blocker.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT 1 FROM bancai.accounts WHERE id = $1 FOR UPDATE', [demoAccounts.ada.EUR])
    expect(await bob.trade({ symbol, side: 'BUY', price: '50000', quantity: '0.002' })).toMatchObject({
      status: 'FILLED',
    })
    await blocker.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'codai bancai' AND wait_event_type = 'Lock'`)
    await blocker.end()

    expect((await activity.next()).data.accountActivity).toEqual({ entry: { amount: { amount: '100.00' } } })
    await activity.stop()
  })

  it('lets other services know of trades and orders through the event bus', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'TOLD')
    const events: { type: string; payload: unknown }[] = []
    const bus = await world.hosted('x').platform.events()
    const listener = bus.subscribe({
      group: 'told',
      types: ['x.tradeExecuted', 'x.orderUpdated'],
      handle: async ({ type, payload }, _transaction: HandlerTransaction) => {
        if ((payload as { symbol: string }).symbol === symbol) events.push({ type, payload })
      },
    })
    const ada = traderIn(world, demoPeople.ada)
    const bob = traderIn(world, demoPeople.bob)
    const resting = await ada.trade({ symbol, side: 'SELL', price: '50000', quantity: '0.003' })
    const taking = await bob.trade({ symbol, side: 'BUY', price: '50000', quantity: '0.001' })
    await bus.settled()
    await listener.stop()

    expect(events.filter(({ type }) => type === 'x.tradeExecuted').map(({ payload }) => payload)).toEqual([
      {
        tradeId: `${symbol}-1`,
        symbol,
        price: '50000',
        quantity: '0.001',
        makerUser: ada.id,
        takerUser: bob.id,
      },
    ])
    const order = { symbol, quantity: '0.003', side: 'SELL', orderId: resting.id, owner: ada.id }
    const updates = events.filter(({ type }) => type === 'x.orderUpdated').map(({ payload }) => payload)
    expect(updates).toHaveLength(3)
    expect(updates).toEqual(
      expect.arrayContaining([
        { ...order, status: 'OPEN', filled: '0' },
        { ...order, status: 'PARTIALLY_FILLED', filled: '0.001' },
        {
          symbol,
          quantity: '0.001',
          side: 'BUY',
          orderId: taking.id,
          owner: bob.id,
          status: 'FILLED',
          filled: '0.001',
        },
      ]),
    )
  })
})

describe('the market maker', () => {
  it('quotes both sides and trades with the taker, with funds of its own, until it is stopped', async () => {
    const world = await startWorld([x, bancai], { start: true })
    try {
      const tape =
        'subscription { tradesExecuted(symbol: "BTC-EUR") { price makerOrder { owner { id } } takerOrder { owner { id } } } }'
      const trades = await world.asAdmin().subscribe(tape)
      const traded = (await trades.next()).data.tradesExecuted
      expect(traded).toMatchObject({
        makerOrder: { owner: { id: demoPeople.marketMaker.id } },
        takerOrder: { owner: { id: demoPeople.liquidityTaker.id } },
      })
      await trades.stop()
      const book =
        '{ instrument(symbol: "BTC-EUR") { orderBook { bids { price } asks { price } } ticker { bid ask } } }'
      const { instrument } = await accepted(world.asAnonymous().query(book))
      expect(instrument.orderBook.bids.length).toBeGreaterThan(2)
      expect(instrument.orderBook.asks.length).toBeGreaterThan(2)
      expect(Number(instrument.ticker.bid)).toBeLessThan(Number(instrument.ticker.ask))
      const { EUR } = await traderIn(world, demoPeople.marketMaker).funds()
      expect(Number(EUR?.available)).toBeLessThan(Number(EUR?.balance))
    } finally {
      await world.stop()
    }
  })

  it('is one process at a time for each instrument, until its lease runs out', async () => {
    const world = await startWorld([x, bancai])
    try {
      const { store } = exchangeOf(world)
      const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second))
      const take = (holder: string, now: number, until: number): Promise<boolean> =>
        store.takeLease('BTC-EUR', holder, at(now), at(until))
      expect(await Promise.all([take('first', 0, 10), take('second', 0, 10)])).toEqual(
        expect.arrayContaining([true, false]),
      )
      expect(await take('third', 9, 19)).toBe(false)
      expect(await take('third', 11, 21)).toBe(true)
      expect(await take('third', 15, 25)).toBe(true)
      expect(await take('first', 22, 32)).toBe(false)
      expect(await store.takeLease('ETH-EUR', 'first', at(22), at(32))).toBe(true)
    } finally {
      await world.stop()
    }
  })

  const steady = (): number => 0.5
  const wanted = quotesAround(1_000, steady)
  const open = wanted.map(({ side, price }, index) => ({ id: `${index}`, side, price }))

  it('wants eight quotes on each side, and none at the price itself', () => {
    expect(wanted.filter(({ side }) => side === 'BUY').map(({ price }) => price)).toEqual([
      999n,
      998n,
      997n,
      996n,
      995n,
      994n,
      993n,
      992n,
    ])
    expect(wanted.filter(({ side }) => side === 'SELL').map(({ price }) => price)).toEqual([
      1_001n,
      1_002n,
      1_003n,
      1_004n,
      1_005n,
      1_006n,
      1_007n,
      1_008n,
    ])
    expect(nextStep(wanted, open, 2)).toEqual({ cancel: [], place: [] })
  })

  it('moves with the price in small steps, the quotes that stand in its way first', () => {
    const step = nextStep(quotesAround(1_002, steady), open, 2)
    expect(step.cancel.map(({ side, price }) => [side, price])).toEqual([
      ['SELL', 1_002n],
      ['SELL', 1_001n],
    ])
    expect(step.place.map(({ side, price }) => [side, price])).toEqual([
      ['BUY', 1_001n],
      ['BUY', 1_000n],
    ])
  })

  it('never places a quote that would meet one of its own', () => {
    const step = nextStep(quotesAround(1_010, steady), open, 1)
    const staying = open.filter(({ id, side }) => side === 'SELL' && !step.cancel.some((quote) => quote.id === id))
    const lowest = Math.min(...staying.map(({ price }) => Number(price)))
    expect(step.place.filter(({ side, price }) => side === 'BUY' && price >= lowest)).toEqual([])
    expect(staying).toHaveLength(7)
  })
})
