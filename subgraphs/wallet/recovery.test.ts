import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@codai/runtime'
import { startChain } from '@codai/stores/chain'
import type { EmbeddedChain } from '@codai/stores/chain'
import { createTestDatabase } from '@codai/stores/testing'
import type { TestDatabase } from '@codai/stores/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoAccounts, demoPeople, demoWallets } from '../_kit/index.ts'
import { prepareProcess } from '../_kit/testing/index.ts'
import type { TestProcess } from '../_kit/testing/index.ts'
import { startBankGate } from './bank-gate.fixture.ts'
import type { BankGate } from './bank-gate.fixture.ts'
import { accepted, createPerson } from './people.fixture.ts'
import wallet from './subgraph.ts'

const { ada, bob } = demoPeople

// A start of the process, and the time for which a payment is left to whoever works on it.
const patience = { timeout: 40_000, interval: 200 }

let database: TestDatabase
let folder: string
let chain: EmbeddedChain
let gate: BankGate
let house: TestProcess

const startChainAgain = async (port = 0): Promise<void> => {
  chain = await startChain({ dataDir: join(folder, 'chain'), logger: silentLogger, port })
}

beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'codai-wallet-'))
  gate = await startBankGate()
  await startChainAgain()
  house = await prepareProcess([wallet, bancai], {
    databaseUrl: database.url,
    environment: {
      SUBGRAPH_HOST_TEMPLATE: gate.template,
      WALLET_KEY: randomBytes(32).toString('hex'),
      EVM_RPC_URL: chain.url,
    },
  })
  await house.start()
}, 120_000)
afterAll(async () => {
  await house?.stop()
  await gate?.stop()
  await chain?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

const people = () => ({ payer: createPerson(house, ada), payee: createPerson(house, bob) })

const moved = async (memo: string): Promise<number> => {
  const entries = await people().payee.entries(demoAccounts.bob.EUR)
  return entries.filter(({ transfer }: { transfer: { memo: string } }) => transfer.memo === memo).length
}

it('a payment without the bank stays on its way, and settles once the bank is back', async () => {
  const { payer } = people()
  gate.shut()
  const order = { amount: '12', memo: 'No bank', key: 'no bank' }
  const { pay } = await accepted(payer.pay(demoWallets.ada, { payee: bob.id }, order))
  expect(pay).toMatchObject({ status: 'PENDING', transfer: null })
  // What costs the bank its answer costs the assets alone.
  const { data, codes } = await house
    .as(ada)
    .query(`{ wallet(id: "${demoWallets.ada}") { name assets { kind } payments { edges { node { id } } } } }`)
  expect(codes).toEqual(['UNAVAILABLE'])
  expect(data.wallet).toMatchObject({ name: 'Everyday', assets: null, payments: { edges: [{ node: { id: pay.id } }] } })

  gate.open()
  await vi.waitFor(async () => expect(await payer.payment(pay.id)).toMatchObject({ status: 'SETTLED' }), patience)
  expect(await moved('No bank')).toBe(1)
  expect((await accepted(payer.pay(demoWallets.ada, { payee: bob.id }, order))).pay.id).toBe(pay.id)
  expect(await moved('No bank')).toBe(1)
}, 60_000)

it('a process that is killed before the bank was asked goes on after its start', async () => {
  const { payer } = people()
  gate.shut()
  const order = { amount: '13', memo: 'Killed before', key: 'killed before' }
  const { pay } = await accepted(payer.pay(demoWallets.ada, { payee: bob.id }, order))
  await house.kill()
  gate.open()
  await house.start()
  await vi.waitFor(async () => expect(await payer.payment(pay.id)).toMatchObject({ status: 'SETTLED' }), patience)
  expect(await moved('Killed before')).toBe(1)
}, 90_000)

it('a process that is killed when the money has moved, before it knows, moves it no second time', async () => {
  const { payer } = people()
  const order = { amount: '14', memo: 'Killed after', key: 'killed after' }
  gate.interceptTransfer(() => house.kill())
  await expect(payer.pay(demoWallets.ada, { payee: bob.id }, order)).rejects.toThrow(/fetch failed/)
  await house.start()
  expect(await moved('Killed after')).toBe(1)
  const again = await accepted(payer.pay(demoWallets.ada, { payee: bob.id }, order))
  await vi.waitFor(async () => expect(await payer.payment(again.pay.id)).toMatchObject({ status: 'SETTLED' }), patience)
  expect(await moved('Killed after')).toBe(1)
}, 90_000)

it('an answer of the bank that is lost on its way is asked for again', async () => {
  const { payer } = people()
  gate.interceptTransfer(async () => {})
  const order = { amount: '15', memo: 'Lost answer' }
  const { pay } = await accepted(payer.pay(demoWallets.ada, { payee: bob.id }, order))
  expect(pay.status).toBe('SETTLED')
  expect(await moved('Lost answer')).toBe(1)
}, 60_000)

it('coins that are asked for while the chain is away stay, and the same call sends them once when it is back', async () => {
  const { payer } = people()
  const to = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
  await vi.waitFor(async () => {
    const { assets } = await payer.wallet(demoWallets.ada)
    expect(assets.at(-1).amount).toEqual({ amount: '10.00000000', currency: 'ETH' })
  }, patience)
  const { port } = new URL(chain.url)
  await chain.stop()
  expect((await payer.send(demoWallets.ada, to, '1', 'away')).codes).toEqual(['UNAVAILABLE'])
  await startChainAgain(Number(port))
  const { sendOnChain: sent } = await accepted(payer.send(demoWallets.ada, to, '1', 'away'))
  expect(sent).toMatchObject({ status: 'CONFIRMED', to, amount: { amount: '1.00000000', currency: 'ETH' } })
  await house.kill()
  await house.start()
  expect(await accepted(payer.send(demoWallets.ada, to, '1', 'away'))).toEqual({ sendOnChain: sent })
}, 120_000)
