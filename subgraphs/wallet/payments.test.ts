import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoAccounts, demoPeople, demoWallets } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { accepted, createPerson } from './people.fixture.ts'
import type { Shown } from './people.fixture.ts'
import wallet from './subgraph.ts'

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([wallet, bancai])
})
afterAll(() => world?.stop())

const newPerson = () => createPerson(world, { id: `person-${randomUUID()}` })
const euro = (amount: string) => ({ amount, currency: 'EUR' })

/** Two people with a wallet each. */
const pair = async (amount = '100') => {
  const [ada, bob] = [newPerson(), newPerson()]
  const [from, to] = [await ada.funded(amount), await bob.funded('0')]
  return { ada, bob, from, to }
}

describe('a wallet', () => {
  it('shows what is in its accounts and at its address, and to nobody else', async () => {
    const { ada, bob, from } = await pair('12.5')
    const shown = await ada.wallet(from.wallet)
    expect(shown).toMatchObject({
      name: 'Wallet',
      owner: { id: ada.id },
      address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/),
      assets: [
        { kind: 'ACCOUNT', amount: euro('12.50'), account: { id: from.account } },
        { kind: 'CHAIN', amount: { amount: '0.00000000', currency: 'ETH' }, account: null },
      ],
    })
    expect(await bob.wallet(from.wallet)).toBeNull()
    const anonymous = await world.asAnonymous().query('{ wallet(id: "x") { id } }')
    expect(anonymous.codes).toEqual(['UNAUTHENTICATED'])
    const byService = await world.asService('hub').query(`{ wallet(id: "${from.wallet}") { assets { kind } } }`)
    expect(byService.data.wallet.assets).toHaveLength(2)
    const forBob = await world.asService('hub', bob.id).query(`{ wallet(id: "${from.wallet}") { id } }`)
    expect(forBob.data.wallet).toBeNull()
  })

  it('asks the bank and the chain once for all assets of a page', async () => {
    const ada = newPerson()
    for (const currency of ['EUR', 'USD', 'BTC']) await ada.createWallet([await ada.account('0', currency)])
    const wallets = `query ($people: [_Any!]!) { _entities(representations: $people) { ... on User {
      wallets(first: 10) { edges { node { assets { kind amount { currency } } } } } } } }`
    const before = world.storeCalls('bancai')
    const people = [{ __typename: 'User', id: ada.id }]
    const { _entities } = await accepted(world.as(ada).query(wallets, { people }))
    expect(_entities[0].wallets.edges.map(({ node }: Shown) => node.assets[0].amount.currency)).toEqual([
      'EUR',
      'USD',
      'BTC',
    ])
    expect(world.storeCalls('bancai') - before).toBe(1)
    const stranger = await world.as(demoPeople.bob).query(wallets, { people })
    expect(stranger.codes).toEqual(['FORBIDDEN'])
  })

  it('is not the 21st of a person, also when all are asked for at once', async () => {
    const ada = newPerson()
    const account = await ada.account('0')
    const input = { name: 'Many', accounts: [account] }
    const answers = await Promise.all(
      Array.from({ length: 23 }, () =>
        world.as(ada).query(`mutation ($input: CreateWalletInput!) { createWallet(input: $input) { id } }`, { input }),
      ),
    )
    const codes = answers.flatMap((answer) => answer.codes)
    expect(codes).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'])
  })

  it('holds at most one account of each currency', async () => {
    const ada = newPerson()
    const [one, other] = [await ada.account('0'), await ada.account('0')]
    await expect(ada.createWallet([one, other])).rejects.toThrow(/one account of each currency/)
  })

  it('keeps its key to itself: it is in no answer, and not readable in the database', async () => {
    const { from } = await pair()
    const client = await world.hosted().platform.relational()
    const row = await client.wallet.findUniqueOrThrow({ where: { id: from.wallet } })
    expect(row.sealedKey).not.toMatch(/^(0x)?[0-9a-f]{64}$/i)
    const { data } = await world.as(demoPeople.ada).query('{ __type(name: "Wallet") { fields { name } } }')
    expect(data.__type.fields.map(({ name }: Shown) => name)).not.toContain('sealedKey')
    const change = client.$executeRaw`UPDATE wallet.wallets SET sealed_key = 'another' WHERE id = ${from.wallet}`
    await expect(change).rejects.toThrow(/is for good/)
  })
})

