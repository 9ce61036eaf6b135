import { randomUUID } from 'node:crypto'
import bancai from '../bancai/subgraph.ts'
import { demoAccounts, demoPeople, demoWallets } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import wallet from '../wallet/subgraph.ts'
import { demoProductId, demoPurchase, demoReview } from './seed.ts'
import { accepted, createShopper } from './shop.fixture.ts'
import cumparai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const lamp = demoProductId('1AMP')
const mug = demoProductId('MVG')
const book = demoProductId('B00K')
const clock = demoProductId('C10CK')

const tooLong = (length: number): string => 'x'.repeat(length + 1)
const bad = (
  input: Record<string, unknown>,
  changes: readonly (readonly [Record<string, unknown>, string])[],
): { arguments: Record<string, unknown>; code: string }[] =>
  changes.map(([change, code]) => ({ arguments: { input: { ...input, ...change } }, code }))

const product = {
  title: 'Candle',
  description: 'Beeswax.',
  price: { amount: '7.50', currency: 'EUR' },
  stock: 3,
  category: 'Home',
  idempotencyKey: 'candle',
}
const badDescriptions = [
  [{ title: ' ' }, 'BAD_USER_INPUT'],
  [{ title: tooLong(120) }, 'BAD_USER_INPUT'],
  [{ description: tooLong(4_000) }, 'BAD_USER_INPUT'],
  [{ category: '' }, 'BAD_USER_INPUT'],
  [{ price: { amount: '0', currency: 'EUR' } }, 'BAD_USER_INPUT'],
  [{ price: { amount: '-1', currency: 'EUR' } }, 'BAD_USER_INPUT'],
  [{ price: { amount: '0.001', currency: 'EUR' } }, 'BAD_USER_INPUT'],
  [{ price: { amount: '1000000000.01', currency: 'EUR' } }, 'BAD_USER_INPUT'],
  [{ tags: Array.from({ length: 11 }, (_, index) => `tag${index}`) }, 'BAD_USER_INPUT'],
  [{ tags: [''] }, 'BAD_USER_INPUT'],
  [{ imageUrls: ['http://example.org/a.png'] }, 'BAD_USER_INPUT'],
  [{ imageUrls: ['data:text/html,<script>1</script>'] }, 'BAD_USER_INPUT'],
  [{ imageUrls: ['javascript:alert(1)'] }, 'BAD_USER_INPUT'],
  [{ imageUrls: [`data:image/svg+xml,${tooLong(16_000)}`] }, 'BAD_USER_INPUT'],
  [{ imageUrls: Array(9).fill('https://example.org/a.png') }, 'BAD_USER_INPUT'],
] as const

/** A purchase of the world's own, so that no test takes another's money or stock. */
const bought = async (world: TestWorld): Promise<string> => {
  const seller = createShopper(world, carol)
  const buyer = createShopper(world, ada)
  const { id } = await buyer.buy(await seller.offer({ price: '1.00' }), demoWallets.ada)
  return id
}

