import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import logai from '../logai/subgraph.ts'
import sociai from '../sociai/subgraph.ts'
import { startHouse } from './house.fixture.ts'
import type { House } from './house.fixture.ts'
import { newWorkflow, startRun } from './people.fixture.ts'
import type { GivenStep } from './people.fixture.ts'
import { askStep, impossibleStep, postStep, transferStep } from './steps.fixture.ts'

const { ada, bob } = demoPeople

let house: House
beforeAll(async () => {
  house = await startHouse([logai, bancai, sociai])
}, 120_000)
afterAll(() => house?.stop())

/** Two own accounts of Ada's: what goes from one to the other can come back by itself. */
const accounts = async (): Promise<{ from: string; to: string }> => ({
  from: await house.fundedAccount(ada, '100'),
  to: await house.fundedAccount(ada, '0'),
})

const startSteps = async (steps: readonly GivenStep[], input: Record<string, unknown>): Promise<string> =>
  startRun(house.world, ada, await newWorkflow(house.world, ada, steps), input)

const cancel = (run: string, person: { id: string } = ada) =>
  house.world.as(person).query('mutation ($run: ID!) { cancelWorkflowRun(run: $run) { id status } }', { run })

const statuses = (run: { steps: { status: string }[] }): string[] => run.steps.map(({ status }) => status)

describe('a run whose step fails for good', () => {
  it('undoes what is done, in reverse, and leaves everything as it was', async () => {
    const { from, to } = await accounts()
    const id = await startSteps([askStep, transferStep('40'), postStep('Look!'), impossibleStep], { from, to })
    const run = await house.untilRun(ada, id, 'FAILED')
    expect(statuses(run)).toEqual(['COMPENSATED', 'COMPENSATED', 'COMPENSATED', 'FAILED'])
    expect(run.steps[3].error).toMatchObject({ code: 'INSUFFICIENT_FUNDS' })
    expect(run.failureReason).toContain('"overspend" failed')
    const [, paid, told] = run.steps as { finishedAt: string; output: { post: { id: string } } }[]
    expect(Date.parse(told?.finishedAt ?? '')).toBeLessThanOrEqual(Date.parse(paid?.finishedAt ?? ''))
    expect(await house.balance(ada, from)).toBe('100.00')
    expect(await house.balance(ada, to)).toBe('0.00')
    const post = await house.world
      .as(ada, 'sociai')
      .query('query ($id: ID!) { postById(id: $id) { id } }', { id: told?.output.post.id })
    expect(post.data.postById).toBeNull()
  })

  it('has nothing to undo when it is the first one', async () => {
    const { from, to } = await accounts()
    const run = await house.untilRun(ada, await startSteps([impossibleStep, askStep], { from, to }), 'FAILED')
    expect(statuses(run)).toEqual(['FAILED', 'PENDING'])
  })

  it('is stuck when something cannot be undone, and goes on when a person has helped', async () => {
    const { from, to } = await accounts()
    const elsewhere = await house.fundedAccount(bob, '0')
    const { compensation: _, ...spend } = transferStep('40')
    const variables = { input: { from: to, to: elsewhere, amount: { amount: '40', currency: 'EUR' } } }
    const steps = [postStep('Help!'), transferStep('40'), { ...spend, name: 'spend', variables }, impossibleStep]
    const id = await startSteps(steps, { from, to })
    const stuck = await house.untilRun(ada, id, 'STUCK')
    expect(statuses(stuck)).toEqual(['SUCCEEDED', 'COMPENSATION_FAILED', 'COMPENSATED', 'FAILED'])
    expect(stuck.failureReason).toMatch(/"overspend" failed.*"pay" could not be undone/)
    expect(stuck.finishedAt).toBeNull()
    expect((await cancel(id)).codes).toEqual(['CONFLICT'])

    // What was spent comes back from somewhere else.
    const input = { account: to, amount: { amount: '40', currency: 'EUR' }, idempotencyKey: randomUUID() }
    const bank = house.world.as(ada, 'bancai')
    await bank.query('mutation ($input: DepositInput!) { deposit(input: $input) { id } }', { input })
    const retry = 'mutation ($run: ID!) { retryWorkflowRun(run: $run) { id } }'
    expect((await house.world.as(bob).query(retry, { run: id })).codes).toEqual(['NOT_FOUND'])
    expect((await house.world.as(ada).query(retry, { run: id })).codes).toEqual([])
    const run = await house.untilRun(ada, id, 'FAILED')
    expect(statuses(run)).toEqual(['COMPENSATED', 'COMPENSATED', 'COMPENSATED', 'FAILED'])
    expect(await house.balance(ada, from)).toBe('100.00')
  })
})

describe('a run that is cancelled', () => {
  it('waits for the step under way, undoes it with all others, and cannot be cancelled otherwise', async () => {
    const { from, to } = await accounts()
    let cancelled: Promise<unknown> | undefined
    const steps = [transferStep('40', 'cancel me'), askStep]
    const id = await new Promise<string>((resolve, reject) => {
      let started: Promise<string> | undefined
      house.gate.loseAnswer('cancel me', async () => {
        // The transfer is booked, and codai does not know it yet.
        const run = (await started) ?? ''
        cancelled = cancel(run)
        await cancelled
        resolve(run)
      })
      started = startSteps(steps, { from, to })
      started.catch(reject)
    })
    const run = await house.untilRun(ada, id, 'CANCELLED')
    expect(statuses(run)).toEqual(['COMPENSATED', 'PENDING'])
    expect(run.failureReason).toBe('It was cancelled.')
    expect(await house.balance(ada, from)).toBe('100.00')
    expect(house.gate.came('cancel me')).toBe(2)
    expect((await cancel(id)).codes).toEqual([])
    expect((await cancel(id, bob)).codes).toEqual(['NOT_FOUND'])
  })

  it('does no step at all when it is cancelled before the first', async () => {
    house.gate.shut()
    const { from, to } = await accounts()
    const id = await startSteps([{ ...transferStep('1'), attempts: 10 }], { from, to })
    await cancel(id)
    house.gate.open()
    const run = await house.untilRun(ada, id, 'CANCELLED')
    expect(['PENDING', 'COMPENSATED']).toContain(statuses(run)[0])
    expect(await house.balance(ada, from)).toBe('100.00')
  })
})
