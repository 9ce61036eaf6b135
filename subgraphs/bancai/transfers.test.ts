import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestClient, TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller, ledgerOf } from './ledger.fixture.ts'
import bancai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const dayMs = 86_400_000

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([bancai])
  // Noon: a day of UTC does not end while the tests run.
  world.advance(1.5 * dayMs - (Date.now() % dayMs))
})
afterAll(() => world?.stop())

let people = 0
const newcomer = (): ReturnType<typeof createTeller> => createTeller(world.as({ id: `payer-${(people += 1)}` }))

const transferById = async (client: TestClient, id: string): Promise<Answer['data']> =>
  (
    await accepted(
      client.query(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Transfer {
           id memo idempotencyKey from { id } to { id } amount { amount } entries { amount { amount } balanceAfter { amount } }
         } } }`,
        { of: [{ __typename: 'Transfer', id }] },
      ),
    )
  )._entities[0]

describe('paying in', () => {
  it('adds money from outside, which has no account to come from', async () => {
    const teller = newcomer()
    const account = await teller.open()
    const { deposit } = await accepted(teller.deposit(account, '1250.5'))
    expect(deposit).toMatchObject({
      kind: 'DEPOSIT',
      status: 'BOOKED',
      from: null,
      to: { id: account },
      amount: { amount: '1250.50', currency: 'EUR' },
      entries: [{ amount: { amount: '1250.50' }, account: { id: account } }],
    })
    expect(await teller.balances(account)).toEqual({ balance: '1250.50', available: '1250.50' })
  })

  it('accepts the worth of 250,000 EUR in a day, over all accounts and currencies, and more the next day', async () => {
    const teller = newcomer()
    const euros = await teller.open('EUR')
    const bitcoins = await teller.open('BTC')
    await accepted(teller.deposit(euros, '100000'))
    await accepted(teller.deposit(euros, '100000'))
    expect((await teller.deposit(bitcoins, '1.7', { currency: 'BTC' })).codes).toEqual(['LIMIT_EXCEEDED'])
    expect((await teller.deposit(bitcoins, '0.84', { currency: 'BTC' })).codes).toEqual(['LIMIT_EXCEEDED'])
    await accepted(teller.deposit(bitcoins, '0.8', { currency: 'BTC' }))
    await accepted(teller.deposit(euros, '2000'))
    expect((await teller.deposit(euros, '0.01')).codes).toEqual(['LIMIT_EXCEEDED'])
    world.advance(dayMs)
    await accepted(teller.deposit(euros, '0.01'))
  })

  it('keeps the daily limit when everything is paid in at once', async () => {
    const teller = newcomer()
    const account = await teller.open()
    const answers = await Promise.all(Array.from({ length: 12 }, () => teller.deposit(account, '50000')))
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(5)
    expect(await teller.balances(account)).toMatchObject({ balance: '250000.00' })
  })
})

describe('transferring', () => {
  it('moves the whole amount at once, and both sides see what they may', async () => {
    const [payer, payee] = [createTeller(world.as(ada)), createTeller(world.as(bob))]
    const [from, to] = [await payer.funded('100'), await payee.open()]
    const { transfer } = await accepted(payer.transfer(from, to, '40.25', { memo: ' For lunch ', key: 'lunch' }))
    expect(transfer).toMatchObject({
      kind: 'TRANSFER',
      memo: 'For lunch',
      idempotencyKey: 'lunch',
      amount: { amount: '40.25', currency: 'EUR' },
      from: { id: from },
      to: null,
      entries: [{ amount: { amount: '-40.25' }, account: { id: from } }],
    })
    expect(await payer.balances(from)).toEqual({ balance: '59.75', available: '59.75' })
    expect(await payee.balances(to)).toEqual({ balance: '40.25', available: '40.25' })
    expect(await transferById(world.as(bob), transfer.id)).toEqual({
      id: transfer.id,
      memo: 'For lunch',
      idempotencyKey: null,
      from: null,
      to: { id: to },
      amount: { amount: '40.25' },
      entries: [{ amount: { amount: '40.25' }, balanceAfter: { amount: '40.25' } }],
    })
    expect(await transferById(world.as(carol), transfer.id)).toBeNull()
    expect((await transferById(world.asAdmin(), transfer.id)).entries).toHaveLength(2)
    expect((await transferById(world.asService('wallet'), transfer.id)).entries).toHaveLength(2)
  })

  it('shows both accounts of a transfer between accounts of one person', async () => {
    const teller = newcomer()
    const [from, to] = [await teller.funded('10'), await teller.open()]
    const { transfer } = await accepted(teller.transfer(from, to, '10'))
    expect(transfer).toMatchObject({ from: { id: from }, to: { id: to } })
    expect(transfer.entries).toHaveLength(2)
  })

  it('says what is available when that is too little, and moves nothing', async () => {
    const teller = newcomer()
    const [from, to] = [await teller.funded('10'), await teller.open()]
    await accepted(teller.authorize(from, '4'))
    const { codes, errors } = await teller.transfer(from, to, '6.01')
    expect(codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect(errors?.[0]?.message).toBe('The account has 6.00 EUR available.')
    expect(await teller.balances(from)).toEqual({ balance: '10.00', available: '6.00' })
    await accepted(teller.transfer(from, to, '6'))
  })

  it('works for a service in the name of a person, and not for a service by itself', async () => {
    const to = demoAccounts.bob.EUR
    await accepted(createTeller(world.asService('wallet', ada.id)).transfer(demoAccounts.ada.EUR, to, '1'))
    expect((await createTeller(world.asService('wallet')).transfer(demoAccounts.ada.EUR, to, '1')).codes).toEqual([
      'NOT_FOUND',
    ])
    expect(
      (await createTeller(world.asService('wallet', bob.id)).transfer(demoAccounts.ada.EUR, to, '1')).codes,
    ).toEqual(['NOT_FOUND'])
    expect((await createTeller(world.asAdmin()).transfer(demoAccounts.ada.EUR, to, '1')).codes).toEqual(['NOT_FOUND'])
  })
})

describe('idempotency keys', () => {
  it('move money once, although fifty calls with one key come at the same time', async () => {
    const teller = newcomer()
    const [from, to] = [await teller.funded('100'), await teller.open()]
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => teller.transfer(from, to, '3', { key: 'once', memo: 'Once' })),
    )
    expect(answers.flatMap(({ codes }) => codes)).toEqual([])
    expect(new Set(answers.map(({ data }) => data.transfer.id)).size).toBe(1)
    expect(await teller.balances(from)).toMatchObject({ balance: '97.00' })
    expect(await teller.balances(to)).toMatchObject({ balance: '3.00' })
  })

  it('give a conflict for other content, whatever differs', async () => {
    const teller = newcomer()
    const [from, to, other] = [await teller.funded('100'), await teller.open(), await teller.open()]
    await accepted(teller.transfer(from, to, '3', { key: 'one' }))
    const again = await Promise.all([
      teller.transfer(from, to, '3.01', { key: 'one' }),
      teller.transfer(from, other, '3', { key: 'one' }),
      teller.transfer(from, to, '3', { key: 'one', memo: 'Three' }),
      teller.deposit(from, '3', { key: 'one' }),
      teller.authorize(from, '3', { key: 'one' }),
    ])
    expect(again.flatMap(({ codes }) => codes)).toEqual(Array.from({ length: 5 }, () => 'CONFLICT'))
    // The same amount, spelled otherwise, is the same content.
    await accepted(teller.transfer(from, to, '3.00', { key: 'one' }))
    expect(await teller.balances(from)).toMatchObject({ balance: '97.00' })
  })

  it('are used up only by calls that succeed', async () => {
    const teller = newcomer()
    const [from, to] = [await teller.funded('5'), await teller.open()]
    expect((await teller.transfer(from, to, '8', { key: 'later' })).codes).toEqual(['INSUFFICIENT_FUNDS'])
    await accepted(teller.deposit(from, '3'))
    await accepted(teller.transfer(from, to, '8', { key: 'later' }))
  })

  it('belong to a person, so that those of others are never in the way', async () => {
    const [one, other] = [newcomer(), newcomer()]
    const [from, to] = [await one.funded('5'), await other.funded('5')]
    const first = await accepted(one.transfer(from, to, '1', { key: 'mine' }))
    const second = await accepted(other.transfer(to, from, '1', { key: 'mine' }))
    expect(first.transfer.id).not.toBe(second.transfer.id)
  })
})

describe('the events of a transfer', () => {
  it('are written with it, for services that want to know', async () => {
    const teller = createTeller(world.as(ada))
    const { transfer } = await accepted(teller.transfer(demoAccounts.ada.EUR, demoAccounts.bob.EUR, '7.5'))
    const events = await world.hosted().platform.events()
    const heard: unknown[] = []
    events.subscribe({
      group: 'test',
      types: ['bancai.transferBooked'],
      handle: async ({ key, payload }) => {
        if (key === transfer.id) heard.push(payload)
      },
    })
    await events.settled()
    expect(heard).toEqual([
      {
        transferId: transfer.id,
        kind: 'TRANSFER',
        memo: null,
        bookedAt: transfer.createdAt,
        legs: [
          {
            from: { accountId: demoAccounts.ada.EUR, ownerId: ada.id },
            to: { accountId: demoAccounts.bob.EUR, ownerId: bob.id },
            amount: { amount: '7.50', currency: 'EUR' },
          },
        ],
      },
    ])
  })
})

it('leaves books in order', async () => {
  expect(await ledgerOf(world).store.discrepancies()).toEqual([])
})
