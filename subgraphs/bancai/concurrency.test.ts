import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestWorld } from '../_kit/testing/index.ts'
import { accepted, createTeller, ledgerOf } from './ledger.fixture.ts'
import bancai from './subgraph.ts'

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([bancai], { seed: false })
})
afterAll(() => world?.stop())

// The same numbers in every run (Park and Miller's minimal standard generator, 1988).
const createRandom = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

/** Asks again while the ledger is busy, as its answer says. */
const insist = async (ask: () => Promise<Answer>): Promise<Answer> => {
  for (;;) {
    const answer = await ask()
    if (!answer.codes.includes('UNAVAILABLE')) return answer
  }
}

it('keeps the sum, and no balance below zero, through 400 transfers at once between five accounts', async () => {
  const teller = createTeller(world.as({ id: 'juggler' }))
  const accounts = await Promise.all(Array.from({ length: 5 }, () => teller.funded('100')))
  const random = createRandom(20_260_101)
  const answers = await Promise.all(
    Array.from({ length: 400 }, (_, index) => {
      const from = random(5)
      const to = (from + 1 + random(4)) % 5
      // Large enough that some are refused.
      const amount = String(1 + random(60))
      return insist(() => teller.transfer(accounts[from] ?? '', accounts[to] ?? '', amount, { key: `throw-${index}` }))
    }),
  )
  const codes = new Set(answers.flatMap(({ codes }) => codes))
  expect([...codes]).toEqual(['INSUFFICIENT_FUNDS'])
  expect(answers.filter(({ codes }) => codes.length === 0).length).toBeGreaterThan(200)

  const balances = await Promise.all(accounts.map((account) => teller.balances(account)))
  const amounts = balances.map((balance) => Number(balance?.balance))
  expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(500)
  expect(Math.min(...amounts)).toBeGreaterThanOrEqual(0)
  expect(await ledgerOf(world).store.discrepancies()).toEqual([])
}, 120_000)

it('finishes transfers, holds, captures and settlements that cross each other, without a deadlock', async () => {
  const person = { id: 'crosser' }
  const teller = createTeller(world.as(person))
  const exchange = createTeller(world.asService('x', person.id))
  const accounts = await Promise.all(Array.from({ length: 4 }, () => teller.funded('1000')))
  const account = (index: number): string => accounts[index % 4] ?? ''
  const work = async (index: number): Promise<void> => {
    const [from, to, other] = [account(index), account(index + 1), account(index + 3)]
    const holds = await Promise.all([exchange.authorize(from, '5'), exchange.authorize(to, '5')])
    const [one = '', two = ''] = holds.map(({ data }) => data.authorizeHold.id as string)
    await Promise.all([
      accepted(teller.transfer(from, to, '1')),
      accepted(teller.transfer(to, from, '1')),
      accepted(
        exchange.settle([
          { hold: one, to: other, amount: '2' },
          { hold: two, to: from, amount: '2' },
        ]),
      ),
      accepted(
        exchange.settle([
          { hold: two, to: other, amount: '2' },
          { hold: one, to, amount: '2' },
        ]),
      ),
    ])
    await Promise.all([accepted(exchange.release(one)), accepted(exchange.release(two))])
  }
  await Promise.all(Array.from({ length: 40 }, (_, index) => work(index)))
  const balances = await Promise.all(accounts.map((id) => teller.balances(id)))
  expect(balances.reduce((sum, balance) => sum + Number(balance?.available), 0)).toBe(4000)
  expect(await ledgerOf(world).store.discrepancies()).toEqual([])
}, 120_000)
