import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { open } from './context.ts'
import { createExchange } from './exchange.ts'
import x from './subgraph.ts'
import { changesOf, exchangeOf, listInstrument, replayLog, sumOf, tablesOf, traderIn } from './trading.fixture.ts'
import type { OrderInput, Trader } from './trading.fixture.ts'

let world: TestWorld
let traders: Trader[]
let ada: Trader
let bob: Trader
beforeAll(async () => {
  world = await startWorld([x, bancai])
  const { carol, marketMaker } = demoPeople
  ada = traderIn(world, demoPeople.ada)
  bob = traderIn(world, demoPeople.bob)
  traders = [ada, bob, traderIn(world, carol), traderIn(world, marketMaker)]
})
afterAll(() => world?.stop())

const limit = (symbol: string, side: 'BUY' | 'SELL', price: string, quantity: string): OrderInput => ({
  symbol,
  side,
  price,
  quantity,
  idempotencyKey: randomUUID(),
})

const contentsOf = (symbol: string) => exchangeOf(world).exchange.read(symbol, (book) => book.contents())

const sql = async <Row>(work: (client: Client) => Promise<Row>): Promise<Row> => {
  const client = new Client({ connectionString: world.hosted('x').platform.config.databaseUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

describe('after a restart', () => {
  it('the book is rebuilt from its log, stops and priorities included, and goes on where it was', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'RESTART')
    await ada.trade(limit(symbol, 'BUY', '50000', '0.002'))
    await bob.trade(limit(symbol, 'BUY', '50000', '0.001'))
    await bob.trade(limit(symbol, 'SELL', '51000', '0.003'))
    const stop = await ada.trade({ symbol, side: 'BUY', quantity: '0.001', type: 'STOP', stopPrice: '51000' })
    await ada.trade(limit(symbol, 'BUY', '50500', '0.001'))
    const before = await contentsOf(symbol)

    await world.restart()
    expect(await contentsOf(symbol)).toEqual(before)
    expect((await replayLog(await tablesOf(world), symbol)).contents()).toEqual(before)

    const taken = await bob.trade(limit(symbol, 'SELL', '50500', '0.001'))
    expect(taken.fills.edges).toMatchObject([{ node: { id: `${symbol}-1` } }])
    expect(await ada.trade(limit(symbol, 'BUY', '51000', '0.001'))).toMatchObject({ status: 'FILLED' })
    expect(await ada.order(stop.id)).toMatchObject({ status: 'FILLED', averagePrice: '51000' })
  })

  it('a snapshot and the log behind it give the same book as the whole log', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'SNAPSHOT')
    for (let price = 50_000; price < 50_070; price += 10) await ada.trade(limit(symbol, 'BUY', String(price), '0.001'))
    const { store, live, now } = exchangeOf(world)
    const platform = world.hosted('x').platform
    const parts = { store, live, now, events: await platform.events(), logger: silentLogger }
    const writer = createExchange({ ...parts, snapshotEvery: 4n })
    const [order] = await store.openOrdersOf(ada.id, symbol)
    await writer.run(symbol, { type: 'cancel', orderId: order?.id ?? '' })
    expect(await store.snapshot(symbol)).toMatchObject({ number: 8n })
    await exchangeOf(world).settlement.sweep()
    await bob.trade(limit(symbol, 'SELL', '50060', '0.001'))

    const reader = createExchange(parts)
    const contents = await reader.read(symbol, (book) => book.contents())
    expect(contents).toEqual((await replayLog(await tablesOf(world), symbol)).contents())
    expect(contents).toEqual(await contentsOf(symbol))
  })
})

