import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@codai/runtime'
import { startChain } from '@codai/stores/chain'
import type { EmbeddedChain } from '@codai/stores/chain'
import { startDocumentServer } from '@codai/stores/documents'
import type { DocumentServer } from '@codai/stores/documents'
import { createTestDatabase } from '@codai/stores/testing'
import type { TestDatabase } from '@codai/stores/testing'
import { afterAll, beforeAll, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { prepareProcess } from '../_kit/testing/index.ts'
import type { TestProcess } from '../_kit/testing/index.ts'
import wallet from '../wallet/subgraph.ts'
import { startDocumentGate, startServiceGate } from './power-cut.fixture.ts'
import type { Gate, Moment, SubjectOf } from './power-cut.fixture.ts'
import { accepted, createShopper } from './shop.fixture.ts'
import type { Shopper } from './shop.fixture.ts'
import cumparai from './subgraph.ts'

const stock = 50
const funds = 100

let database: TestDatabase
let folder: string
let chain: EmbeddedChain
let documents: DocumentServer
let documentGate: Gate
let serviceGate: Gate
let house: TestProcess

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'codai-shop-'))
  chain = await startChain({ dataDir: join(folder, 'chain'), logger: silentLogger })
  documents = await startDocumentServer({ dataDir: folder, logger: silentLogger })
  documentGate = await startDocumentGate(documents.url)
  serviceGate = await startServiceGate()
  house = await prepareProcess([cumparai, wallet, bancai], {
    databaseUrl: database.url,
    environment: {
      SUBGRAPH_HOST_TEMPLATE: serviceGate.url,
      MONGODB_URL: documentGate.url,
      WALLET_KEY: randomBytes(32).toString('hex'),
      EVM_RPC_URL: chain.url,
    },
  })
  await house.start()
}, 120_000)
afterAll(async () => {
  await house?.stop()
  await serviceGate?.stop()
  await documentGate?.stop()
  await documents?.stop()
  await chain?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

const offered = new Set<string>()

/** The purchase that a command with all these words is about. */
const writes =
  (...words: readonly string[]): SubjectOf =>
  (text) => {
    if (!words.every((word) => text.includes(word))) return undefined
    return text.match(/01[0-9A-HJKMNP-TV-Z]{24}/g)?.find((id) => !offered.has(id))
  }

/** The buyer on whose behalf an operation is asked for. */
const asks =
  (operation: string): SubjectOf =>
  (text) =>
    text.includes(operation) ? /"onBehalfOf":"[^"]+"/.exec(text)?.[0] : undefined

type Cut = {
  what: string
  gate: () => Gate
  at: SubjectOf
  moment: Moment
  ends: 'CONFIRMED' | 'CANCELLED' | 'FAILED'
}

const store = (): Gate => documentGate
const services = (): Gate => serviceGate
const status = (from: string, to: string): SubjectOf => writes('findAndModify', 'purchases', from, to)

/** Every place between two steps: where the power fails, and how the purchase has to end all the same. */
const cuts: readonly Cut[] = [
  {
    what: 'it was written',
    gate: store,
    at: writes('insert', 'purchases', 'PENDING'),
    moment: 'after',
    ends: 'CONFIRMED',
  },
  {
    what: 'half of its stock was taken',
    gate: store,
    at: writes('update', 'TAKEN', '$push'),
    moment: 'after',
    ends: 'CONFIRMED',
  },
  {
    what: 'its stock was reserved',
    gate: store,
    at: status('PENDING', 'RESERVED'),
    moment: 'before',
    ends: 'CONFIRMED',
  },
  {
    what: 'the wallet was asked for the money',
    gate: services,
    at: asks('AuthorizePayment'),
    moment: 'before',
    ends: 'CONFIRMED',
  },
  {
    what: 'the bank had set the money aside',
    gate: services,
    at: asks('HoldMoney'),
    moment: 'after',
    ends: 'CONFIRMED',
  },
  {
    what: 'the wallet had set the money aside',
    gate: services,
    at: asks('AuthorizePayment'),
    moment: 'after',
    ends: 'CONFIRMED',
  },
  {
    what: 'the money was to be moved',
    gate: services,
    at: asks('CapturePayment'),
    moment: 'before',
    ends: 'CONFIRMED',
  },
  {
    what: 'the bank had moved the money',
    gate: services,
    at: asks('CaptureMoney'),
    moment: 'after',
    ends: 'CONFIRMED',
  },
  {
    what: 'the wallet had moved the money',
    gate: services,
    at: asks('CapturePayment'),
    moment: 'after',
    ends: 'CONFIRMED',
  },
  {
    what: 'it was to be written that it is paid',
    gate: store,
    at: status('AUTHORIZED', 'PAID'),
    moment: 'before',
    ends: 'CONFIRMED',
  },
  { what: 'the cart was emptied', gate: store, at: status('PAID', 'CONFIRMED'), moment: 'before', ends: 'CONFIRMED' },
  { what: 'it was confirmed', gate: store, at: status('PAID', 'CONFIRMED'), moment: 'after', ends: 'CONFIRMED' },
  { what: 'it was refused', gate: store, at: status('RESERVED', 'FAILING'), moment: 'after', ends: 'FAILED' },
  {
    what: 'its stock was given back',
    gate: store,
    at: status('FAILING', 'FAILED'),
    moment: 'before',
    ends: 'FAILED',
  },
  {
    what: 'it was to be cancelled',
    gate: store,
    at: status('CONFIRMED', 'CANCELLING'),
    moment: 'after',
    ends: 'CANCELLED',
  },
  {
    what: 'the refund was asked for',
    gate: services,
    at: asks('RefundPayment'),
    moment: 'before',
    ends: 'CANCELLED',
  },
  {
    what: 'the wallet had paid back',
    gate: services,
    at: asks('RefundPayment'),
    moment: 'after',
    ends: 'CANCELLED',
  },
  {
    what: 'money and stock had returned',
    gate: store,
    at: status('CANCELLING', 'CANCELLED'),
    moment: 'before',
    ends: 'CANCELLED',
  },
  // The last one: it is asked for on behalf of the seller, so that all that the seller pays back hangs with it.
  { what: 'the bank had paid back', gate: services, at: asks('MoveMoney'), moment: 'after', ends: 'CANCELLED' },
]

type Trade = { cut: Cut; buyer: Shopper; from: { wallet: string; account: string } }

it(
  'whatever a power cut comes after, each purchase ends whole: stock, money and cart together',
  { timeout: 300_000 },
  async () => {
    const seller = createShopper(house, { id: `seller-${randomUUID()}` })
    const till = await seller.wallet('0')
    const products = [await seller.offer({ price: '2.00', stock }), await seller.offer({ price: '3.00', stock })]
    for (const product of products) offered.add(product)
    const trades = await Promise.all(
      cuts.map(async (cut): Promise<Trade> => {
        const buyer = createShopper(house, { id: `buyer-${randomUUID()}` })
        const from = await buyer.wallet(cut.ends === 'FAILED' ? '1' : String(funds))
        for (const product of products) await accepted(buyer.add(product))
        return { cut, buyer, from }
      }),
    )
    const cancelled = trades.filter(({ cut }) => cut.ends === 'CANCELLED')
    const bought = new Map<Trade, string>()
    for (const trade of cancelled) {
      bought.set(trade, (await accepted(trade.buyer.checkout(trade.from.wallet))).checkout.id)
    }

    // Each hangs where its power cut is to come, and then the power fails for all of them.
    for (const trade of trades) {
      const { cut, buyer, from } = trade
      const hangs = cut.gate().hang(cut.at, cut.moment)
      const purchase = bought.get(trade)
      const asked = purchase === undefined ? buyer.checkout(from.wallet) : buyer.cancel(purchase)
      asked.catch(() => undefined)
      await hangs
    }
    await house.kill()
    documentGate.open()
    serviceGate.open()
    await house.start()

    const settled = async (): Promise<Record<string, string>> =>
      Object.fromEntries(
        await Promise.all(
          trades.map(async ({ cut, buyer }) => [
            cut.what,
            (await buyer.purchases()).map((purchase) => purchase.status).join(),
          ]),
        ),
      )
    await expect
      .poll(settled, { timeout: 150_000, interval: 500 })
      .toEqual(Object.fromEntries(cuts.map(({ what, ends }) => [what, ends])))

    const confirmed = trades.filter(({ cut }) => cut.ends === 'CONFIRMED').length
    for (const product of products) expect((await seller.product(product)).stock).toBe(stock - confirmed)
    const takings = (confirmed * 5).toFixed(2)
    expect(await seller.money(till.account)).toEqual({ balance: takings, available: takings })
    for (const { cut, buyer, from } of trades) {
      const left = { CONFIRMED: funds - 5, CANCELLED: funds, FAILED: 1 }[cut.ends].toFixed(2)
      expect({ [cut.what]: await buyer.money(from.account) }).toEqual({
        [cut.what]: { balance: left, available: left },
      })
      expect((await buyer.cart()).lines).toHaveLength(cut.ends === 'FAILED' ? 2 : 0)
    }
  },
)
