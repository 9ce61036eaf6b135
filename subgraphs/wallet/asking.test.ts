import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { accepted, createPerson } from './people.fixture.ts'
import wallet from './subgraph.ts'

const dayMs = 86_400_000

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([wallet, bancai])
})
afterAll(() => world?.stop())

const newPerson = () => createPerson(world, { id: `person-${randomUUID()}` })

/** Bob asks Ada for money. */
const asked = async (amount = '20', funds = '100') => {
  const [ada, bob] = [newPerson(), newPerson()]
  const [from, to] = [await ada.funded(funds), await bob.funded('0')]
  const payment = await bob.ask(to.wallet, { payer: ada.id, amount, memo: 'Taxi' })
  return { ada, bob, from, to, payment }
}

describe('a request for money', () => {
  it('reaches the person who is asked, and is paid when accepted', async () => {
    const { ada, bob, from, to, payment } = await asked()
    expect(await ada.requests()).toMatchObject([{ id: payment, status: 'REQUESTED', memo: 'Taxi' }])
    const stream = await bob.listen(to.wallet)
    const { answerPaymentRequest: paid } = await accepted(ada.answer(payment, from.wallet))
    expect(paid).toMatchObject({ id: payment, status: 'SETTLED', payer: { id: ada.id }, payee: { id: bob.id } })
    expect((await stream.next()).data.paymentReceived).toMatchObject({ id: payment })
    await stream.stop()
    expect(await bob.balance(to.account)).toBe('20.00')
    expect(await ada.requests()).toEqual([])
    expect((await ada.payments(from.wallet)).edges).toMatchObject([{ node: { id: payment } }])
  })

  it('under one key is made once, and its content is for good', async () => {
    const { ada, bob, to } = await asked()
    const order = { payer: ada.id, amount: '5', key: 'ask' }
    const ids = await Promise.all(Array.from({ length: 8 }, () => bob.ask(to.wallet, order)))
    expect(new Set(ids).size).toBe(1)
    expect((await bob.request(to.wallet, { ...order, amount: '6' })).codes).toEqual(['CONFLICT'])
    expect((await bob.pay(to.wallet, { payee: ada.id }, { amount: '5', key: 'ask' })).codes).toEqual(['CONFLICT'])
  })

  it('is declined by who is asked, and by nobody else', async () => {
    const { ada, bob, to, payment } = await asked()
    expect((await bob.answer(payment)).codes).toEqual(['FORBIDDEN'])
    expect((await newPerson().answer(payment)).codes).toEqual(['NOT_FOUND'])
    expect(await accepted(ada.answer(payment))).toMatchObject({
      answerPaymentRequest: { status: 'DECLINED', failureReason: 'The person who was asked declined.' },
    })
    expect(await bob.balance(to.account)).toBe('0.00')
  })

  it('takes the same answer again, and no other one', async () => {
    const { ada, from, payment } = await asked()
    await accepted(ada.answer(payment, from.wallet))
    expect(await accepted(ada.answer(payment, from.wallet))).toMatchObject({
      answerPaymentRequest: { status: 'SETTLED' },
    })
    expect(await ada.balance(from.account)).toBe('80.00')
    expect((await ada.answer(payment)).codes).toEqual(['CONFLICT'])
    expect((await ada.answer(payment, await ada.createWallet([from.account]))).codes).toEqual(['CONFLICT'])

    const declined = await asked()
    await accepted(declined.ada.answer(declined.payment))
    await accepted(declined.ada.answer(declined.payment))
    expect((await declined.ada.answer(declined.payment, declined.from.wallet)).codes).toEqual(['CONFLICT'])
  })

  it('is paid once, although it is accepted and declined many times at once', async () => {
    const { ada, from, to, bob, payment } = await asked()
    await Promise.all(
      Array.from({ length: 12 }, (_, index) => ada.answer(payment, index % 3 === 0 ? undefined : from.wallet)),
    )
    const { status } = await ada.payment(payment)
    expect(await bob.balance(to.account)).toBe(status === 'DECLINED' ? '0.00' : '20.00')
    expect(['DECLINED', 'SETTLED']).toContain(status)
  })

  it('stays open when there is too little money, and is paid when there is enough', async () => {
    const { ada, from, payment } = await asked('20', '19.99')
    expect((await ada.answer(payment, from.wallet)).codes).toEqual(['INSUFFICIENT_FUNDS'])
    expect(await ada.requests()).toMatchObject([{ id: payment, status: 'REQUESTED' }])
    await ada.deposit(from.account, '0.01')
    expect(await accepted(ada.answer(payment, from.wallet))).toMatchObject({
      answerPaymentRequest: { status: 'SETTLED' },
    })
  })

  it('stays open when a rule of the paying wallet refuses it, and keeps that rule secret from who asked', async () => {
    const { ada, bob, from, payment } = await asked()
    const limit = { spendingLimit: { amount: { amount: '19.99', currency: 'EUR' }, period: 'DAY' } }
    await accepted(ada.addRule(from.wallet, limit, 'Pocket money'))
    const refused = await ada.answer(payment, from.wallet)
    expect(refused.codes).toEqual(['PAYMENT_RULE_REFUSED'])
    expect(refused.errors?.[0]?.extensions?.['rule']).toMatchObject({ name: 'Pocket money' })
    expect(await bob.payment(payment)).toMatchObject({ status: 'REQUESTED', failureReason: null })
  })

  it('runs out after seven days, and cannot be answered then', async () => {
    const { ada, from, payment } = await asked()
    world.advance(7 * dayMs)
    expect(await ada.payment(payment)).toMatchObject({ status: 'EXPIRED' })
    expect(await ada.requests()).toEqual([])
    expect((await ada.answer(payment, from.wallet)).codes).toEqual(['CONFLICT'])
    expect((await ada.answer(payment)).codes).toEqual(['CONFLICT'])
  })

  it('is told to others, so that the person can be notified', async () => {
    const told: unknown[] = []
    const events = await world.hosted().platform.events()
    const subscription = events.subscribe({
      group: `test ${randomUUID()}`,
      types: ['wallet.paymentRequested'],
      handle: async ({ payload }) => void told.push(payload),
    })
    const { ada, bob, payment } = await asked()
    await events.settled()
    await subscription.stop()
    const amount = { amount: '20.00', currency: 'EUR' }
    expect(told.at(-1)).toEqual({ paymentId: payment, payer: ada.id, payee: bob.id, ...amount })
  })

  it('is the business of the two alone', async () => {
    const { ada, payment } = await asked()
    expect(await newPerson().payment(payment)).toBeNull()
    const stranger = newPerson()
    const { codes } = await world.as(stranger).query(
      `query ($people: [_Any!]!) { _entities(representations: $people) { ... on User {
          paymentRequests { edges { node { id } } } } } }`,
      { people: [{ __typename: 'User', id: ada.id }] },
    )
    expect(codes).toEqual(['FORBIDDEN'])
  })
})

it('requests whose time ran out are written down as such by the service itself', async () => {
  const other = await startWorld([wallet, bancai], { start: true })
  try {
    const [ada, bob] = [createPerson(other, { id: 'ada' }), createPerson(other, { id: 'bob' })]
    const { wallet: to } = await bob.funded('0')
    const id = await bob.ask(to, { payer: ada.id, amount: '1' })
    other.advance(7 * dayMs)
    const client = await other.hosted().platform.relational()
    await vi.waitFor(
      async () => expect(await client.payment.findUnique({ where: { id } })).toMatchObject({ status: 'EXPIRED' }),
      { timeout: 20_000 },
    )
  } finally {
    await other.stop()
  }
})