describe('two processes', () => {
  it('serve one book together: one log without holes, every order once, and both see the same', async () => {
    const tables = await tablesOf(world)
    const symbol = await listInstrument(tables, 'TOGETHER')
    const other = await open(world.hosted('x').platform)
    const before = await Promise.all([ada.funds(), bob.funds()])
    const placed = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const person = index % 4 < 2 ? ada : bob
        const order = limit(symbol, index % 4 < 2 ? 'BUY' : 'SELL', String(50_000 + 10 * (index % 3)), '0.001')
        if (index % 2 === 0) return person.trade(order)
        return other.placement.place(person.id, {
          timeInForce: 'GTC',
          type: 'LIMIT',
          ...order,
          idempotencyKey: `${index}`,
        })
      }),
    )
    expect(new Set(placed.map(({ id }) => id)).size).toBe(40)
    const commands = await tables.bookCommand.findMany({ where: { symbol }, orderBy: { number: 'asc' } })
    expect(commands.map(({ number }) => Number(number))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    const replayed = (await replayLog(tables, symbol)).contents()
    expect(await contentsOf(symbol)).toEqual(replayed)
    expect(await other.exchange.read(symbol, (book) => book.contents())).toEqual(replayed)

    // Every hold is given back by whichever of the two settled its last trade.
    for (const { id, ownerId } of [...replayed.bids, ...replayed.asks]) await other.placement.cancel(ownerId, id)
    await other.settlement.idle()
    const [adas, bobs] = [changesOf(before[0], await ada.funds()), changesOf(before[1], await bob.funds())]
    for (const change of Object.values({ ...adas, ...bobs })) expect(change.available).toBe(change.balance)
    expect(adas['BTC']?.balance).toBe(sumOf([`-${bobs['BTC']?.balance}`.replace('--', '')]))
  })
})

describe('when the database refuses a command', () => {
  it('nothing of it was traded in memory either, and the same order can be placed again', async () => {
    const tables = await tablesOf(world)
    const symbol = await listInstrument(tables, 'REFUSED')
    await ada.trade(limit(symbol, 'SELL', '50000', '0.007'))
    const before = await contentsOf(symbol)
    const order = limit(symbol, 'BUY', '50000', '0.007')
    await sql((client) => client.query('ALTER TABLE x.trades ADD CONSTRAINT no_seven CHECK (quantity <> 7)'))
    expect((await bob.place(order)).codes).toEqual(['INTERNAL_SERVER_ERROR'])
    expect(await contentsOf(symbol)).toEqual(before)

    await sql((client) => client.query('ALTER TABLE x.trades DROP CONSTRAINT no_seven'))
    expect(await bob.trade(order)).toMatchObject({ status: 'FILLED', filled: '0.007' })
  })
})

