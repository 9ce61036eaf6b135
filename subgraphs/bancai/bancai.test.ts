import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld, testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller, ledgerOf } from './ledger.fixture.ts'
import { demoHold, demoTransfer } from './seed.ts'
import bancai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const euro = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'EUR' })
const tooLong = (length: number): string => 'x'.repeat(length + 1)

const holdFor = async (world: TestWorld, service?: string): Promise<string> => {
  const client = service === undefined ? world.as(ada) : world.asService(service, ada.id)
  return (await accepted(createTeller(client).authorize(demoAccounts.ada.EUR, '10'))).authorizeHold.id
}

testConformance(bancai, {
  entities: {
    Account: { keys: [{ id: demoAccounts.ada.EUR }, { id: demoAccounts.ada.BTC }], visibleTo: ada },
    Transfer: { keys: [{ id: demoTransfer }], visibleTo: ada },
    Hold: { keys: [{ id: demoHold }], visibleTo: ada },
    Statement: { keys: [{ id: `${demoAccounts.ada.EUR}.2026-01` }], visibleTo: ada },
    User: { keys: [{ id: ada.id }] },
  },
  mutations: {
    openAccount: {
      arguments: { input: { name: 'Holidays', currency: 'EUR' } },
      stranger: 'OWN',
      bad: [
        { arguments: { input: { name: '   ', currency: 'EUR' } }, code: 'BAD_USER_INPUT' },
        { arguments: { input: { name: tooLong(60), currency: 'EUR' } }, code: 'BAD_USER_INPUT' },
        { arguments: { input: { name: 'a\0b', currency: 'EUR' } }, code: 'BAD_USER_INPUT' },
        { arguments: { input: { name: 'a\ud800b', currency: 'EUR' } }, code: 'BAD_USER_INPUT' },
        { arguments: { input: { name: 'Doubloons', currency: 'XDB' } }, code: 'BAD_USER_INPUT' },
        { arguments: { input: { name: 'For Bob', currency: 'EUR', owner: bob.id } }, code: 'FORBIDDEN' },
        { arguments: { input: { name: 'Key', currency: 'EUR', idempotencyKey: '' } }, code: 'BAD_USER_INPUT' },
      ],
    },
    deposit: {
      arguments: { input: { account: demoAccounts.ada.EUR, amount: euro('10'), idempotencyKey: 'deposit' } },
      stranger: 'NOT_FOUND',
      bad: [
        ['0', 'key', 'BAD_USER_INPUT'],
        ['-1', 'key', 'BAD_USER_INPUT'],
        ['1.001', 'key', 'BAD_USER_INPUT'],
        ['99999999999999999999', 'key', 'BAD_USER_INPUT'],
        ['100000.01', 'key', 'LIMIT_EXCEEDED'],
        ['1', '', 'BAD_USER_INPUT'],
        ['1', tooLong(100), 'BAD_USER_INPUT'],
      ].map(([amount = '', idempotencyKey = '', code = '']) => ({
        arguments: { input: { account: demoAccounts.ada.EUR, amount: euro(amount), idempotencyKey } },
        code,
      })),
    },
    transfer: {
      arguments: {
        input: {
          from: demoAccounts.ada.EUR,
          to: demoAccounts.bob.EUR,
          amount: euro('10'),
          memo: 'Lunch',
          idempotencyKey: 'transfer',
        },
      },
      stranger: 'NOT_FOUND',
      bad: [
        [{ to: demoAccounts.ada.EUR }, 'BAD_USER_INPUT'],
        [{ to: demoAccounts.bob.BTC }, 'BAD_USER_INPUT'],
        [{ to: 'nobody' }, 'NOT_FOUND'],
        [{ to: '\0' }, 'NOT_FOUND'],
        [{ to: 'outside-eur' }, 'NOT_FOUND'],
        [{ from: 'outside-eur' }, 'NOT_FOUND'],
        [{ amount: { amount: '1', currency: 'USD' } }, 'BAD_USER_INPUT'],
        [{ amount: euro('0.00') }, 'BAD_USER_INPUT'],
        [{ amount: euro('1e3') }, 'BAD_USER_INPUT'],
        [{ amount: euro('1000000') }, 'INSUFFICIENT_FUNDS'],
        [{ memo: tooLong(200) }, 'BAD_USER_INPUT'],
        [{ idempotencyKey: tooLong(100) }, 'BAD_USER_INPUT'],
      ].map(([change, code]) => ({
        arguments: {
          input: {
            from: demoAccounts.ada.EUR,
            to: demoAccounts.bob.EUR,
            amount: euro('10'),
            idempotencyKey: 'bad transfer',
            ...(change as object),
          },
        },
        code: code as string,
      })),
    },
    authorizeHold: {
      arguments: {
        input: { account: demoAccounts.ada.EUR, amount: euro('10'), reason: 'Hotel', idempotencyKey: 'hold' },
      },
      stranger: 'NOT_FOUND',
      bad: [
        [{ reason: ' ' }, 'BAD_USER_INPUT'],
        [{ reason: tooLong(200) }, 'BAD_USER_INPUT'],
        [{ amount: { amount: '1', currency: 'BTC' } }, 'BAD_USER_INPUT'],
        [{ amount: euro('1000000') }, 'INSUFFICIENT_FUNDS'],
        [{ expiresAt: '2020-01-01T00:00:00.000Z' }, 'BAD_USER_INPUT'],
      ].map(([change, code]) => ({
        arguments: {
          input: {
            account: demoAccounts.ada.EUR,
            amount: euro('10'),
            reason: 'Hotel',
            idempotencyKey: 'bad hold',
            ...(change as object),
          },
        },
        code: code as string,
      })),
    },
    captureHold: {
      arguments: async (world) => ({
        input: { hold: await holdFor(world), to: demoAccounts.bob.EUR, idempotencyKey: 'capture' },
      }),
      stranger: 'NOT_FOUND',
      bad: [
        [{ amount: euro('10.01') }, 'CONFLICT'],
        [{ amount: { amount: '1', currency: 'ETH' } }, 'BAD_USER_INPUT'],
        [{ to: demoAccounts.bob.CDX }, 'BAD_USER_INPUT'],
        [{ to: demoAccounts.ada.EUR }, 'BAD_USER_INPUT'],
        [{ hold: 'nothing' }, 'NOT_FOUND'],
        [{ hold: demoHold }, 'CONFLICT'],
      ].map(([change, code]) => ({
        arguments: async (world) => ({
          input: {
            hold: await holdFor(world),
            to: demoAccounts.bob.EUR,
            idempotencyKey: 'bad capture',
            ...(change as object),
          },
        }),
        code: code as string,
      })),
    },
    captureHolds: {
      as: { service: 'x' },
      arguments: async (world) => ({
        input: {
          legs: [{ hold: await holdFor(world, 'x'), to: demoAccounts.bob.EUR, amount: euro('10') }],
          idempotencyKey: 'settlement',
        },
      }),
      stranger: 'FORBIDDEN',
      bad: [
        { arguments: { input: { legs: [], idempotencyKey: 'bad settlement' } }, code: 'BAD_USER_INPUT' },
        {
          arguments: {
            input: {
              legs: Array.from({ length: 21 }, () => ({ hold: 'h', to: 'a', amount: euro('1') })),
              idempotencyKey: 'bad settlement',
            },
          },
          code: 'BAD_USER_INPUT',
        },
        {
          arguments: async (world) => ({
            input: {
              legs: [{ hold: await holdFor(world, 'wallet'), to: demoAccounts.bob.EUR, amount: euro('1') }],
              idempotencyKey: 'bad settlement',
            },
          }),
          code: 'FORBIDDEN',
        },
      ],
    },
    releaseHold: {
      arguments: async (world) => ({ hold: await holdFor(world) }),
      stranger: 'NOT_FOUND',
      bad: [
        { arguments: { hold: 'nothing' }, code: 'NOT_FOUND' },
        { arguments: async (world) => ({ hold: await holdFor(world, 'x') }), code: 'FORBIDDEN' },
      ],
    },
  },
  subscriptions: {
    accountActivity: { arguments: { account: demoAccounts.ada.EUR }, stranger: 'NOT_FOUND' },
  },
})

describe('the demo data', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([bancai])
  })
  afterAll(() => world?.stop())

  it.each([
    [ada, demoAccounts.ada, ['25000.00', '0.50000000', '4.00000000', '1000.00000000']],
    [bob, demoAccounts.bob, ['18000.00', '0.25000000', '6.00000000', '2500.00000000']],
    [carol, demoAccounts.carol, ['32000.00', '0.80000000', '2.50000000', '400.00000000']],
    [
      demoPeople.marketMaker,
      demoAccounts.marketMaker,
      ['50000000.00', '500.00000000', '10000.00000000', '50000000.00000000'],
    ],
  ])('gives %o money in each traded currency', async (person, accounts, amounts) => {
    const teller = createTeller(world.as(person))
    const { EUR, BTC, ETH, CDX } = accounts
    const balances = await Promise.all([EUR, BTC, ETH, CDX].map((account) => teller.balances(account)))
    expect(balances).toEqual(amounts.map((amount) => ({ balance: amount, available: amount })))
  })

  it('is booked like everything else, and the books are right', async () => {
    expect(await ledgerOf(world).store.discrepancies()).toEqual([])
  })
})
