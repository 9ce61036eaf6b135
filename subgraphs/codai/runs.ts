import { badInput, codedError, notFound, requireId, requireKey } from '../_kit/index.ts'
import { inputsOf, sizeOf } from './definition.ts'
import type { WorkflowRecord, WorkflowRunRecord } from './records.ts'
import type { Requests } from './requests.ts'
import type { Store } from './store.ts'
import type { CodaiTransaction } from './transaction.ts'

const mostUnfinished = 20
const largestInput = 20_000

export type StartWorkflowInput = { workflow: string; input?: unknown; idempotencyKey: string }

/** Who starts a run: the run acts with these rights. */
export type Starter = { userId: string; roles: readonly string[] }

const readInput = (given: unknown, workflow: WorkflowRecord): Record<string, unknown> => {
  const field = 'input'
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw badInput('`input` is an object.', { field })
  }
  if (sizeOf(given) > largestInput) throw badInput(`\`input\` has up to ${largestInput} characters.`, { field })
  const missing = inputsOf(workflow.steps).find((name) => !Object.hasOwn(given, name))
  if (missing !== undefined) throw badInput(`The workflow needs \`${missing}\`.`, { field })
  return given as Record<string, unknown>
}

/** The rules of runs: how they begin, and how people end them. */
export const createRuns = (options: {
  store: Store
  requests: Requests
  /** A workflow that the person may start; NOT_FOUND for any other. */
  workflow: (userId: string, id: string) => Promise<WorkflowRecord>
  /** Told of a run that there is something to do for, after the commit. */
  wake: (runId: string) => void
  now: () => Date
}) => {
  const { store, requests, workflow: loadWorkflow, wake, now } = options

  const load = async (id: string): Promise<WorkflowRunRecord> => {
    const [run] = await store.runs([id])
    if (!run) throw notFound('WorkflowRun', id)
    return run
  }

  /** Changes an own run, locked; answers it as it is then. NOT_FOUND for a stranger's. */
  const change = async (
    userId: string,
    runId: string,
    work: (tx: CodaiTransaction, run: WorkflowRunRecord) => Promise<void>,
  ): Promise<WorkflowRunRecord> => {
    const id = requireId('WorkflowRun', runId)
    await store.transact(async (tx) => {
      const run = await tx.lockRun(id)
      if (run?.ownerId !== userId) throw notFound('WorkflowRun', id)
      await work(tx, run)
    })
    wake(id)
    return load(id)
  }

  return {
    startWorkflow: async ({ userId, roles }: Starter, given: StartWorkflowInput): Promise<WorkflowRunRecord> => {
      const workflow = await loadWorkflow(userId, given.workflow)
      const input = readInput(given.input ?? {}, workflow)
      const key = requireKey(given.idempotencyKey)
      const content = { workflow: workflow.id, input }
      const id = await requests.once({ actor: userId, key, operation: 'startWorkflow', content }, async (tx, id) => {
        await tx.lockPerson(userId)
        if ((await tx.countUnfinishedRuns(userId)) >= mostUnfinished) {
          throw codedError('LIMIT_EXCEEDED', `A person has at most ${mostUnfinished} unfinished runs.`)
        }
        const createdAt = now()
        const run: WorkflowRunRecord = {
          id,
          workflowId: workflow.id,
          name: workflow.name,
          ownerId: userId,
          roles: [...roles],
          status: 'RUNNING',
          input,
          cancelRequested: false,
          failureReason: null,
          revision: 0,
          createdAt,
          finishedAt: null,
        }
        await tx.insertRun(run, workflow.steps, createdAt)
      })
      wake(id)
      return load(id)
    },

    /** Asks for the end of a run. CONFLICT for one that ended otherwise. */
    cancelWorkflowRun: (userId: string, runId: string): Promise<WorkflowRunRecord> =>
      change(userId, runId, async (tx, { id, status, cancelRequested }) => {
        if (cancelRequested) return
        if (status !== 'RUNNING') throw codedError('CONFLICT', `The run is ${status}: there is nothing to cancel.`)
        await tx.requestCancel(id, now())
      }),

    /** Begins anew to undo a run that is stuck. CONFLICT for any other. */
    retryWorkflowRun: (userId: string, runId: string): Promise<WorkflowRunRecord> =>
      change(userId, runId, async (tx, { id, status }) => {
        if (status !== 'STUCK') throw codedError('CONFLICT', `The run is ${status}: it is not stuck.`)
        await tx.unstick(id, now())
      }),
  }
}
