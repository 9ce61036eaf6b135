import { randomUUID } from 'node:crypto'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { demoOrderIds } from './demo-market.ts'
import x from './subgraph.ts'

const limit = { symbol: 'BTC-EUR', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '50000', quantity: '0.01' }
const key = (): { idempotencyKey: string } => ({ idempotencyKey: randomUUID() })
const order = (changes: Record<string, unknown> = {}) => ({ input: { ...limit, ...key(), ...changes } })

const placed = async (world: TestWorld): Promise<Record<string, unknown>> => {
  const { data } = await world
    .as(demoPeople.ada)
    .query('mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { id } }', order())
  return { order: data.placeOrder.id }
}

testConformance(
  x,
  {
    entities: {
      Instrument: { keys: [{ symbol: 'BTC-EUR' }, { symbol: 'CDX-EUR' }] },
      Order: { keys: [{ id: demoOrderIds(0).taker }], visibleTo: demoPeople.ada },
      Trade: { keys: [{ id: 'BTC-EUR-1' }, { id: 'ETH-EUR-2' }] },
      User: { keys: [{ id: demoPeople.ada.id }] },
    },
    mutations: {
      placeOrder: {
        arguments: async () => order(),
        stranger: 'OWN',
        bad: [
          { arguments: order({ symbol: 'DOGE-EUR' }), code: 'NOT_FOUND' },
          { arguments: order({ price: '50001' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ price: null }), code: 'BAD_USER_INPUT' },
          { arguments: order({ price: '-50000' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ price: '100000000000000000000' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ quantity: '0.0005' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ quantity: '0' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ type: 'MARKET' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ type: 'STOP' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ stopPrice: '60000' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ idempotencyKey: '' }), code: 'BAD_USER_INPUT' },
          { arguments: order({ idempotencyKey: 'k'.repeat(101) }), code: 'BAD_USER_INPUT' },
          { arguments: order({ quantity: '1000' }), code: 'INSUFFICIENT_FUNDS' },
        ],
      },
      cancelOrder: {
        arguments: placed,
        stranger: 'NOT_FOUND',
        bad: [
          { arguments: { order: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: { order: demoOrderIds(1).taker }, code: 'NOT_FOUND' },
          { arguments: { order: demoOrderIds(0).taker }, code: 'CONFLICT' },
        ],
      },
    },
    subscriptions: {
      ticker: { arguments: { symbols: null }, anyone: true, stranger: 'OWN' },
      orderBook: { arguments: { symbol: 'BTC-EUR' }, anyone: true, stranger: 'OWN' },
      tradesExecuted: { arguments: { symbol: 'BTC-EUR' }, anyone: true, stranger: 'OWN' },
      orderUpdated: { arguments: {}, stranger: 'OWN' },
    },
  },
  { with: [bancai] },
)
