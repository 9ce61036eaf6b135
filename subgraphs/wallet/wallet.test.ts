import { randomUUID } from 'node:crypto'
import { demoAccounts, demoPeople, demoWallets } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { openChain, requestDevelopmentCoins } from '@codai/stores/chain'
import bancai from '../bancai/subgraph.ts'
import { demoRequest, demoRule } from './seed.ts'
import wallet from './subgraph.ts'
import { accepted, createPerson } from './people.fixture.ts'

const { ada, bob, carol } = demoPeople
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' })
const tooLong = (length: number): string => 'x'.repeat(length + 1)
const bad = (
  input: Record<string, unknown>,
  changes: readonly (readonly [Record<string, unknown>, string])[],
): { arguments: Record<string, unknown>; code: string }[] =>
  changes.map(([change, code]) => ({ arguments: { input: { ...input, ...change } }, code }))

const payment = (): Record<string, unknown> => ({
  wallet: demoWallets.ada,
  payee: bob.id,
  amount: euro('10'),
  idempotencyKey: randomUUID(),
})
const request = { wallet: demoWallets.ada, payer: carol.id, amount: euro('10'), idempotencyKey: 'request' }
const rule = { wallet: demoWallets.ada, name: 'A rule' }
const limit = { amount: euro('5'), period: 'DAY' }
const scheduled = { payee: bob.id, amount: euro('5'), firstRunAt: '2100-01-01T00:00:00.000Z' }
const transfer = {
  wallet: demoWallets.ada,
  to: '0x787bc77F1700DCE0f8c1581c18A12d3153D1B150',
  amount: '0.5',
  idempotencyKey: 'on chain',
}

const asked = (world: TestWorld): Promise<string> =>
  createPerson(world, bob).ask(demoWallets.bob, { payer: ada.id, amount: '10' })

const soon = (): string => new Date(Date.now() + 3_600_000).toISOString()

const authorized = async (world: TestWorld): Promise<string> => {
  const { authorizePayment } = await accepted(
    createPerson(world, ada).authorize(demoWallets.ada, { payee: bob.id }, { amount: '3' }),
  )
  return authorizePayment.id
}

const paid = async (world: TestWorld): Promise<string> =>
  (await accepted(createPerson(world, ada).pay(demoWallets.ada, { payee: bob.id }, { amount: '2' }))).pay.id

const withCoins = async (world: TestWorld): Promise<void> => {
  const { address } = await createPerson(world, ada).wallet(demoWallets.ada)
  const url = world.hosted().platform.config.evmRpcUrl ?? ''
  await requestDevelopmentCoins(openChain({ url }), address)
}