testConformance(
  cumparai,
  {
    entities: {
      User: { keys: [{ id: ada.id }] },
      Payment: { keys: [{ id: 'any payment' }] },
      Product: { keys: [{ id: lamp }, { id: mug }] },
      Review: { keys: [{ id: demoReview }] },
      Cart: { keys: [{ id: ada.id }], visibleTo: ada },
      Purchase: { keys: [{ id: demoPurchase }], visibleTo: carol },
    },
    mutations: {
      createProduct: {
        arguments: { input: product },
        stranger: 'OWN',
        bad: bad({ ...product, idempotencyKey: 'bad' }, [
          ...badDescriptions,
          [{ stock: -1 }, 'BAD_USER_INPUT'],
          [{ stock: 1_000_001 }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: tooLong(100) }, 'BAD_USER_INPUT'],
        ]),
      },
      updateProduct: {
        as: bob,
        arguments: { input: { product: lamp, title: 'Oak lamp' } },
        stranger: 'FORBIDDEN',
        bad: bad({ product: lamp }, [...badDescriptions, [{ product: 'unknown' }, 'NOT_FOUND']]),
      },
      restock: {
        as: bob,
        arguments: { input: { product: lamp, quantity: 5, idempotencyKey: 'more lamps' } },
        stranger: 'FORBIDDEN',
        bad: bad({ product: lamp, quantity: 5, idempotencyKey: 'bad' }, [
          [{ quantity: 0 }, 'BAD_USER_INPUT'],
          [{ quantity: 1_000_001 }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
          [{ product: 'unknown' }, 'NOT_FOUND'],
        ]),
      },
      addToCart: {
        arguments: { input: { product: lamp, quantity: 1 } },
        stranger: 'OWN',
        bad: bad({ product: lamp, quantity: 1 }, [
          [{ quantity: 0 }, 'BAD_USER_INPUT'],
          [{ quantity: 100 }, 'BAD_USER_INPUT'],
          [{ product: mug, quantity: 98 }, 'BAD_USER_INPUT'],
          [{ product: book }, 'BAD_USER_INPUT'],
          [{ product: 'unknown' }, 'NOT_FOUND'],
          [{ product: '\0' }, 'NOT_FOUND'],
        ]),
      },
      updateCart: {
        arguments: { input: { product: lamp, quantity: 2 } },
        stranger: 'OWN',
        bad: bad({ product: lamp, quantity: 1 }, [
          [{ quantity: 0 }, 'BAD_USER_INPUT'],
          [{ quantity: 100 }, 'BAD_USER_INPUT'],
          [{ product: 'unknown' }, 'NOT_FOUND'],
        ]),
      },
      removeFromCart: { arguments: { product: clock }, stranger: 'OWN', bad: [] },
      checkout: {
        arguments: async (world) => {
          const offered = await createShopper(world, bob).offer({ price: '2.00' })
          const buyer = createShopper(world, ada)
          await accepted(buyer.add(offered))
          return { input: { wallet: demoWallets.ada, products: [offered], idempotencyKey: randomUUID() } }
        },
        stranger: 'OWN',
        bad: bad({ wallet: demoWallets.ada, products: [mug], idempotencyKey: 'bad' }, [
          [{ products: [clock] }, 'BAD_USER_INPUT'],
          [{ products: [] }, 'BAD_USER_INPUT'],
          [{ products: null }, 'BAD_USER_INPUT'],
          [{ wallet: demoWallets.bob }, 'NOT_FOUND'],
          [{ wallet: 'unknown' }, 'NOT_FOUND'],
          [{ wallet: demoAccounts.ada.EUR }, 'NOT_FOUND'],
          [{ total: { amount: '1.00', currency: 'EUR' } }, 'CONFLICT'],
          [{ total: { amount: '44.00', currency: 'USD' } }, 'CONFLICT'],
          [{ total: { amount: '0.001', currency: 'EUR' } }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
        ]),
      },
      cancelPurchase: {
        arguments: async (world) => ({ purchase: await bought(world) }),
        stranger: 'NOT_FOUND',
        bad: [
          { arguments: { purchase: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: { purchase: demoPurchase }, code: 'CONFLICT' },
        ],
      },
      review: {
        arguments: async (world) => {
          const offered = await createShopper(world, bob).offer({ price: '1.00' })
          await createShopper(world, ada).buy(offered, demoWallets.ada)
          return { input: { product: offered, rating: 4, text: 'Good' } }
        },
        stranger: 'FORBIDDEN',
        bad: bad({ product: lamp, rating: 4 }, [
          [{ rating: 0 }, 'BAD_USER_INPUT'],
          [{ rating: 6 }, 'BAD_USER_INPUT'],
          [{ text: tooLong(2_000) }, 'BAD_USER_INPUT'],
          [{ product: 'unknown' }, 'NOT_FOUND'],
          [{}, 'FORBIDDEN'],
        ]),
      },
    },
    subscriptions: {
      purchaseUpdated: { as: carol, arguments: { purchase: demoPurchase }, stranger: 'NOT_FOUND' },
    },
  },
  { with: [wallet, bancai] },
)