describe('when bancai stops', () => {
  it('orders are refused, and what was traded already settles once it is back', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'OUTAGE')
    await ada.trade(limit(symbol, 'SELL', '50000', '0.004'))
    const [seller, buyer] = [await ada.funds(), await bob.funds()]

    // Ada cannot be paid any more: Bob's funds are still held, but the trade is not booked.
    await sql(async (client) => {
      await client.query('BEGIN')
      await client.query('SELECT 1 FROM bancai.accounts WHERE id = $1 FOR UPDATE', [demoAccounts.ada.EUR])
      expect(await bob.trade(limit(symbol, 'BUY', '50000', '0.004'))).toMatchObject({ status: 'FILLED' })
      await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'codai bancai' AND wait_event_type = 'Lock'`)
      await world.hosted('bancai').platform.lifecycle.stop()
    })
    const refused = limit(symbol, 'BUY', '49000', '0.001')
    expect((await bob.place(refused)).codes).toEqual(['UNAVAILABLE'])
    await expect(exchangeOf(world).settlement.sweep()).rejects.toMatchObject({ code: 'UNAVAILABLE' })

    await world.restart()
    expect(changesOf(seller, await ada.funds())).toEqual({})
    await exchangeOf(world).settlement.sweep()
    await exchangeOf(world).settlement.sweep()
    expect(changesOf(seller, await ada.funds())).toEqual({
      EUR: { balance: '200', available: '200' },
      BTC: { balance: '-0.004', available: '0' },
    })
    expect(changesOf(buyer, await bob.funds())).toEqual({
      EUR: { balance: '-200', available: '-200' },
      BTC: { balance: '0.004', available: '0.004' },
    })
    expect(await bob.trade(refused)).toMatchObject({ status: 'OPEN' })
  })
})

describe('when the process is killed in the middle of a storm of orders', () => {
  it('every answered order is there, every trade settles once, and no money is lost or left held', async () => {
    const tables = await tablesOf(world)
    const symbol = await listInstrument(tables, 'KILLED')
    const totals = async (): Promise<Record<string, string>> => {
      const all = await Promise.all(traders.map(({ funds }) => funds()))
      return Object.fromEntries(
        ['EUR', 'BTC'].map((currency) => [currency, sumOf(all.map((funds) => funds[currency]?.balance ?? ''))]),
      )
    }
    const before = await totals()
    const { config } = world.hosted('x').platform
    for (const name of ['x', 'bancai']) await world.hosted(name).platform.lifecycle.stop()
    const child = spawnChild({
      name: 'x and bancai',
      command: process.execPath,
      args: ['--import', 'tsx', join(repositoryRoot, 'subgraphs/_host/main.ts')],
      cwd: repositoryRoot,
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'test',
        LOG_LEVEL: 'error',
        TARGET: 'x,bancai',
        SEED: 'false',
        PORT_OFFSET: String(config.portOffset),
        IDENTITY_SECRET: config.identitySecret,
        DATABASE_URL: config.databaseUrl,
      },
      logger: silentLogger,
    })
    await child.ready

    const asked: { trader: Trader; order: OrderInput }[] = []
    const answered = new Map<string, string>()
    let killing: Promise<unknown> | undefined
    const trade = async (trader: Trader): Promise<void> => {
      while (killing === undefined) {
        const number = asked.length
        const price = String(50_000 + 10 * ((number * 7) % 20))
        const order = limit(symbol, number % 2 === 0 ? 'BUY' : 'SELL', price, `0.00${1 + (number % 3)}`)
        asked.push({ trader, order })
        answered.set(order.idempotencyKey ?? '', (await trader.trade(order)).id)
        if (answered.size === 60) killing = child.stop('SIGKILL')
      }
    }
    const ends = await Promise.allSettled([...traders, ...traders, ...traders].map(trade))
    await killing
    expect(ends.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(5)

    await world.restart()
    const after = await tablesOf(world)
    const contents = await contentsOf(symbol)
    expect((await replayLog(after, symbol)).contents()).toEqual(contents)

    // Half of those who got no answer ask again; the others never come back.
    for (const [index, { trader, order }] of asked.entries()) {
      const id = answered.get(order.idempotencyKey ?? '')
      if (id !== undefined) expect(await trader.order(id)).toMatchObject({ id })
      else if (index % 2 === 0) expect(await trader.trade(order)).toMatchObject({ side: order.side })
    }
    world.advance(61_000)
    await exchangeOf(world).placement.recover()
    await exchangeOf(world).settlement.sweep()
    const orders = await after.order.findMany({ where: { symbol } })
    expect(new Set(orders.map(({ ownerId, idempotencyKey }) => `${ownerId} ${idempotencyKey}`)).size).toBe(
      orders.length,
    )
    expect(orders.filter(({ status }) => status === 'PENDING')).toEqual([])
    expect(await totals()).toEqual(before)

    const open = await after.order.findMany({ where: { status: { in: ['OPEN', 'PARTIALLY_FILLED', 'WAITING'] } } })
    for (const { id, ownerId } of open) await traders.find((trader) => trader.id === ownerId)?.withdraw(id)
    await exchangeOf(world).settlement.sweep()
    for (const { funds } of traders) {
      for (const { balance, available } of Object.values(await funds())) expect(available).toBe(balance)
    }
    expect(await totals()).toEqual(before)
    const trades = await after.trade.findMany({ where: { symbol } })
    expect(trades.filter(({ settledAt }) => settledAt === null)).toEqual([])
    const settled = await after.transfer.findMany({ where: { idempotencyKey: { in: trades.map(({ id }) => id) } } })
    expect(settled.map(({ idempotencyKey }) => idempotencyKey).toSorted()).toEqual(
      trades.map(({ id }) => id).toSorted(),
    )
  }, 120_000)
})