testConformance(
  wallet,
  {
    entities: {
      User: { keys: [{ id: ada.id }] },
      Wallet: { keys: [{ id: demoWallets.ada }], visibleTo: ada },
      PaymentRule: { keys: [{ id: demoRule }], visibleTo: ada },
      Payment: { keys: [{ id: demoRequest }], visibleTo: ada },
    },
    mutations: {
      createWallet: {
        arguments: { input: { name: 'Holidays', accounts: [demoAccounts.ada.EUR, demoAccounts.ada.ETH] } },
        stranger: 'NOT_FOUND',
        bad: bad({ name: 'Holidays', accounts: [demoAccounts.ada.EUR] }, [
          [{ name: ' ' }, 'BAD_USER_INPUT'],
          [{ name: tooLong(60) }, 'BAD_USER_INPUT'],
          [{ name: 'a\0b' }, 'BAD_USER_INPUT'],
          [{ accounts: [] }, 'BAD_USER_INPUT'],
          [{ accounts: Array.from({ length: 11 }, (_, index) => `account ${index}`) }, 'BAD_USER_INPUT'],
          [{ accounts: [demoAccounts.ada.EUR, demoAccounts.ada.EUR] }, 'BAD_USER_INPUT'],
          [{ accounts: [demoAccounts.ada.EUR, demoAccounts.bob.BTC] }, 'NOT_FOUND'],
          [{ accounts: ['nothing'] }, 'NOT_FOUND'],
          [{ accounts: ['\0'] }, 'NOT_FOUND'],
        ]),
      },
      pay: {
        arguments: async () => ({ input: payment() }),
        stranger: 'NOT_FOUND',
        bad: bad(payment(), [
          [{ amount: euro('0') }, 'BAD_USER_INPUT'],
          [{ amount: euro('-1') }, 'BAD_USER_INPUT'],
          [{ amount: euro('0.001') }, 'BAD_USER_INPUT'],
          [{ amount: { amount: '1', currency: 'GBP' } }, 'BAD_USER_INPUT'],
          [{ memo: tooLong(200) }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: tooLong(100) }, 'BAD_USER_INPUT'],
          [{ payee: null }, 'BAD_USER_INPUT'],
          [{ toWallet: demoWallets.bob }, 'BAD_USER_INPUT'],
          [{ payee: ada.id }, 'BAD_USER_INPUT'],
          [{ payee: 'nobody' }, 'BAD_USER_INPUT'],
          [{ payee: demoPeople.marketMaker.id }, 'BAD_USER_INPUT'],
          [{ payee: null, toWallet: demoWallets.ada }, 'BAD_USER_INPUT'],
          [{ payee: null, toWallet: 'nothing' }, 'NOT_FOUND'],
          [{ wallet: demoWallets.bob }, 'NOT_FOUND'],
          [{ wallet: '\0' }, 'NOT_FOUND'],
          [{ amount: euro('5000.01') }, 'PAYMENT_RULE_REFUSED'],
        ]),
      },
      authorizePayment: {
        arguments: async () => ({ input: { ...payment(), expiresAt: soon() } }),
        stranger: 'NOT_FOUND',
        bad: bad({ ...payment(), expiresAt: soon() }, [
          [{ amount: euro('0') }, 'BAD_USER_INPUT'],
          [{ amount: { amount: '1', currency: 'GBP' } }, 'BAD_USER_INPUT'],
          [{ expiresAt: '2020-01-01T00:00:00.000Z' }, 'BAD_USER_INPUT'],
          [{ expiresAt: '2100-01-01T00:00:00.000Z' }, 'BAD_USER_INPUT'],
          [{ payee: ada.id }, 'BAD_USER_INPUT'],
          [{ toWallet: demoWallets.bob }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
          [{ wallet: demoWallets.bob }, 'NOT_FOUND'],
          [{ amount: euro('5000.01') }, 'PAYMENT_RULE_REFUSED'],
        ]),
      },
      capturePayment: {
        arguments: async (world) => ({ payment: await authorized(world) }),
        stranger: 'FORBIDDEN',
        bad: [
          { arguments: { payment: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: { payment: '\0' }, code: 'NOT_FOUND' },
          { arguments: { payment: demoRequest }, code: 'CONFLICT' },
        ],
      },
      releasePayment: {
        arguments: async (world) => ({ payment: await authorized(world) }),
        stranger: 'FORBIDDEN',
        bad: [
          { arguments: { payment: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: async (world) => ({ payment: await paid(world) }), code: 'CONFLICT' },
        ],
      },
      refundPayment: {
        as: bob,
        arguments: async (world) => ({ payment: await paid(world) }),
        stranger: 'NOT_FOUND',
        bad: [
          { arguments: { payment: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: { payment: demoRequest }, code: 'NOT_FOUND' },
          { arguments: async (world) => ({ payment: await authorized(world) }), code: 'CONFLICT' },
        ],
      },
      requestPayment: {
        arguments: { input: request },
        stranger: 'NOT_FOUND',
        bad: bad({ ...request, idempotencyKey: 'bad request' }, [
          [{ amount: euro('0') }, 'BAD_USER_INPUT'],
          [{ amount: { amount: '1', currency: 'GBP' } }, 'BAD_USER_INPUT'],
          [{ memo: tooLong(200) }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
          [{ payer: ada.id }, 'BAD_USER_INPUT'],
          [{ wallet: demoWallets.bob }, 'NOT_FOUND'],
        ]),
      },
      answerPaymentRequest: {
        arguments: async (world) => ({
          input: { payment: await asked(world), accept: true, wallet: demoWallets.ada },
        }),
        stranger: 'NOT_FOUND',
        bad: [
          {
            arguments: async (world) => ({ input: { payment: await asked(world), accept: true } }),
            code: 'BAD_USER_INPUT',
          },
          {
            arguments: async (world) => ({
              input: { payment: await asked(world), accept: true, wallet: demoWallets.carol },
            }),
            code: 'NOT_FOUND',
          },
          { arguments: { input: { payment: 'nothing', accept: false } }, code: 'NOT_FOUND' },
        ],
      },
      addRule: {
        arguments: { input: { ...rule, allowList: [bob.id, carol.id] } },
        stranger: 'NOT_FOUND',
        bad: bad(rule, [
          [{}, 'BAD_USER_INPUT'],
          [{ name: '', spendingLimit: limit }, 'BAD_USER_INPUT'],
          [{ name: tooLong(60), spendingLimit: limit }, 'BAD_USER_INPUT'],
          [{ spendingLimit: limit, allowList: [bob.id] }, 'BAD_USER_INPUT'],
          [{ spendingLimit: { ...limit, amount: euro('0') } }, 'BAD_USER_INPUT'],
          [{ spendingLimit: { ...limit, amount: { amount: '1', currency: 'GBP' } } }, 'BAD_USER_INPUT'],
          [{ allowList: [] }, 'BAD_USER_INPUT'],
          [{ allowList: Array.from({ length: 51 }, (_, index) => `person ${index}`) }, 'BAD_USER_INPUT'],
          [{ allowList: [bob.id, bob.id] }, 'BAD_USER_INPUT'],
          [{ scheduledPayment: { ...scheduled, firstRunAt: '2020-01-01T00:00:00.000Z' } }, 'BAD_USER_INPUT'],
          [{ scheduledPayment: { ...scheduled, payee: ada.id } }, 'BAD_USER_INPUT'],
          [{ scheduledPayment: { ...scheduled, amount: euro('-5') } }, 'BAD_USER_INPUT'],
          [{ scheduledPayment: { ...scheduled, memo: tooLong(200) } }, 'BAD_USER_INPUT'],
          [{ autoSplit: [] }, 'BAD_USER_INPUT'],
          [
            { autoSplit: Array.from({ length: 11 }, (_, index) => ({ payee: `person ${index}`, percent: '1' })) },
            'BAD_USER_INPUT',
          ],
          [{ autoSplit: [{ payee: ada.id, percent: '10' }] }, 'BAD_USER_INPUT'],
          [{ autoSplit: [{ payee: bob.id, percent: '0' }] }, 'BAD_USER_INPUT'],
          [{ autoSplit: [{ payee: bob.id, percent: '0.001' }] }, 'BAD_USER_INPUT'],
          [{ autoSplit: [{ payee: bob.id, percent: '100.01' }] }, 'BAD_USER_INPUT'],
          [
            {
              autoSplit: [
                { payee: bob.id, percent: '60' },
                { payee: carol.id, percent: '40.01' },
              ],
            },
            'BAD_USER_INPUT',
          ],
          [{ wallet: demoWallets.bob, allowList: [bob.id] }, 'NOT_FOUND'],
        ]),
      },
      removeRule: {
        arguments: { rule: demoRule },
        stranger: 'NOT_FOUND',
        bad: [{ arguments: { rule: 'nothing' }, code: 'NOT_FOUND' }],
      },
      sendOnChain: {
        arguments: async (world) => {
          await withCoins(world)
          return { input: transfer }
        },
        stranger: 'NOT_FOUND',
        bad: bad({ ...transfer, idempotencyKey: 'bad on chain' }, [
          [{ amount: '0' }, 'BAD_USER_INPUT'],
          [{ amount: '-1' }, 'BAD_USER_INPUT'],
          [{ amount: '0.0000000000000000001' }, 'BAD_USER_INPUT'],
          [{ amount: '1000' }, 'INSUFFICIENT_FUNDS'],
          [{ to: '0x787bc77F1700DCE0f8c1581c18A12d3153D1b150' }, 'BAD_USER_INPUT'],
          [{ to: 'bob' }, 'BAD_USER_INPUT'],
          [{ idempotencyKey: tooLong(100) }, 'BAD_USER_INPUT'],
          [{ wallet: demoWallets.bob }, 'NOT_FOUND'],
        ]),
      },
    },
    subscriptions: {
      paymentReceived: { arguments: { wallet: demoWallets.ada }, stranger: 'NOT_FOUND' },
    },
  },
  { with: [bancai] },
)
