import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoAccounts, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller, ledgerOf } from './ledger.fixture.ts'
import bancai from './subgraph.ts'

const { ada, bob } = demoPeople
const hourMs = 3_600_000

// Generous, because nothing tells of the end of work that goes on by itself.
const patience = { timeout: 20_000 }

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([bancai], { start: true })
})
afterAll(() => world?.stop())

const discrepancies = async (): Promise<number | undefined> => {
  const { metrics } = world.hosted().platform
  return (await metrics.gauge('ledger_discrepancies', 'Same as above').get()).values[0]?.value
}

it('proves the books whenever the service starts, and counts what is wrong', async () => {
  await vi.waitFor(async () => expect(await discrepancies()).toBe(0), patience)
  const client = await world.hosted().platform.relational()
  await client.$executeRaw`UPDATE bancai.accounts SET balance = balance + 1 WHERE id = ${demoAccounts.ada.EUR}`
  await world.restart()
  await vi.waitFor(async () => expect(await discrepancies()).toBe(1), patience)
  const again = await world.hosted().platform.relational()
  await again.$executeRaw`UPDATE bancai.accounts SET balance = balance - 1 WHERE id = ${demoAccounts.ada.EUR}`
})

it('takes up holds that ran out while the service was down', async () => {
  const teller = createTeller(world.as(ada))
  const account = await teller.funded('50')
  const expiresAt = new Date(ledgerOf(world).now().getTime() + hourMs)
  await accepted(teller.authorize(account, '20', { expiresAt }))
  world.advance(hourMs)
  await world.restart()
  await vi.waitFor(async () => {
    const { store, now } = ledgerOf(world)
    expect(await store.accountsWithDueHolds(now(), 10)).toEqual([])
  }, patience)
  expect(await createTeller(world.as(ada)).balances(account)).toEqual({ balance: '50.00', available: '50.00' })
})

it('forgets the news of the day before yesterday, and nothing of the ledger', async () => {
  const teller = createTeller(world.as(bob))
  const account = await teller.funded('5')
  expect(await ledgerOf(world).store.changesAfter(account, 0n, 10)).toHaveLength(1)
  world.advance(25 * hourMs)
  await world.restart()
  await vi.waitFor(async () => expect(await ledgerOf(world).store.changesAfter(account, 0n, 10)).toEqual([]), patience)
  const again = createTeller(world.as(bob))
  const stream = await world
    .as(bob)
    .subscribe(
      'subscription ($account: ID!) { accountActivity(account: $account) { account { balance { amount } } } }',
      { account },
    )
  await accepted(again.deposit(account, '2'))
  const { accountActivity } = await accepted(stream.next())
  expect(accountActivity.account.balance.amount).toBe('7.00')
  await stream.stop()
  expect(await ledgerOf(world).store.discrepancies()).toEqual([])
})
