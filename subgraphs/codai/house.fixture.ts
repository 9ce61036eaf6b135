import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { Subgraph } from '../_kit/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { startGraphGate } from './graph-gate.fixture.ts'
import type { GraphGate } from './graph-gate.fixture.ts'
import codai from './subgraph.ts'

/** How long tests wait for something that happens by itself. */
export const patience = { timeout: 25_000, interval: 50 }

const runFields = `id status failureReason createdAt finishedAt
  steps { name status attempts output error { code message } startedAt finishedAt }`

/** Codai with services that its workflows work with, behind a real gateway that the test can cut off. */
export type House = {
  world: TestWorld
  gate: GraphGate
  /** An account of a person with some money in it; answers its id. */
  fundedAccount(person: { id: string }, amount: string): Promise<string>
  balance(person: { id: string }, account: string): Promise<string>
  /** A run as the person sees it. */
  run(person: { id: string }, id: string): ReturnType<typeof JSON.parse>
  /** The run as soon as it has a status. */
  untilRun(person: { id: string }, id: string, status: string): ReturnType<typeof JSON.parse>
  stop(): Promise<void>
}

/** Starts the house with the services that its workflows work with: logai, bancai and sociai. */
export const startHouse = async (others: readonly Subgraph[]): Promise<House> => {
  const gate = await startGraphGate()
  const world = await startWorld([codai, ...others], {
    start: true,
    gateway: true,
    environment: { GATEWAY_URL: gate.url },
  })
  gate.leadTo(world.gatewayUrl())

  const run: House['run'] = async (person, id) => {
    const { data } = await world.as(person).query(`query ($id: ID!) { workflowRun(id: $id) { ${runFields} } }`, { id })
    return data.workflowRun
  }

  return {
    world,
    gate,
    fundedAccount: async (person, amount) => {
      const bank = world.as(person, 'bancai')
      const opened = await bank.query('mutation { openAccount(input: { name: "Test", currency: "EUR" }) { id } }')
      const account = opened.data.openAccount.id as string
      const input = { account, amount: { amount, currency: 'EUR' }, idempotencyKey: randomUUID() }
      if (amount !== '0') {
        await bank.query('mutation ($input: DepositInput!) { deposit(input: $input) { id } }', { input })
      }
      return account
    },
    balance: async (person, account) => {
      const { data } = await world
        .as(person, 'bancai')
        .query('query ($id: ID!) { account(id: $id) { balance { amount } } }', { id: account })
      return data.account.balance.amount as string
    },
    run,
    untilRun: (person, id, status) =>
      vi.waitFor(async () => {
        const found = await run(person, id)
        expect(found).toMatchObject({ status })
        return found
      }, patience),
    stop: async () => {
      await world.stop()
      await gate.stop()
    },
  }
}