describe('a payment', () => {
  it('moves the money through the bank, and both see it', async () => {
    const { ada, bob, from, to } = await pair()
    const { pay } = await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '30', memo: ' Lunch ' }))
    expect(pay).toMatchObject({
      status: 'SETTLED',
      memo: 'Lunch',
      failureReason: null,
      amount: euro('30.00'),
      payer: { id: ada.id },
      payee: { id: bob.id },
      rule: null,
    })
    expect(await ada.balance(from.account)).toBe('70.00')
    expect(await bob.balance(to.account)).toBe('30.00')
    expect(await bob.entries(to.account)).toEqual([
      { amount: { amount: '30.00' }, transfer: { id: pay.transfer.id, memo: 'Lunch' } },
    ])
    expect(await bob.payment(pay.id)).toEqual(pay)
    expect((await ada.payments(from.wallet)).edges).toEqual([{ node: pay }])
    expect((await bob.payments(to.wallet)).edges).toEqual([{ node: pay }])
    expect(await newPerson().payment(pay.id)).toBeNull()
  })

  it('reaches the first wallet of a person that holds the currency', async () => {
    const { ada, bob, from } = await pair()
    await bob.createWallet([await bob.account('0')])
    const bitcoin = await bob.account('0', 'BTC')
    await bob.createWallet([bitcoin])
    const [first] = (await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '1' }))).pay.transfer.id
    expect(first).toBeDefined()
    const poor = await ada.pay(from.wallet, { payee: bob.id }, { amount: '1', currency: 'BTC' })
    expect(poor.errors?.[0]?.message).toMatch(/The wallet holds no BTC: it holds EUR/)
    const none = await ada.pay(from.wallet, { payee: newPerson().id }, { amount: '1' })
    expect(none.errors?.[0]?.message).toBe('This person has no wallet that holds EUR.')
  })

  it('goes between own wallets, when they are not the same and not over the same account', async () => {
    const { ada, from } = await pair()
    const savings = await ada.account('0')
    const other = await ada.createWallet([savings])
    expect(await accepted(ada.pay(from.wallet, { toWallet: other }, { amount: '40' }))).toMatchObject({
      pay: { status: 'SETTLED', payer: { id: ada.id }, payee: { id: ada.id } },
    })
    expect(await ada.balance(savings)).toBe('40.00')
    const twin = await ada.createWallet([from.account])
    for (const toWallet of [from.wallet, twin]) {
      expect(await ada.pay(from.wallet, { toWallet }, { amount: '1' })).toMatchObject({ codes: ['BAD_USER_INPUT'] })
    }
  })

  it('under one key is made once, also when it is asked for many times at once', async () => {
    const { ada, bob, from, to } = await pair()
    const order = { amount: '10', key: 'once' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => accepted(ada.pay(from.wallet, { payee: bob.id }, order))),
    )
    expect(new Set(answers.map(({ pay }) => pay.id)).size).toBe(1)
    expect(await bob.balance(to.account)).toBe('10.00')
    const again = await accepted(ada.pay(from.wallet, { payee: bob.id }, order))
    expect(again.pay).toMatchObject({ id: answers[0].pay.id, status: 'SETTLED' })
    const changed = await ada.pay(from.wallet, { payee: bob.id }, { ...order, amount: '11' })
    expect(changed.codes).toEqual(['CONFLICT'])
    // Another person's keys are their own.
    await bob.deposit(to.account, '5')
    expect(await bob.pay(to.wallet, { payee: ada.id }, order)).toMatchObject({ codes: [] })
  })

  it('without enough money fails, says so the same way each time, and moves nothing', async () => {
    const { ada, bob, from, to } = await pair('5')
    const order = { amount: '5.01', key: 'too much' }
    const first = await ada.pay(from.wallet, { payee: bob.id }, order)
    expect(first.codes).toEqual(['INSUFFICIENT_FUNDS'])
    await ada.deposit(from.account, '100')
    expect((await ada.pay(from.wallet, { payee: bob.id }, order)).codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect(await bob.balance(to.account)).toBe('0.00')
    const [{ node }] = (await ada.payments(from.wallet)).edges
    expect(node).toMatchObject({ status: 'FAILED', transfer: null, settledAt: null })
    // How much there was is nobody else's business.
    const seen = await bob.payment(node.id)
    expect(seen.failureReason).toBe('The wallet that pays did not have enough money available.')
  })

  it('is listed newest first, page by page, sent and received alike', async () => {
    const { ada, bob, from, to } = await pair()
    const amounts = ['1.00', '2.00', '3.00', '4.00', '5.00']
    for (const [index, amount] of amounts.entries()) {
      const [payer, source, payee] = index % 2 === 0 ? [ada, from, bob] : [bob, to, ada]
      await accepted(payer.pay(source.wallet, { payee: payee.id }, { amount: index % 2 === 0 ? amount : '0.50' }))
    }
    const listed: string[] = []
    let after: string | undefined
    do {
      const page = await ada.payments(from.wallet, { first: 2, ...(after && { after }) })
      listed.push(...page.edges.map(({ node }: Shown) => node.amount.amount))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined
    } while (after)
    expect(listed).toEqual(['5.00', '0.50', '3.00', '0.50', '1.00'])
  })

  it('is told to others in the same transaction in which it settled', async () => {
    const told: unknown[] = []
    const events = await world.hosted().platform.events()
    const subscription = events.subscribe({
      group: `test ${randomUUID()}`,
      types: ['wallet.paymentSettled'],
      handle: async ({ payload }) => void told.push(payload),
    })
    const { ada, bob, from } = await pair()
    const { pay } = await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '3' }))
    await events.settled()
    await subscription.stop()
    expect(told.at(-1)).toEqual({
      paymentId: pay.id,
      payer: ada.id,
      payee: bob.id,
      ...euro('3.00'),
      refundOf: null,
    })
  })

  it('that is settled can be changed by nobody', async () => {
    const { ada, bob, from } = await pair()
    const { pay } = await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '3' }))
    const client = await world.hosted().platform.relational()
    const change = client.$executeRaw`UPDATE wallet.payments SET amount = 1 WHERE id = ${pay.id}`
    await expect(change).rejects.toThrow(/is for good/)
    const removal = client.$executeRaw`DELETE FROM wallet.payments WHERE id = ${pay.id}`
    await expect(removal).rejects.toThrow(/is for good/)
  })
})

