import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import x from './subgraph.ts'
import { accepted, exchangeOf, listInstrument, replayLog, sumOf, tablesOf, traderIn } from './trading.fixture.ts'
import type { OrderInput, Trader } from './trading.fixture.ts'

let world: TestWorld
let traders: Trader[]
beforeAll(async () => {
  world = await startWorld([x, bancai])
  const { ada, bob, carol, marketMaker } = demoPeople
  traders = [ada, bob, carol, marketMaker].map((person) => traderIn(world, person))
})
afterAll(() => world?.stop())

const trader = (index: number): Trader => {
  const found = traders[index % traders.length]
  if (found === undefined) throw new Error('There are no traders.')
  return found
}

const totals = async (): Promise<Record<string, string>> => {
  const all = await Promise.all(traders.map(({ funds }) => funds()))
  return Object.fromEntries(
    ['EUR', 'BTC'].map((currency) => [currency, sumOf(all.map((funds) => funds[currency]?.balance ?? '0'))]),
  )
}

describe('the same idempotency key', () => {
  const order = (symbol: string, price = '50000'): OrderInput => ({
    symbol,
    side: 'BUY',
    price,
    quantity: '0.001',
    idempotencyKey: 'once-and-only-once',
  })

  it('sent twenty times at once places one order and holds its funds once', async () => {
    const symbol = await listInstrument(await tablesOf(world), 'ONCE')
    const { place, funds, withdraw, x: client } = trader(0)
    const before = await funds()
    const answers = await Promise.all(Array.from({ length: 20 }, () => accepted(place(order(symbol)))))
    const ids = new Set(answers.map(({ placeOrder }) => placeOrder.id))
    expect(ids.size).toBe(1)
    const spent = Number(before['EUR']?.available) - Number((await funds())['EUR']?.available)
    expect(spent).toBe(50)
    const book = await client.query(`{ instrument(symbol: "${symbol}") { orderBook { bids { quantity } } } }`)
    expect(book.data.instrument.orderBook.bids).toEqual([{ quantity: '0.001' }])

    const [id = ''] = ids
    await withdraw(id)
    expect((await accepted(place(order(symbol)))).placeOrder).toMatchObject({ id, status: 'CANCELLED' })
    expect(await funds()).toEqual(before)
  })

  it('refuses another order, and knows nothing of other people', async () => {
    expect((await trader(0).place(order('ONCE', '50010'))).codes).toEqual(['CONFLICT'])
    const other = await trader(1).trade(order('ONCE', '50010'))
    expect(other).toMatchObject({ status: 'OPEN', price: '50010' })
    await trader(1).withdraw(other.id)
  })

  it('can be used again after an order that was refused for a lack of funds', async () => {
    const key = randomUUID()
    const rich = { ...order('ONCE'), quantity: '2', idempotencyKey: key }
    expect((await trader(0).place(rich)).codes).toEqual(['INSUFFICIENT_FUNDS'])
    const modest = await trader(0).trade({ ...rich, quantity: '0.001' })
    await trader(0).withdraw(modest.id)
  })
})

describe('two hundred orders at once', () => {
  it('conserve money and goods, settle every trade once, and leave a log that rebuilds the book', async () => {
    const tables = await tablesOf(world)
    const symbol = await listInstrument(tables, 'STORM')
    const before = await totals()
    const orders = Array.from({ length: 200 }, (_, index): [Trader, OrderInput] => {
      const side = index % 2 === 0 ? 'BUY' : 'SELL'
      // Prices that overlap by far, so that most orders find somebody.
      const price = String(40_000 + 10 * ((index * 7) % 40))
      const quantity = `0.00${1 + (index % 3)}`
      const timeInForce = index % 11 === 0 ? 'IOC' : 'GTC'
      if (index % 13 === 0) return [trader(index >> 1), { symbol, side, quantity, type: 'MARKET' }]
      return [trader(index >> 1), { symbol, side, price, quantity, timeInForce }]
    })
    const placed = await Promise.all(orders.map(([{ trade }, order]) => trade(order)))
    expect(placed).toHaveLength(200)

    await exchangeOf(world).settlement.sweep()
    const kept = await tables.order.findMany({ where: { symbol } })
    expect(new Set(kept.map(({ id }) => id))).toEqual(new Set(placed.map(({ id }) => id)))
    const trades = await tables.trade.findMany({ where: { symbol }, orderBy: { number: 'asc' } })
    expect(trades.length).toBeGreaterThan(50)
    expect(trades.map(({ number }) => Number(number))).toEqual(trades.map((_, index) => index + 1))
    expect(trades.filter(({ settledAt }) => settledAt === null)).toEqual([])
    const filled = (side: 'BUY' | 'SELL'): bigint =>
      kept.filter((order) => order.side === side).reduce((sum, order) => sum + order.filled, 0n)
    expect(filled('BUY')).toBe(filled('SELL'))
    expect(filled('BUY')).toBe(trades.reduce((sum, trade) => sum + trade.quantity, 0n))

    expect(await totals()).toEqual(before)
    const live = await exchangeOf(world).exchange.read(symbol, (book) => book.contents())
    expect((await replayLog(tables, symbol)).contents()).toEqual(live)
    expect(live.bids.length + live.asks.length).toBeGreaterThan(0)

    const open = kept.filter(({ status }) => status === 'OPEN' || status === 'PARTIALLY_FILLED')
    expect(open).toHaveLength(live.bids.length + live.asks.length)
    await Promise.all(
      open.map(({ id, ownerId }) => traders.find((one) => one.id === ownerId)?.withdraw(id) ?? Promise.reject()),
    )
    await exchangeOf(world).settlement.sweep()
    for (const { funds } of traders) {
      const { EUR, BTC } = await funds()
      expect(EUR?.available).toBe(EUR?.balance)
      expect(BTC?.available).toBe(BTC?.balance)
    }
    expect(await totals()).toEqual(before)
  }, 120_000)
})
