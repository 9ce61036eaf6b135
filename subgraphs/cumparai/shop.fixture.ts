import { randomUUID } from 'node:crypto'
import type { DemoPerson } from '../_kit/index.ts'
import type { Answer, LiveStream, TestClient, TestWorld } from '../_kit/testing/index.ts'
import type { Service } from './context.ts'

/** Something as it was answered: a test reads whatever it asked for. */
export type Shown = Answer['data']

const money = '{ amount currency }'
export const productFields = `id title price ${money} stock status category tags rating reviewCount`
export const cartFields = `id lines { product { id } quantity total ${money} isAvailable }
  parts { seller { id } lines { product { id } } total ${money} }`
export const purchaseFields = `id status failureReason total ${money} buyer { id } seller { id } payment { id } refund { id }
  lines { product { id } title quantity price ${money} total ${money} }`

/** The domain of the service that runs in a world, for what no caller can bring about. */
export const serviceOf = (world: TestWorld): Service => world.hosted('cumparai').service as Service

/** What was answered without an error; an error fails the test. */
export const accepted = async (answer: Promise<Answer>): Promise<Shown> => {
  const { data, codes, errors } = await answer
  if (codes.length > 0) throw new Error(`${codes.join(', ')}: ${errors?.[0]?.message}`)
  return data
}

type Offer = { price?: string; currency?: string; stock?: number; title?: string } & Record<string, unknown>

/** What a person does in the shop and with money, through the schemas. */
export const createShopper = (world: Pick<TestWorld, 'as'>, person: DemoPerson | { id: string }) => {
  const shop = world.as(person, 'cumparai')
  // Not every story has money in it.
  const wallet = (): TestClient => world.as(person, 'wallet')
  const bank = (): TestClient => world.as(person, 'bancai')

  const call = (field: string, type: string, input: Record<string, unknown>, fields: string): Promise<Answer> =>
    shop.query(`mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`, { input })

  const me = {
    id: person.id,
    client: shop,

    /** A wallet over a new account with money in it. */
    wallet: async (amount: string, currency = 'EUR'): Promise<{ wallet: string; account: string }> => {
      const open = 'mutation ($input: OpenAccountInput!) { openAccount(input: $input) { id } }'
      const { openAccount } = await accepted(bank().query(open, { input: { name: 'Money', currency } }))
      const account = openAccount.id as string
      if (Number(amount) > 0) {
        const input = { account, amount: { amount, currency }, idempotencyKey: randomUUID() }
        await accepted(bank().query('mutation ($input: DepositInput!) { deposit(input: $input) { id } }', { input }))
      }
      const create = 'mutation ($input: CreateWalletInput!) { createWallet(input: $input) { id } }'
      const { createWallet } = await accepted(wallet().query(create, { input: { name: 'Purse', accounts: [account] } }))
      return { account, wallet: createWallet.id }
    },

    /** What an account has, and what of it can be spent. */
    money: async (account: string): Promise<{ balance: string; available: string }> => {
      const document = 'query ($id: ID!) { account(id: $id) { balance { amount } available { amount } } }'
      const { account: shown } = await accepted(bank().query(document, { id: account }))
      return { balance: shown.balance.amount, available: shown.available.amount }
    },

    payment: async (id: string): Promise<Shown> =>
      (
        await accepted(
          wallet().query(`query ($id: ID!) { payment(id: $id) { id status refundOf { id } amount ${money} } }`, { id }),
        )
      ).payment,

    offer: async ({ price = '10.00', currency = 'EUR', stock = 10, ...rest }: Offer = {}): Promise<string> => {
      const input = {
        title: 'Thing',
        description: 'A thing.',
        category: 'Things',
        price: { amount: price, currency },
        stock,
        idempotencyKey: randomUUID(),
        ...rest,
      }
      return (await accepted(call('createProduct', 'CreateProductInput', input, 'id'))).createProduct.id
    },
    update: (product: string, change: Record<string, unknown>) =>
      call('updateProduct', 'UpdateProductInput', { product, ...change }, productFields),
    restock: (product: string, quantity: number, idempotencyKey: string = randomUUID()) =>
      call('restock', 'RestockInput', { product, quantity, idempotencyKey }, productFields),
    product: async (id: string): Promise<Shown> =>
      (await accepted(shop.query(`query ($id: ID!) { product(id: $id) { ${productFields} } }`, { id }))).product,

    add: (product: string, quantity = 1) => call('addToCart', 'CartLineInput', { product, quantity }, cartFields),
    set: (product: string, quantity: number) => call('updateCart', 'CartLineInput', { product, quantity }, cartFields),
    remove: (product: string) =>
      shop.query(`mutation ($product: ID!) { removeFromCart(product: $product) { ${cartFields} } }`, { product }),
    cart: async (): Promise<Shown> =>
      (
        await accepted(
          shop.query(
            `query ($people: [_Any!]!) { _entities(representations: $people) { ... on User { cart { ${cartFields} } } } }`,
            { people: [{ __typename: 'User', id: person.id }] },
          ),
        )
      )._entities[0].cart,

    checkout: (from: string, terms: Record<string, unknown> = {}) =>
      call('checkout', 'CheckoutInput', { wallet: from, idempotencyKey: randomUUID(), ...terms }, purchaseFields),
    cancel: (purchase: string) =>
      shop.query(`mutation ($purchase: ID!) { cancelPurchase(purchase: $purchase) { ${purchaseFields} } }`, {
        purchase,
      }),
    purchase: async (id: string): Promise<Shown> =>
      (await accepted(shop.query(`query ($id: ID!) { purchase(id: $id) { ${purchaseFields} } }`, { id }))).purchase,
    /** What a person bought or sold, newest first. */
    purchases: async (list: 'purchases' | 'sales' = 'purchases'): Promise<Shown[]> =>
      (
        await accepted(
          shop.query(
            `query ($people: [_Any!]!) { _entities(representations: $people) { ... on User {
              ${list}(first: 100) { edges { node { ${purchaseFields} } } } } } }`,
            { people: [{ __typename: 'User', id: person.id }] },
          ),
        )
      )._entities[0][list].edges.map(({ node }: { node: Shown }) => node),
    /** Buys one product whole; answers the purchase. */
    buy: async (product: string, from: string, quantity = 1): Promise<Shown> => {
      await accepted(me.set(product, quantity))
      return (await accepted(me.checkout(from, { products: [product] }))).checkout
    },
    listen: (purchase: string): Promise<LiveStream> =>
      shop.subscribe(
        'subscription ($purchase: ID!) { purchaseUpdated(purchase: $purchase) { id status payment { id } } }',
        { purchase },
      ),
    review: (product: string, rating: number, text?: string) =>
      call('review', 'ReviewInput', { product, rating, text }, 'id rating text product { rating reviewCount }'),
  }
  return me
}

export type Shopper = ReturnType<typeof createShopper>