describe('who listens to a wallet', () => {
  it('hears of each payment that arrives, in order, and of nothing else', async () => {
    const { ada, bob, from, to } = await pair()
    const stream = await bob.listen(to.wallet)
    const ids: string[] = []
    for (const amount of ['1', '2', '3']) {
      ids.push((await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount }))).pay.id)
    }
    await accepted(bob.pay(to.wallet, { payee: ada.id }, { amount: '1' }))
    const last = await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '4' }))
    for (const id of [...ids, last.pay.id]) {
      const { data } = await stream.next()
      expect(data.paymentReceived).toMatchObject({ id, status: 'SETTLED', payer: { id: ada.id } })
    }
    await stream.stop()
  })

  it('is the owner alone', async () => {
    const listening = `subscription { paymentReceived(wallet: "${demoWallets.ada}") { id } }`
    for (const client of [world.as(demoPeople.bob), world.asAdmin(), world.asService('hub', demoPeople.bob.id)]) {
      const stream = await client.subscribe(listening)
      expect((await stream.next()).codes).toEqual(['NOT_FOUND'])
      await stream.stop()
    }
  })
})

it('the demo people have a wallet over all their accounts, and can pay with it', async () => {
  const ada = createPerson(world, demoPeople.ada)
  const { assets } = await ada.wallet(demoWallets.ada)
  const accounts = assets.filter(({ kind }: Shown) => kind === 'ACCOUNT').map(({ account }: Shown) => account.id)
  expect(accounts.toSorted()).toEqual(Object.values(demoAccounts.ada).toSorted())
  expect(await ada.requests()).toMatchObject([{ memo: 'Cinema tickets', payee: { id: demoPeople.carol.id } }])
  const order = { amount: '0.1', currency: 'ETH' }
  expect(await ada.pay(demoWallets.ada, { payee: demoPeople.bob.id }, order)).toMatchObject({ codes: [] })
})
