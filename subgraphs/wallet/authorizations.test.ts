import { randomUUID } from 'node:crypto'
import { silentLogger } from '@codai/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { createAuthorizations } from './authorizations.ts'
import type { Answer } from './bank.ts'
import type { Service } from './context.ts'
import { accepted, createPerson, paymentFields } from './people.fixture.ts'
import { createSettlement } from './settlement.ts'
import wallet from './subgraph.ts'

const hourMs = 3_600_000
const service = 'cumparai'

describe('money that is set aside', () => {
  let world: TestWorld
  beforeAll(async () => {
    world = await startWorld([wallet, bancai])
  })
  afterAll(() => world?.stop())

  const serviceOf = (): Service => world.hosted().service as Service
  const pair = async (funds = '100') => {
    const [ada, bob] = ['ada', 'bob'].map((name) => createPerson(world, { id: `${name}-${randomUUID()}` }))
    if (!ada || !bob) throw new Error('There are two.')
    return { ada, bob, from: await ada.funded(funds), to: await bob.funded('0') }
  }
  const available = async (person: string, account: string): Promise<string> => {
    const document = 'query ($id: ID!) { account(id: $id) { available { amount } } }'
    return (await accepted(world.as({ id: person }, 'bancai').query(document, { id: account }))).account.available
      .amount
  }
  /** What the service does for a person. */
  const asService = (field: string, person: string, payment: string, name = service) =>
    world
      .asService(name, person)
      .query(`mutation ($payment: ID!) { ${field}(payment: $payment) { ${paymentFields} } }`, { payment })
  const authorizeByService = async (person: string, from: string, payee: string, key: string = randomUUID()) => {
    const input = {
      wallet: from,
      payee,
      amount: { amount: '30', currency: 'EUR' },
      expiresAt: new Date(Date.now() + hourMs),
      idempotencyKey: key,
    }
    const document = `mutation ($input: AuthorizePaymentInput!) { authorizePayment(input: $input) { ${paymentFields} } }`
    return (await accepted(world.asService(service, person).query(document, { input }))).authorizePayment
  }

  it('is still the payer’s, but cannot be spent, until it is captured', async () => {
    const { ada, bob, from, to } = await pair()
    const { authorizePayment: held } = await accepted(
      ada.authorize(from.wallet, { payee: bob.id }, { amount: '30', memo: 'A lamp' }),
    )
    expect(held).toMatchObject({ status: 'AUTHORIZED', transfer: null, settledAt: null, memo: 'A lamp' })
    expect(Date.parse(held.expiresAt)).toBeGreaterThan(Date.now())
    expect([await ada.balance(from.account), await available(ada.id, from.account)]).toEqual(['100.00', '70.00'])
    expect((await ada.pay(from.wallet, { payee: bob.id }, { amount: '71' })).codes).toEqual(['INSUFFICIENT_FUNDS'])

    const arrivals = await bob.listen(to.wallet)
    const { capturePayment: captured } = await accepted(ada.capture(held.id))
    expect(captured).toMatchObject({ id: held.id, status: 'SETTLED', expiresAt: null })
    expect((await arrivals.next()).data.paymentReceived.id).toBe(held.id)
    await arrivals.stop()
    expect(await accepted(ada.capture(held.id))).toEqual({ capturePayment: captured })
    expect([await ada.balance(from.account), await bob.balance(to.account)]).toEqual(['70.00', '30.00'])
    expect((await ada.release(held.id)).codes).toEqual(['CONFLICT'])
  })

  it('is the payer’s again when it is released, and cannot be captured any more', async () => {
    const { ada, bob, from } = await pair()
    const { authorizePayment: held } = await accepted(ada.authorize(from.wallet, { payee: bob.id }, { amount: '30' }))
    const { releasePayment: released } = await accepted(ada.release(held.id))
    expect(released).toMatchObject({ status: 'RELEASED', failureReason: null, expiresAt: null })
    expect(await accepted(ada.release(held.id))).toEqual({ releasePayment: released })
    expect(await available(ada.id, from.account)).toBe('100.00')
    expect((await ada.capture(held.id)).codes).toEqual(['CONFLICT'])
  })

  it('is captured or released, whichever comes first, and never both', async () => {
    const { ada, bob, from, to } = await pair()
    for (let round = 0; round < 5; round += 1) {
      const { authorizePayment: held } = await accepted(ada.authorize(from.wallet, { payee: bob.id }, { amount: '1' }))
      const before = Number(await bob.balance(to.account))
      await Promise.all([ada.capture(held.id), ada.release(held.id), ada.capture(held.id), ada.release(held.id)])
      const { status } = await ada.payment(held.id)
      expect(['SETTLED', 'RELEASED']).toContain(status)
      expect(Number(await bob.balance(to.account)) - before).toBe(status === 'SETTLED' ? 1 : 0)
      expect(await available(ada.id, from.account)).toBe(await ada.balance(from.account))
    }
  })

  it('counts in spending limits while it is set aside, and no more when it was released', async () => {
    const { ada, bob, from } = await pair()
    await accepted(
      ada.addRule(from.wallet, { spendingLimit: { amount: { amount: '50', currency: 'EUR' }, period: 'MONTH' } }),
    )
    const { authorizePayment: held } = await accepted(ada.authorize(from.wallet, { payee: bob.id }, { amount: '30' }))
    expect((await ada.pay(from.wallet, { payee: bob.id }, { amount: '21' })).codes).toEqual(['PAYMENT_RULE_REFUSED'])
    const refused = await ada.authorize(from.wallet, { payee: bob.id }, { amount: '21' })
    expect(refused.codes).toEqual(['PAYMENT_RULE_REFUSED'])
    await accepted(ada.release(held.id))
    await accepted(ada.authorize(from.wallet, { payee: bob.id }, { amount: '50' }))
  })

  it('is set aside once for each key, and a service’s keys are none of the person’s', async () => {
    const { ada, bob, from } = await pair()
    const expiresAt = new Date(Date.now() + hourMs)
    const order = { amount: '10', key: 'order', expiresAt }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => accepted(ada.authorize(from.wallet, { payee: bob.id }, order))),
    )
    expect(new Set(answers.map(({ authorizePayment }) => authorizePayment.id)).size).toBe(1)
    expect(await available(ada.id, from.account)).toBe('90.00')
    expect((await ada.authorize(from.wallet, { payee: bob.id }, { ...order, amount: '11' })).codes).toEqual([
      'CONFLICT',
    ])
    const byService = await authorizeByService(ada.id, from.wallet, bob.id, 'order')
    expect(byService.id).not.toBe(answers[0]?.authorizePayment.id)
  })

  it('that a service set aside is captured, released and paid back by that service alone', async () => {
    const { ada, bob, from, to } = await pair()
    const { id } = await authorizeByService(ada.id, from.wallet, bob.id)
    for (const person of [ada, bob]) {
      expect((await person.capture(id)).codes).toEqual(['FORBIDDEN'])
      expect((await person.release(id)).codes).toEqual(['FORBIDDEN'])
    }
    expect((await asService('capturePayment', ada.id, id, 'x')).codes).toEqual(['FORBIDDEN'])
    expect((await asService('capturePayment', 'somebody else', id)).codes).toEqual(['NOT_FOUND'])
    await accepted(asService('capturePayment', ada.id, id))
    expect((await ada.refund(id)).codes).toEqual(['FORBIDDEN'])
    expect((await asService('refundPayment', ada.id, id, 'x')).codes).toEqual(['FORBIDDEN'])
    const { refundPayment: refund } = await accepted(asService('refundPayment', ada.id, id))
    expect(refund).toMatchObject({ status: 'SETTLED', refundOf: { id }, payer: { id: bob.id }, payee: { id: ada.id } })
    expect([await ada.balance(from.account), await bob.balance(to.account)]).toEqual(['100.00', '0.00'])
  })

  it('is paid back once, is no income to be divided, and can be paid back later when it is missing', async () => {
    const { ada, bob, from, to } = await pair()
    const autoSplit = [{ payee: bob.id, percent: '50' }]
    await accepted(ada.addRule(from.wallet, { autoSplit }))
    const { pay } = await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '40' }))
    await accepted(bob.pay(to.wallet, { payee: ada.id }, { amount: '15' }))
    expect((await bob.refund(pay.id)).codes).toEqual(['INSUFFICIENT_FUNDS'])
    await bob.deposit(to.account, '15')
    const answers = await Promise.all(Array.from({ length: 6 }, () => accepted(bob.refund(pay.id))))
    const ids = new Set(answers.map(({ refundPayment }) => refundPayment.id))
    expect(ids.size).toBe(1)
    await serviceOf().settlement.resume()
    const made = (await ada.payments(from.wallet)).edges.map(({ node }: { node: { memo: string } }) => node.memo)
    expect(made.filter((memo: string | null) => memo === 'Refund')).toHaveLength(2)
    const [refund] = [...ids]
    expect((await ada.refund(refund ?? '')).codes).toEqual(['CONFLICT'])
    expect((await ada.refund(pay.id)).codes).toEqual(['FORBIDDEN'])
  })

  it('that is asked back before the bank has answered is released as soon as it answers', async () => {
    const { ada, bob, from } = await pair()
    const { store, bank, newId } = serviceOf()
    let isAway = true
    const away: Answer = { outcome: 'unknown', cause: undefined }
    let time = Date.now()
    const now = (): Date => new Date(time)
    // The hold is made, and its answer is lost.
    const hold: typeof bank.hold = async (...asked) => {
      const answer = await bank.hold(...asked)
      return isAway ? away : answer
    }
    const lost = { ...bank, hold }
    const settlement = createSettlement({
      store,
      bank: lost,
      newId,
      now,
      announce: async () => {},
      logger: silentLogger,
    })
    const authorizations = createAuthorizations({ store, settlement, newId, now })
    const { authorizePayment: held } = await accepted(ada.authorize(from.wallet, { payee: bob.id }, { amount: '30' }))
    // As it stands when the process was killed before it knew of the hold.
    await store.transact((tx) =>
      tx.updatePayment(held.id, { status: 'PENDING', step: 'HOLD', holdId: null, nextAttemptAt: now() }),
    )
    const caller = { userId: ada.id, service: null }
    expect(await authorizations.releasePayment(caller, held.id, 'request')).toMatchObject({ status: 'PENDING' })
    await settlement.resume()
    expect(await ada.payment(held.id)).toMatchObject({ status: 'PENDING' })
    isAway = false
    time += 60_000
    await settlement.resume()
    await settlement.resume()
    expect(await ada.payment(held.id)).toMatchObject({ status: 'RELEASED' })
    expect(await available(ada.id, from.account)).toBe('100.00')
  })

  it('is given back by itself when its time runs out', async () => {
    const { ada, bob, from } = await pair()
    const expiresAt = new Date(Date.now() + hourMs)
    const { authorizePayment: held } = await accepted(
      ada.authorize(from.wallet, { payee: bob.id }, { amount: '30', expiresAt }),
    )
    world.advance(hourMs + 1_000)
    expect(await ada.payment(held.id)).toMatchObject({ status: 'EXPIRED', expiresAt: null })
    expect((await ada.capture(held.id)).codes).toEqual(['CONFLICT'])
    expect(await available(ada.id, from.account)).toBe('100.00')
    const { store, now } = serviceOf()
    await store.expirePayments(now())
    expect((await store.payments([held.id]))[0]).toMatchObject({ status: 'EXPIRED' })
    expect((await accepted(ada.release(held.id))).releasePayment).toMatchObject({ status: 'EXPIRED' })
  })
})
