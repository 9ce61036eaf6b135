import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import bancai from '../bancai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import logai from '../logai/subgraph.ts'
import sociai from '../sociai/subgraph.ts'
import { startHouse } from './house.fixture.ts'
import type { House } from './house.fixture.ts'
import { newWorkflow, startRun } from './people.fixture.ts'
import { askStep, depositStep, postStep, transferStep } from './steps.fixture.ts'

const { ada, bob } = demoPeople

let house: House
beforeAll(async () => {
  house = await startHouse([logai, bancai, sociai])
}, 120_000)
afterAll(() => house?.stop())

describe('a run', () => {
  it('does its steps in order with the rights of who started it, and hands what one answers to the next', async () => {
    const [from, to] = [await house.fundedAccount(ada, '5'), await house.fundedAccount(bob, '0')]
    const workflow = await newWorkflow(house.world, ada, [
      depositStep('20'),
      transferStep('{{ steps.deposit.deposit.amount.amount }}', 'Paid after {{ steps.deposit.deposit.id }}'),
      postStep('I paid {{ input.name }} {{ steps.deposit.deposit.amount.amount }} EUR'),
    ])
    const id = await startRun(house.world, ada, workflow, { from, to, name: 'Bob' })
    const run = await house.untilRun(ada, id, 'SUCCEEDED')
    expect(run.steps).toMatchObject([
      { name: 'deposit', status: 'SUCCEEDED', attempts: 1, output: { deposit: { amount: { amount: '20.00' } } } },
      { name: 'pay', status: 'SUCCEEDED', attempts: 1, error: null },
      { name: 'tell', status: 'SUCCEEDED', output: { post: { text: 'I paid Bob 20.00 EUR' } } },
    ])
    expect(run).toMatchObject({ failureReason: null, finishedAt: expect.any(String) })
    expect(await house.balance(ada, from)).toBe('5.00')
    expect(await house.balance(bob, to)).toBe('20.00')
  })

  it('is one run for one key, although it is started many times at once, and other content is a conflict', async () => {
    const account = await house.fundedAccount(ada, '0')
    const workflow = await newWorkflow(house.world, ada, [depositStep('3')])
    const key = randomUUID()
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => startRun(house.world, ada, workflow, { from: account }, key)),
    )
    expect(new Set(ids).size).toBe(1)
    await house.untilRun(ada, ids[0] ?? '', 'SUCCEEDED')
    expect(await house.balance(ada, account)).toBe('3.00')
    const other = house.world
      .as(ada)
      .query('mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { id } }', {
        input: { workflow, input: { from: 'another' }, idempotencyKey: key },
      })
    expect((await other).codes).toEqual(['CONFLICT'])
  })

  it('is shown live, each step as it begins and as it is done, until the end', async () => {
    const account = await house.fundedAccount(ada, '0')
    const workflow = await newWorkflow(house.world, ada, [askStep, depositStep('3')])
    house.gate.shut()
    const id = await startRun(house.world, ada, workflow, { from: account })
    const stream = await house.world
      .as(ada)
      .subscribe('subscription ($id: ID!) { workflowRun(id: $id) { status steps { name status } } }', { id })
    expect((await stream.next()).data.workflowRun).toMatchObject({ status: 'RUNNING' })
    house.gate.open()
    const seen: { status: string; steps: { name: string; status: string }[] }[] = []
    while (seen.at(-1)?.status !== 'SUCCEEDED') seen.push((await stream.next()).data.workflowRun)
    expect(seen.at(-1)?.steps.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED'])
    // No step is ever seen ahead of the one before it.
    for (const { steps } of seen) {
      if (steps[0]?.status !== 'SUCCEEDED') expect(steps[1]?.status).toBe('PENDING')
    }
    await stream.ended()
    await stream.stop()
  })

  it('cannot do what who started it may not do', async () => {
    const [from, to] = [await house.fundedAccount(ada, '50'), await house.fundedAccount(bob, '0')]
    const id = await startRun(house.world, bob, await newWorkflow(house.world, bob, [transferStep('50')]), { from, to })
    const run = await house.untilRun(bob, id, 'FAILED')
    expect(run.steps[0]).toMatchObject({ status: 'FAILED', error: { code: 'NOT_FOUND' }, attempts: 1 })
    expect(run.failureReason).toContain('"pay" failed')
    expect(await house.balance(ada, from)).toBe('50.00')
  })

  it('is seen by who started it, and by nobody else', async () => {
    const id = await startRun(house.world, ada, await newWorkflow(house.world, ada, [askStep]))
    await house.untilRun(ada, id, 'SUCCEEDED')
    expect(await house.run(bob, id)).toBeNull()
    const refused = await house.world.as(bob).query('mutation ($run: ID!) { cancelWorkflowRun(run: $run) { id } }', {
      run: id,
    })
    expect(refused.codes).toEqual(['NOT_FOUND'])
    const { data } = await house.world.as(ada).query(
      `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User {
        workflowRuns(first: 1, status: SUCCEEDED) { edges { node { id name owner { id } workflow { inputs } } } } } } }`,
      { list: [{ __typename: 'User', id: ada.id }] },
    )
    expect(data._entities[0].workflowRuns.edges[0].node).toMatchObject({ id, name: 'Steps', owner: { id: ada.id } })
  })
})
