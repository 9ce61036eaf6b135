import { randomUUID } from 'node:crypto'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import { ExactDecimal } from '../_kit/index.ts'
import type { Answer, TestClient, TestWorld } from '../_kit/testing/index.ts'
import type { Service } from './context.ts'
import type { Book } from './matching/book.ts'
import { readEvent } from './matching/journal.ts'
import { replay } from './matching/replay.ts'

/** An order as a test writes it; what is left out is a good-till-cancelled limit order. */
export type OrderInput = {
  symbol: string
  side: 'BUY' | 'SELL'
  quantity: string
  type?: 'LIMIT' | 'MARKET' | 'STOP'
  timeInForce?: 'GTC' | 'IOC' | 'FOK'
  price?: string
  stopPrice?: string
  idempotencyKey?: string
}

const orderFields = `
  id side type timeInForce price stopPrice quantity filled averagePrice status statusReason
  fills { edges { node { id price quantity takerSide } } }`

/** What was answered without an error; an error fails the test. */
export const accepted = async (answer: Promise<Answer>): Promise<Answer['data']> => {
  const { data, codes, errors } = await answer
  if (codes.length > 0) throw new Error(`${codes.join(', ')}: ${errors?.[0]?.message}`)
  return data
}

/** What somebody has of a currency. */
export type Funds = { balance: string; available: string }

const accountsDocument = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
  accounts(first: 100) { edges { node { id currency balance { amount } available { amount } } } } } } }`

/**
 * Somebody who trades: with x through one client, with bancai through the other. `settled` resolves when the money of
 * all trades has moved, which on a busy machine takes longer than placing an order waits for.
 */
const createTrader = (id: string, x: TestClient, bancai: TestClient, settled: () => Promise<void>) => {
  const place = (order: OrderInput): Promise<Answer> =>
    x.query(`mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { ${orderFields} } }`, {
      input: { type: 'LIMIT', idempotencyKey: randomUUID(), ...order },
    })
  const cancel = (order: string): Promise<Answer> =>
    x.query(`mutation ($order: ID!) { cancelOrder(order: $order) { ${orderFields} } }`, { order })
  const open = async (currency: string): Promise<string> => {
    const document = 'mutation ($input: OpenAccountInput!) { openAccount(input: $input) { id } }'
    return (await accepted(bancai.query(document, { input: { name: currency, currency } }))).openAccount.id
  }

  return {
    id,
    x,
    bancai,
    place,
    cancel,
    /** Places an order, and fails the test when it is refused. */
    trade: async (order: OrderInput) => (await accepted(place(order))).placeOrder,
    withdraw: async (order: string) => (await accepted(cancel(order))).cancelOrder,
    order: async (order: string) =>
      (await accepted(x.query(`query ($id: ID!) { order(id: $id) { ${orderFields} } }`, { id: order }))).order,
    /** Opens an account with money from outside. */
    fund: async (currency: string, amount: string): Promise<string> => {
      const account = await open(currency)
      const input = { account, amount: { amount, currency }, idempotencyKey: randomUUID() }
      await accepted(bancai.query('mutation ($input: DepositInput!) { deposit(input: $input) { id } }', { input }))
      return account
    },
    /** What the person has, by currency. */
    funds: async (): Promise<Record<string, Funds>> => {
      await settled()
      const of = [{ __typename: 'User', id }]
      const { _entities } = await accepted(bancai.query(accountsDocument, { of }))
      const edges: { node: { currency: string; balance: { amount: string }; available: { amount: string } } }[] =
        _entities[0].accounts.edges
      return Object.fromEntries(
        edges.map(({ node }) => [node.currency, { balance: node.balance.amount, available: node.available.amount }]),
      )
    },
  }
}

/** Somebody who trades. */
export type Trader = ReturnType<typeof createTrader>

/** A trader of a world: a demo person, or somebody new. */
export const traderIn = (world: TestWorld, { id }: { id: string }): Trader =>
  createTrader(id, world.as({ id }), world.as({ id }, 'bancai'), () => exchangeOf(world).settlement.idle())

/** By how much funds changed, as exact decimals without trailing zeros. */
export const changesOf = (
  before: Record<string, Funds>,
  after: Record<string, Funds>,
): Record<string, { balance: string; available: string }> => {
  const difference = (now: string, then: string): string => new ExactDecimal(now).sub(then).toFixed()
  const zero = { balance: '0', available: '0' }
  return Object.fromEntries(
    Object.entries(after).flatMap(([currency, now]) => {
      const then = before[currency] ?? zero
      if (now.balance === then.balance && now.available === then.available) return []
      const change = {
        balance: difference(now.balance, then.balance),
        available: difference(now.available, then.available),
      }
      return [[currency, change]]
    }),
  )
}

/** The sum of decimals, without trailing zeros. */
export const sumOf = (amounts: readonly string[]): string =>
  amounts.reduce((sum, amount) => sum.add(amount), new ExactDecimal(0)).toFixed()

/** Lists an instrument of its own for a test, so that nobody else's orders are in its book. */
export const listInstrument = async (
  prisma: PrismaClient,
  symbol: string,
  terms: { base?: string; tickSize?: string; lotSize?: string } = {},
): Promise<string> => {
  const { base = 'BTC', tickSize = '10', lotSize = '0.001' } = terms
  const createdAt = new Date('2026-01-01T00:00:00.000Z')
  await prisma.instrument.create({ data: { symbol, base, quote: 'EUR', tickSize, lotSize, createdAt } })
  return symbol
}

/** The tables of x in a world. */
export const tablesOf = (world: TestWorld): Promise<PrismaClient> => world.hosted('x').platform.relational()

/** The exchange behind the schema, for what works by itself when the service is started. */
export const exchangeOf = (world: TestWorld): Service => world.hosted('x').service as Service

/** The book that an instrument's log alone gives, read without the service. */
export const replayLog = async (prisma: PrismaClient, symbol: string): Promise<Book> => {
  const commands = await prisma.bookCommand.findMany({ where: { symbol }, orderBy: { number: 'asc' } })
  return replay(commands.flatMap(({ events }) => (events as unknown[]).map(readEvent)))
}
