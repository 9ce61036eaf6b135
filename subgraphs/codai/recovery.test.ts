import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import logai from '../logai/subgraph.ts'
import sociai from '../sociai/subgraph.ts'
import { createAttempt } from './attempt.ts'
import { createConductor } from './conductor.ts'
import type { Service } from './context.ts'
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

  it('is finished by another process while the first one still waits for an answer, and nothing is done twice', async () => {
    const from = await house.fundedAccount(ada, '0')
    const { service, platform } = house.world.hosted()
    const { store, graph, progress } = service as Service
    const client = await platform.relational()
    const other = createConductor({
      store,
      attempt: createAttempt(graph),
      announce: progress.announce,
      lease: 'another process',
      now: platform.now,
      logger: platform.logger,
    })
    house.gate.loseAnswer('"amount":"4"', async () => {
      // The first process did not renew its hold in time, as when it stands still.
      const late = { dueAt: new Date(platform.now().getTime() - 1) }
      await client.workflowRun.updateMany({ where: { ownerId: ada.id, status: 'RUNNING' }, data: late })
      await other.takeDue()
      await house.untilRun(ada, id, 'SUCCEEDED')
    })
    const workflow = await newWorkflow(house.world, ada, [depositStep('4'), askStep])
    const id: string = await startRun(house.world, ada, workflow, { from })
    await expect.poll(() => house.gate.came('"amount":"4"'), { timeout: 20_000 }).toBe(2)
    const run = await house.untilRun(ada, id, 'SUCCEEDED')
    expect(run.steps.map(({ attempts }: { attempts: number }) => attempts)).toEqual([1, 1])
    expect(await house.balance(ada, from)).toBe('4.00')
    await other.stop()
  })

  it('is left alone by a process that lost its hold', async () => {
    const { store } = house.world.hosted().service as Service
    house.gate.shut()
    const id = await startRun(house.world, ada, await newWorkflow(house.world, ada, [{ ...askStep, attempts: 10 }]))
    expect(await store.changeRun(id, 'lost', { run: { status: 'SUCCEEDED', finishedAt: new Date() } })).toBe(false)
    house.gate.open()
    const run = await house.untilRun(ada, id, 'SUCCEEDED')
    expect(run.steps[0].status).toBe('SUCCEEDED')
  })
})
