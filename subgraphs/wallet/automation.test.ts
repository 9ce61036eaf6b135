import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { open } from './context.ts'
import { accepted, createPerson } from './people.fixture.ts'
import type { Shown } from './people.fixture.ts'
import { runSchedules } from './scheduler.ts'
import wallet from './subgraph.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

// Generous, because nothing tells of the end of work that goes on by itself.
const patience = { timeout: 25_000, interval: 100 }

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([wallet, bancai], { start: true })
})
afterAll(() => world?.stop())

const newPerson = () => createPerson(world, { id: `person-${randomUUID()}` })
const now = (): Date => world.hosted().platform.now()
const inFuture = (milliseconds: number): string => new Date(now().getTime() + milliseconds).toISOString()

type Person = ReturnType<typeof newPerson>

/** What a wallet paid and received, once none of it is on its way and there is as much as expected. */
const settled = (person: Person, of: string, count: number): Promise<Shown[]> =>
  vi.waitFor(async () => {
    const payments = (await person.payments(of)).edges.map(({ node }: Shown) => node)
    expect(payments.map(({ status }: Shown) => status)).not.toContain('PENDING')
    expect(payments).toHaveLength(count)
    return payments
  }, patience)

const pair = async (amount = '1000') => {
  const [ada, bob] = [newPerson(), newPerson()]
  const [from, to] = [await ada.funded(amount), await bob.funded('0')]
  const schedule = (change: Record<string, unknown> = {}) => ({
    scheduledPayment: {
      payee: bob.id,
      amount: { amount: '10', currency: 'EUR' },
      memo: 'Rent',
      firstRunAt: inFuture(0),
      ...change,
    },
  })
  return { ada, bob, from, to, schedule }
}

describe('a scheduled payment', () => {
  it('pays by itself when its time comes, and is done', async () => {
    const { ada, bob, from, to, schedule } = await pair()
    const stream = await bob.listen(to.wallet)
    const { addRule } = await accepted(ada.addRule(from.wallet, schedule(), 'Rent rule'))
    const { paymentReceived: paid } = (await stream.next()).data
    expect(paid).toMatchObject({ status: 'SETTLED', memo: 'Rent', amount: { amount: '10.00' } })
    await stream.stop()
    // Which rule made it is the payer's business.
    expect(paid.rule).toBeNull()
    expect(await ada.payment(paid.id)).toMatchObject({ rule: { id: addRule.id, name: 'Rent rule' } })
    expect(await ada.rules(from.wallet)).toMatchObject([{ id: addRule.id, nextRunAt: null }])
  })

  it('pays again and again, once for each of its times, and the latest alone of those that were missed', async () => {
    const { ada, bob, from, to, schedule } = await pair()
    const firstRunAt = inFuture(minuteMs)
    const first = new Date(firstRunAt).getTime()
    await accepted(ada.addRule(from.wallet, schedule({ firstRunAt, period: 'DAY' })))
    expect(await ada.rules(from.wallet)).toMatchObject([{ nextRunAt: firstRunAt }])
    world.advance(minuteMs)
    await settled(ada, from.wallet, 1)
    world.advance(dayMs)
    await settled(ada, from.wallet, 2)

    // Nobody is there for three and a half days.
    await world.hosted().platform.lifecycle.stop()
    world.advance(3.5 * dayMs)
    await world.restart()
    await settled(createPerson(world, ada), from.wallet, 3)
    const again = createPerson(world, bob)
    expect(await again.balance(to.account)).toBe('30.00')
    expect(await createPerson(world, ada).rules(from.wallet)).toMatchObject([
      { nextRunAt: new Date(first + 5 * dayMs).toISOString() },
    ])
  })

  it('pays once for each time, whatever number of processes looks after it', async () => {
    const quiet = await startWorld([wallet, bancai])
    try {
      const [ada, bob] = [createPerson(quiet, { id: 'ada' }), createPerson(quiet, { id: 'bob' })]
      const [from, to] = [await ada.funded('1000'), await bob.funded('0')]
      const { platform } = quiet.hosted()
      const amount = { amount: '1', currency: 'EUR' }
      const firstRunAt = platform.now().toISOString()
      for (let rules = 0; rules < 10; rules += 1) {
        await accepted(ada.addRule(from.wallet, { scheduledPayment: { payee: bob.id, amount, firstRunAt } }))
      }
      const processes = await Promise.all([open(platform), open(platform), open(platform)])
      await Promise.all(processes.map(({ store, newId, now }) => runSchedules({ store, newId, now })))
      await Promise.all(processes.map(({ settlement }) => settlement.resume()))
      expect((await ada.payments(from.wallet, { first: 50 })).edges).toHaveLength(10)
      expect(await bob.balance(to.account)).toBe('10.00')
    } finally {
      await quiet.stop()
    }
  })

  it('keeps the other rules: what they refuse fails, and only the payer learns by which', async () => {
    const { ada, bob, from, schedule } = await pair()
    const limit = { spendingLimit: { amount: { amount: '9.99', currency: 'EUR' }, period: 'DAY' } }
    await accepted(ada.addRule(from.wallet, limit, 'Pocket money'))
    await accepted(ada.addRule(from.wallet, schedule({ period: 'MONTH' })))
    const [refused] = await settled(ada, from.wallet, 1)
    expect(refused).toMatchObject({ status: 'FAILED', failureReason: 'The rule "Pocket money" did not allow it.' })
    expect(await bob.payment(refused.id)).toMatchObject({
      failureReason: 'A rule of the wallet that pays did not allow it.',
    })
    expect((await ada.rules(from.wallet))[1].nextRunAt).not.toBeNull()
  })

  it('fails, and says why, when there is too little money or nowhere to pay it', async () => {
    const { ada, from, schedule } = await pair('5')
    await accepted(ada.addRule(from.wallet, schedule()))
    const [poor] = await settled(ada, from.wallet, 1)
    expect(poor).toMatchObject({ status: 'FAILED', failureReason: expect.stringMatching(/enough money/) })
    await accepted(ada.addRule(from.wallet, schedule({ payee: 'nobody' })))
    const [nowhere] = await settled(ada, from.wallet, 2)
    expect(nowhere).toMatchObject({ status: 'FAILED', failureReason: expect.stringMatching(/no wallet/) })
  })

  it('that was removed pays no more, and what it paid still names it', async () => {
    const { ada, from, schedule } = await pair()
    const { addRule } = await accepted(ada.addRule(from.wallet, schedule({ period: 'DAY' }), 'Rent rule'))
    const [paid] = await settled(ada, from.wallet, 1)
    expect(await accepted(ada.removeRule(addRule.id))).toMatchObject({ removeRule: { nextRunAt: null } })
    world.advance(dayMs)
    const later = newPerson()
    const other = await later.funded('10')
    await accepted(later.addRule(other.wallet, schedule()))
    // The other one has run, so the clock of the schedules has come by.
    await settled(later, other.wallet, 1)
    expect((await ada.payments(from.wallet)).edges).toHaveLength(1)
    expect(await ada.payment(paid.id)).toMatchObject({ rule: { id: addRule.id, name: 'Rent rule' } })
  })
})

