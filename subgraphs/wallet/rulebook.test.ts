import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
const limitOf = (amount: string, period: string, currency = 'EUR') => ({
  spendingLimit: { amount: { amount, currency }, period },
})

const pair = async (amount = '1000') => {
  const [ada, bob] = [newPerson(), newPerson()]
  const [from, to] = [await ada.funded(amount), await bob.funded('0')]
  return { ada, bob, from, to, pay: (amount: string) => ada.pay(from.wallet, { payee: bob.id }, { amount }) }
}

describe('a spending limit', () => {
  it('refuses what goes beyond it, names itself, and writes nothing', async () => {
    const { ada, from, bob, to, pay } = await pair()
    const { addRule } = await accepted(ada.addRule(from.wallet, limitOf('50', 'MONTH'), 'Pocket money'))
    expect(addRule).toMatchObject({
      kind: 'SPENDING_LIMIT',
      period: 'MONTH',
      amount: { amount: '50.00' },
      payees: null,
    })
    await accepted(pay('30'))
    const before = await world.fingerprint()
    const refused = await pay('20.01')
    expect(refused.codes).toEqual(['PAYMENT_RULE_REFUSED'])
    expect(refused.errors?.[0]).toMatchObject({
      message: 'The rule "Pocket money" does not allow this payment.',
      extensions: { rule: { id: addRule.id, name: 'Pocket money' } },
    })
    expect(await world.fingerprint()).toBe(before)
    await accepted(pay('20'))
    expect(await bob.balance(to.account)).toBe('50.00')
  })

  it('holds under concurrency: of many payments at once only as many leave as it allows', async () => {
    const { ada, from, bob, to, pay } = await pair()
    await accepted(ada.addRule(from.wallet, limitOf('50', 'DAY')))
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay('7')))
    const refused = answers.filter(({ codes }) => codes.length > 0)
    expect(refused.map(({ codes }) => codes)).toEqual(Array.from({ length: 13 }, () => ['PAYMENT_RULE_REFUSED']))
    expect(await bob.balance(to.account)).toBe('49.00')
  })

  it('begins anew with the next period, and counts only what left', async () => {
    const { ada, from, pay } = await pair('15')
    await accepted(ada.addRule(from.wallet, limitOf('20', 'DAY')))
    await accepted(pay('10'))
    expect((await pay('6')).codes).toEqual(['INSUFFICIENT_FUNDS'])
    await ada.deposit(from.account, '100')
    // The six that failed do not count: ten are left.
    await accepted(pay('10'))
    expect((await pay('0.01')).codes).toEqual(['PAYMENT_RULE_REFUSED'])
    world.advance(dayMs)
    await accepted(pay('20'))
  })

  it('of one currency says nothing of another', async () => {
    const ada = newPerson()
    const bob = newPerson()
    const from = await ada.createWallet([await ada.account('100'), await ada.account('1', 'BTC')])
    await bob.createWallet([await bob.account('0'), await bob.account('0', 'BTC')])
    await accepted(ada.addRule(from, limitOf('0.001', 'DAY', 'BTC')))
    await accepted(ada.pay(from, { payee: bob.id }, { amount: '100' }))
    const coins = await ada.pay(from, { payee: bob.id }, { amount: '0.002', currency: 'BTC' })
    expect(coins.codes).toEqual(['PAYMENT_RULE_REFUSED'])
  })
})

describe('an allow list', () => {
  it('lets only the people on it be paid', async () => {
    const { ada, bob, from, to, pay } = await pair()
    const carol = newPerson()
    const { wallet: hers } = await carol.funded('0')
    const { addRule } = await accepted(ada.addRule(from.wallet, { allowList: [bob.id] }, 'Family'))
    expect(addRule.payees).toEqual([{ id: bob.id }])
    await accepted(pay('1'))
    await accepted(ada.pay(from.wallet, { toWallet: to.wallet }, { amount: '1' }))
    for (const target of [{ payee: carol.id }, { toWallet: hers }]) {
      expect((await ada.pay(from.wallet, target, { amount: '1' })).codes).toEqual(['PAYMENT_RULE_REFUSED'])
    }
  })
})

describe('rules of a wallet', () => {
  it('are listed oldest first, to the owner alone, and without those that were removed', async () => {
    const { ada, bob, from, pay } = await pair()
    const { addRule: strict } = await accepted(ada.addRule(from.wallet, limitOf('1', 'DAY'), 'Strict'))
    const { addRule: list } = await accepted(ada.addRule(from.wallet, { allowList: [bob.id] }, 'List'))
    expect(await ada.rules(from.wallet)).toEqual([strict, list])
    expect((await pay('2')).codes).toEqual(['PAYMENT_RULE_REFUSED'])

    expect((await bob.removeRule(strict.id)).codes).toEqual(['NOT_FOUND'])
    expect((await accepted(ada.removeRule(strict.id))).removeRule).toMatchObject({ id: strict.id, name: 'Strict' })
    await accepted(ada.removeRule(strict.id))
    expect(await ada.rules(from.wallet)).toEqual([list])
    await accepted(pay('2'))
  })

  it('are at most 50, also when many are added at once', async () => {
    const { ada, from } = await pair()
    const answers = await Promise.all(Array.from({ length: 52 }, () => ada.addRule(from.wallet, limitOf('100', 'DAY'))))
    expect(answers.flatMap(({ codes }) => codes)).toEqual(['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'])
    expect(await ada.rules(from.wallet)).toHaveLength(50)
  })

  it('together share at most all of what arrives', async () => {
    const { ada, bob, from } = await pair()
    const share = (percent: string) => ({ autoSplit: [{ payee: bob.id, percent }] })
    const { addRule } = await accepted(ada.addRule(from.wallet, share('60.5')))
    expect(addRule.shares).toEqual([{ percent: '60.5', payee: { id: bob.id } }])
    const tooMuch = await ada.addRule(from.wallet, share('39.51'))
    expect(tooMuch.errors?.[0]?.message).toMatch(/and 39.5 are left/)
    await accepted(ada.addRule(from.wallet, share('39.5')))
    await accepted(ada.removeRule(addRule.id))
    await accepted(ada.addRule(from.wallet, share('60.5')))
  })
})
