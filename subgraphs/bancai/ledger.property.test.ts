import { randomUUID } from 'node:crypto'
import { CodedError } from '@codai/runtime'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromMinor } from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { actorOf } from './actor.ts'
import type { Actor } from './actor.ts'
import type { Ledger } from './context.ts'
import { ledgerOf } from './ledger.fixture.ts'
import { authorize, capture, heldOf, release, transfer } from './ledger.model.ts'
import type { Model } from './ledger.model.ts'
import bancai from './subgraph.ts'

const minuteMs = 60_000
// Each person has two accounts in one currency and one in another.
const currencies: readonly CurrencyCode[] = ['EUR', 'EUR', 'JPY', 'EUR', 'EUR', 'JPY']

let world: TestWorld
let ledger: Ledger
beforeAll(async () => {
  world = await startWorld([bancai], { seed: false })
  ledger = ledgerOf(world)
})
afterAll(() => world?.stop())

/** The people, accounts and holds of one run, and the simple ledger beside the real one. */
type Run = { people: string[]; accounts: string[]; holds: string[]; model: Model }
/** A step on both ledgers: whether the simple one does it, and how the real one is asked. */
type Step = { allowed: boolean; ask: () => Promise<string> }
type Command = (run: Run) => Step | undefined

const begin = async (): Promise<Run> => {
  const people = [randomUUID(), randomUUID()]
  const accounts: string[] = []
  const model: Model = { accounts: [], holds: [], minute: 0 }
  for (const [index, currency] of currencies.entries()) {
    const owner = index < 3 ? 0 : 1
    const actor = person(people, owner)
    const account = await ledger.openAccount(actor, { name: 'Account', currency })
    await ledger.deposit(actor, { account, amount: fromMinor(1_000n, currency), idempotencyKey: randomUUID() })
    accounts.push(account)
    model.accounts.push({ owner, currency, balance: 1_000 })
  }
  return { people, accounts, holds: [], model }
}

const person = (people: readonly string[], index: number, service = false): Actor => {
  const userId = people[index] ?? ''
  return actorOf({
    identity: service
      ? { kind: 'service', service: 'x', onBehalfOf: userId }
      : { kind: 'user', userId, roles: [], scopes: [] },
  })
}

const exchange = actorOf({ identity: { kind: 'service', service: 'x' } })
const moneyOf = (account: number, amount: number): Money => fromMinor(BigInt(amount), currencies[account] ?? 'EUR')
const accountIndex = fc.nat(currencies.length - 1)
const personIndex = fc.nat(1)
const amountOf = fc.integer({ min: 1, max: 700 })
const holdIndex = fc.nat(5)

const transfers = fc
  .tuple(personIndex, accountIndex, accountIndex, amountOf)
  .map(([who, from, to, amount]): Command => ({ people, accounts, model }) => {
    const input = { from: accounts[from] ?? '', to: accounts[to] ?? '', amount: moneyOf(from, amount) }
    const request = { ...input, idempotencyKey: randomUUID() }
    return {
      allowed: transfer(model, who, from, to, amount),
      ask: () => ledger.transfer(person(people, who), request),
    }
  })

const authorizations = fc
  .tuple(personIndex, accountIndex, amountOf, fc.boolean(), fc.option(fc.integer({ min: 1, max: 9 })))
  .map(([who, account, amount, service, minutes]): Command => ({ people, accounts, holds, model }) => {
    const expiresAt = minutes === null ? null : new Date(ledger.now().getTime() + minutes * minuteMs)
    const request = {
      account: accounts[account] ?? '',
      amount: moneyOf(account, amount),
      reason: 'Test',
      expiresAt,
      idempotencyKey: randomUUID(),
    }
    return {
      allowed: authorize(model, who, account, amount, { service, minutes: minutes ?? Infinity }),
      ask: async () => {
        const id = await ledger.authorizeHold(person(people, who, service), request)
        if (!holds.includes(id)) holds.push(id)
        return id
      },
    }
  })

const captures = fc
  .tuple(fc.option(personIndex), holdIndex, accountIndex, fc.option(amountOf))
  .map(([who, hold, to, amount]): Command => ({ people, accounts, holds, model }) => {
    const held = model.holds[hold]
    if (!held) return undefined
    const input = { hold: holds[hold] ?? '', to: accounts[to] ?? '', idempotencyKey: randomUUID() }
    const request = { ...input, amount: amount === null ? null : moneyOf(held.account, amount) }
    const actor = who === null ? exchange : person(people, who)
    return {
      allowed: capture(model, who ?? 'service', [{ hold, to, amount }]),
      ask: () => ledger.captureHold(actor, request),
    }
  })

const settlements = fc
  .array(fc.tuple(holdIndex, accountIndex, amountOf), { minLength: 1, maxLength: 4 })
  .map((chosen): Command => ({ accounts, holds, model }) => {
    const legs = chosen.map(([hold, to, amount]) => ({ hold, to, amount }))
    if (!legs.every(({ hold }) => model.holds[hold])) return undefined
    const request = {
      legs: legs.map(({ hold, to, amount }) => ({
        hold: holds[hold] ?? '',
        to: accounts[to] ?? '',
        amount: moneyOf(model.holds[hold]?.account ?? 0, amount),
      })),
      idempotencyKey: randomUUID(),
    }
    return { allowed: capture(model, 'service', legs), ask: () => ledger.captureHolds(exchange, request) }
  })

const releases = fc.tuple(fc.option(personIndex), holdIndex).map(
  ([who, hold]): Command =>
    ({ people, holds, model }) =>
      model.holds[hold] && {
        allowed: release(model, who ?? 'service', hold),
        ask: () => ledger.releaseHold(who === null ? exchange : person(people, who), holds[hold] ?? ''),
      },
)

const pauses = fc.integer({ min: 1, max: 4 }).map((minutes): Command => ({ model }) => {
  model.minute += minutes
  world.advance(minutes * minuteMs)
  return undefined
})

const commands = fc.array(
  fc.oneof(transfers, authorizations, authorizations, captures, settlements, releases, pauses),
  { minLength: 10, maxLength: 40 },
)

const attempt = async ({ ask }: Step): Promise<string | undefined> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof CodedError) return undefined
    throw error
  }
}

const shown = async ({ accounts }: Run): Promise<[number, number][]> => {
  const found = await ledger.store.accounts(accounts, ledger.now())
  return accounts.map((id) => {
    const account = found.find((candidate) => candidate.id === id)
    return [Number(account?.balance), Number(account?.held)]
  })
}

it('does what a ledger as simple as it can be does, whatever is asked for in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (chosen) => {
      const run = await begin()
      for (const command of chosen) {
        const step = command(run)
        if (!step) continue
        const result = await attempt(step)
        expect(result !== undefined).toBe(step.allowed)
        // Asking again with the same key gives the same result, and changes nothing that is compared below.
        if (result !== undefined) expect(await step.ask()).toBe(result)
        expect(await shown(run)).toEqual(
          run.model.accounts.map(({ balance }, index) => [balance, heldOf(run.model, index)]),
        )
      }
      expect(await ledger.store.discrepancies()).toEqual([])
    }),
    { numRuns: 25 },
  )
}, 180_000)