describe('an auto-split', () => {
  const shared = async (shares: Record<string, string>, people: Record<string, Person>) => {
    const { ada, bob, from, to } = await pair()
    const autoSplit = Object.entries(shares).map(([name, percent]) => ({ payee: people[name]?.id, percent }))
    await accepted(bob.addRule(to.wallet, { autoSplit }, 'Taxes'))
    return { ada, bob, from, to, pay: (amount: string) => ada.pay(from.wallet, { payee: bob.id }, { amount }) }
  }

  it('passes shares of what arrives on, once each, and keeps the rest', async () => {
    const [carol, dan] = [newPerson(), newPerson()]
    const [hers, his] = [await carol.funded('0'), await dan.funded('0')]
    const { bob, to, pay } = await shared({ carol: '33.33', dan: '10' }, { carol, dan })
    const { pay: origin } = await accepted(pay('1.01'))
    const payments = await settled(bob, to.wallet, 3)
    expect(payments.filter(({ id }) => id !== origin.id)).toMatchObject([
      { status: 'SETTLED', rule: { name: 'Taxes' } },
      { status: 'SETTLED', rule: { name: 'Taxes' } },
    ])
    expect(await carol.balance(hers.account)).toBe('0.33')
    expect(await dan.balance(his.account)).toBe('0.10')
    expect(await bob.balance(to.account)).toBe('0.58')
  })

  it('does not divide what rules made, so that two of them cannot pass money back and forth', async () => {
    const [ada, bob, carol] = [newPerson(), newPerson(), newPerson()]
    const [from, to, other] = [await ada.funded('100'), await bob.funded('0'), await carol.funded('0')]
    await accepted(bob.addRule(to.wallet, { autoSplit: [{ payee: carol.id, percent: '100' }] }))
    await accepted(carol.addRule(other.wallet, { autoSplit: [{ payee: bob.id, percent: '100' }] }))
    await accepted(ada.pay(from.wallet, { payee: bob.id }, { amount: '40' }))
    await settled(bob, to.wallet, 2)
    await settled(carol, other.wallet, 1)
    expect(await bob.balance(to.account)).toBe('0.00')
    expect(await carol.balance(other.account)).toBe('40.00')
  })

  it('keeps the other rules of its wallet', async () => {
    const [carol, dan] = [newPerson(), newPerson()]
    await carol.funded('0')
    await dan.funded('0')
    const { bob, to, pay } = await shared({ carol: '50', dan: '50' }, { carol, dan })
    await accepted(bob.addRule(to.wallet, { allowList: [dan.id] }, 'Only Dan'))
    await accepted(pay('10'))
    const payments = await settled(bob, to.wallet, 3)
    const [toCarol, toDan] = [carol, dan].map(({ id }) => payments.find(({ payee }) => payee.id === id))
    expect(toCarol).toMatchObject({ status: 'FAILED', failureReason: 'The rule "Only Dan" did not allow it.' })
    expect(toDan).toMatchObject({ status: 'SETTLED' })
    expect(await bob.balance(to.account)).toBe('5.00')
  })
})
