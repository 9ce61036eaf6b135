import type { Events } from '@codai/stores'
import { transact } from '../_kit/index.ts'
import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { WorkflowRunRecord, WorkflowRunStepRecord } from './records.ts'

/** What somebody who works on a run writes down at once. */
export type RunChange = {
  run?: Partial<Pick<WorkflowRunRecord, 'status' | 'failureReason' | 'finishedAt'>> & {
    dueAt?: Date | null
    lease?: null
  }
  step?: Pick<WorkflowRunStepRecord, 'position'> &
    Partial<Omit<WorkflowRunStepRecord, 'runId' | 'position' | 'name' | 'definition'>>
  event?: Parameters<Events['publish']>[1]
}

/** What is read and written by whoever works on runs. A lease says who that is. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createConductingStore = (client: PrismaClient, events: Events) => ({
  /** Takes runs that are due, and that nobody is working on, until an instant. Each is taken by one, whoever asks. */
  takeRuns: async (lease: string, now: Date, until: Date, limit: number): Promise<string[]> => {
    const taken = await client.$queryRaw<{ id: string }[]>`
      UPDATE codai.workflow_runs SET due_at = ${until}, lease = ${lease}
      FROM (
        SELECT id FROM codai.workflow_runs WHERE due_at <= ${now}
        ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
      ) AS due
      WHERE workflow_runs.id = due.id
      RETURNING workflow_runs.id`
    return taken.map(({ id }) => id)
  },

  /** Keeps what a lease holds until a later instant. */
  renewLease: async (lease: string, until: Date): Promise<void> => {
    await client.workflowRun.updateMany({ where: { lease, dueAt: { not: null } }, data: { dueAt: until } })
  },

  /** Lets go of a run until an instant. */
  releaseRun: async (id: string, lease: string, dueAt: Date): Promise<void> => {
    await client.workflowRun.updateMany({ where: { id, lease, dueAt: { not: null } }, data: { lease: null, dueAt } })
  },

  /** Writes a change of a run; false when the run is no longer the lease's, and then nothing is written. */
  changeRun: (id: string, lease: string, { run, step, event }: RunChange): Promise<boolean> =>
    transact(client, 'Codai is', async (tx) => {
      const { count } = await tx.workflowRun.updateMany({
        where: { id, lease },
        data: { ...run, revision: { increment: 1 } },
      })
      if (count === 0) return false
      if (step) {
        const { position, output, ...rest } = step
        await tx.workflowRunStep.update({
          where: { runId_position: { runId: id, position } },
          data: { ...rest, ...(output !== undefined && { output: output as Prisma.InputJsonValue }) },
        })
      }
      if (event) await events.publish(tx, event)
      return true
    }),
})
