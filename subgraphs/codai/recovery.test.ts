import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import logai from '../logai/subgraph.ts'
import sociai from '../sociai/subgraph.ts'
import { leaseMs } from './conductor.ts'
import { startHouse } from './house.fixture.ts'
import type { House } from './house.fixture.ts'
import { newWorkflow, startRun } from './people.fixture.ts'
import { askStep, depositStep, postStep } from './steps.fixture.ts'

const { ada } = demoPeople

let house: House
beforeAll(async () => {
  house = await startHouse([logai, bancai, sociai])
}, 120_000)
afterAll(() => house?.stop())

describe('a run that meets trouble', () => {
  it('tries a step again when the graph was away, and counts how often', async () => {
    const from = await house.fundedAccount(ada, '0')
    house.gate.shut()
    const workflow = await newWorkflow(house.world, ada, [{ ...depositStep('7'), attempts: 10 }])
    const id = await startRun(house.world, ada, workflow, { from })
    await expect
      .poll(async () => (await house.run(ada, id)).steps[0].error?.code as unknown, { timeout: 20_000 })
      .toBe('UNAVAILABLE')
    house.gate.open()
    const run = await house.untilRun(ada, id, 'SUCCEEDED')
    expect(run.steps[0].attempts).toBeGreaterThan(1)
    expect(run.steps[0].error).toBeNull()
    expect(await house.balance(ada, from)).toBe('7.00')
  })

  it('gives a step up after its attempts', async () => {
    house.gate.shut()
    const id = await startRun(house.world, ada, await newWorkflow(house.world, ada, [{ ...askStep, attempts: 2 }]))
    const run = await house.untilRun(ada, id, 'FAILED')
    house.gate.open()
    expect(run.steps[0]).toMatchObject({ status: 'FAILED', attempts: 2, error: { code: 'UNAVAILABLE' } })
  })

  it('does a step once although its answer was lost, under the key that was filled in', async () => {
    const from = await house.fundedAccount(ada, '0')
    house.gate.loseAnswer('DepositInput', async () => undefined)
    const workflow = await newWorkflow(house.world, ada, [depositStep('7'), postStep('Once')])
    const run = await house.untilRun(ada, await startRun(house.world, ada, workflow, { from }), 'SUCCEEDED')
    expect(run.steps[0].attempts).toBe(2)
    expect(await house.balance(ada, from)).toBe('7.00')
  })

  it('goes on after a restart from the step that was not finished, and does nothing twice', async () => {
    const from = await house.fundedAccount(ada, '0')
    let restarted: Promise<void> | undefined
    // The second deposit is booked when the service goes down, and its answer never arrives.
    house.gate.loseAnswer('"amount":"5"', () => (restarted = house.world.restart()))
    const steps = [depositStep('2'), { ...depositStep('5'), name: 'again' }, { ...depositStep('9'), name: 'more' }]
    const id = await startRun(house.world, ada, await newWorkflow(house.world, ada, steps), { from })
    await expect.poll(() => restarted !== undefined, { timeout: 20_000 }).toBe(true)
    await restarted
    const run = await house.untilRun(ada, id, 'SUCCEEDED')
    expect(run.steps.map(({ attempts }: { attempts: number }) => attempts)).toEqual([1, 1, 1])
    expect(await house.balance(ada, from)).toBe('16.00')
  })

  it('is taken up by another process when the one that worked on it is lost', async () => {
    house.gate.shut()
    const from = await house.fundedAccount(ada, '0')
    const workflow = await newWorkflow(house.world, ada, [{ ...depositStep('4'), attempts: 10 }])
    const id = await startRun(house.world, ada, workflow, { from })
    const client = await house.world.hosted().platform.relational()
    // As a process leaves it that was killed in the middle of an attempt.
    await expect.poll(async () => (await house.run(ada, id)).steps[0].attempts as unknown, { timeout: 20_000 }).toBe(1)
    const lost = { lease: 'lost', dueAt: new Date(Date.now() + 60_000) }
    await expect
      .poll(async () => (await client.workflowRun.updateMany({ where: { id, lease: null }, data: lost })).count, {
        timeout: 20_000,
        interval: 10,
      })
      .toBe(1)
    await client.workflowRunStep.update({
      where: { runId_position: { runId: id, position: 0 } },
      data: { errorCode: null, errorMessage: null },
    })
    house.gate.open()
    house.world.advance(60_000 + leaseMs)
    const run = await house.untilRun(ada, id, 'SUCCEEDED')
    expect(run.steps[0].attempts).toBeLessThanOrEqual(3)
    expect(await house.balance(ada, from)).toBe('4.00')
  })
})
