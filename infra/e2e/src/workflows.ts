import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { callerAt, signIn } from './client.ts'
import type { Caller } from './client.ts'
import type { System } from './system.ts'

const patience = { timeout: 60_000, interval: 200 }
const runFields = 'id status failureReason steps { name status attempts finishedAt error { code } }'

type Step = { name: string; status: string; attempts: number; finishedAt: string | null }

const depositStep = (name: string): Record<string, unknown> => ({
  name,
  operation: 'mutation ($input: DepositInput!) { deposit(input: $input) { id } }',
  variables: { input: { account: '{{ input.account }}', amount: { amount: '1', currency: 'EUR' } } },
  attempts: 10,
})

const accepted = async (answer: ReturnType<Caller['ask']>): ReturnType<Caller['ask']> => {
  expect((await answer).errors).toEqual([])
  return answer
}

const openAccount = async (caller: Caller): Promise<string> => {
  const { data } = await accepted(
    caller.ask('mutation { openAccount(input: { name: "Workflow", currency: "EUR" }) { id } }'),
  )
  return data.openAccount.id as string
}

const balanceOf = async (caller: Caller, id: string): Promise<string> => {
  const { data } = await caller.ask('query ($id: ID!) { account(id: $id) { balance { amount } } }', { id })
  return data?.account?.balance.amount as string
}

const define = async (caller: Caller, steps: readonly Record<string, unknown>[]): Promise<string> => {
  const { data } = await accepted(
    caller.ask('mutation ($input: DefineWorkflowInput!) { defineWorkflow(input: $input) { id } }', {
      input: { name: 'End to end', steps, idempotencyKey: randomUUID() },
    }),
  )
  return data.defineWorkflow.id as string
}

const start = async (caller: Caller, workflow: string, input: Record<string, unknown>): Promise<string> => {
  const { data } = await accepted(
    caller.ask('mutation ($input: StartWorkflowInput!) { startWorkflow(input: $input) { id } }', {
      input: { workflow, input, idempotencyKey: randomUUID() },
    }),
  )
  return data.startWorkflow.id as string
}

const runOf = async (caller: Caller, id: string): Promise<{ status: string; steps: Step[] } | undefined> => {
  const { data } = await caller.ask(`query ($id: ID!) { workflowRun(id: $id) { ${runFields} } }`, { id })
  return data?.workflowRun ?? undefined
}

const untilStatus = async (caller: Caller, id: string, status: string): Promise<Step[]> => {
  await expect.poll(async () => (await runOf(caller, id))?.status, patience).toBe(status)
  return (await runOf(caller, id))?.steps ?? []
}

/** The catalogue, and workflows that work with the whole graph. */
export const describeWorkflows = (running: () => System): void => {
  describe('codai', () => {
    it('lets anybody walk the catalogue, from a service to whom it needs and who needs it', async () => {
      const { data, errors } = await callerAt(running()).ask(`{
        services { name status port }
        service(name: "wallet") { purpose dependencies { name dependents { name } } }
      }`)
      expect(errors).toEqual([])
      expect(data.services.length).toBeGreaterThanOrEqual(40)
      const [bancai] = data.service.dependencies as { name: string; dependents: { name: string }[] }[]
      expect(bancai?.name).toBe('bancai')
      expect(bancai?.dependents.map(({ name }) => name)).toEqual(expect.arrayContaining(['wallet', 'x']))
    })

    it(
      'does the steps of a workflow live, and undoes them all when the last one fails',
      { timeout: 120_000 },
      async () => {
        const system = running()
        const ada = await signIn(system, 'ada')
        const [account, other] = [await openAccount(ada), await openAccount(ada)]
        const transfer = (name: string, from: string, to: string, amount: string): Record<string, unknown> => ({
          name,
          operation: 'mutation ($input: TransferInput!) { transfer(input: $input) { id } }',
          variables: { input: { from, to, amount: { amount, currency: 'EUR' } } },
        })
        const { name: _, ...back } = transfer('back', '{{ input.other }}', '{{ input.account }}', '1')
        const workflow = await define(ada, [
          depositStep('deposit'),
          { ...transfer('pay', '{{ input.account }}', '{{ input.other }}', '1'), compensation: back },
          transfer('overspend', '{{ input.account }}', '{{ input.other }}', '99999999'),
        ])
        const id = await start(ada, workflow, { account, other })
        const live = await ada.listen(
          'codai',
          'subscription ($id: ID!) { workflowRun(id: $id) { status owner { handle } } }',
          { id },
        )
        const end = await live.until((event) => event.workflowRun?.status === 'FAILED')
        expect(end.workflowRun.owner).toEqual({ handle: 'ada' })
        live.stop()
        const steps = await untilStatus(ada, id, 'FAILED')
        expect(steps.map(({ status }) => status)).toEqual(['COMPENSATED', 'COMPENSATED', 'FAILED'])
        expect(await balanceOf(ada, account)).toBe('1.00')
        expect(await balanceOf(ada, other)).toBe('0.00')
      },
    )

    it('goes on with a run when its process was killed, and does each step once', { timeout: 240_000 }, async () => {
      const system = running()
      const ada = await signIn(system, 'ada')
      const account = await openAccount(ada)
      const names = Array.from({ length: 20 }, (_, index) => `deposit${index + 1}`)
      const workflow = await define(ada, names.map(depositStep))
      const process_ = (name: string): System['stack']['processes'][number] => {
        const found = system.stack.processes.find((candidate) => candidate.name === name)
        if (!found) throw new Error(`There is no process ${name}.`)
        return found
      }
      const isAlone = system.stack.processes.some(({ name }) => name === 'codai')
      const codai = process_(isAlone ? 'codai' : 'services')
      const gateway = process_('gateway')

      const run = await start(ada, workflow, { account })
      // The graph stands still, so that the kill hits a step that is under way.
      process.kill(gateway.pid() ?? 0, 'SIGSTOP')
      const killedAt = Date.now()
      try {
        const back = codai.replaced()
        process.kill(codai.pid() ?? 0, 'SIGKILL')
        await back
      } finally {
        process.kill(gateway.pid() ?? 0, 'SIGCONT')
      }
      const steps = await untilStatus(ada, run, 'SUCCEEDED')
      expect(steps.map(({ name }) => name)).toEqual(names)
      expect(steps.some(({ finishedAt }) => Date.parse(finishedAt ?? '') > killedAt)).toBe(true)
      expect(await balanceOf(ada, account)).toBe('20.00')
    })

    it('offers an assistant to everyone, which remembers, recalls and answers', { timeout: 120_000 }, async () => {
      const carol = await signIn(running(), 'carol')
      const offered = await carol.ask('{ builtInWorkflows { edges { node { id name owner { id } inputs } } } }')
      const { node: assistant } = offered.data.builtInWorkflows.edges[0]
      expect(assistant).toMatchObject({ name: 'Assistant', owner: null, inputs: ['fact', 'question'] })
      const run = await start(carol, assistant.id, {
        fact: 'The key of the shed hangs behind the blue door.',
        question: 'Where is the key of the shed?',
      })
      await untilStatus(carol, run, 'SUCCEEDED')
      const { data } = await carol.ask('query ($id: ID!) { workflowRun(id: $id) { steps { output } } }', { id: run })
      const { id } = data.workflowRun.steps[2].output.complete as { id: string }
      const answer = 'query ($id: ID!) { inference(id: $id) { status } }'
      await expect
        .poll(async () => (await carol.ask(answer, { id })).data?.inference?.status, patience)
        .toBe('SUCCEEDED')
    })
  })
}
