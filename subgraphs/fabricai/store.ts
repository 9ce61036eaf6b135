import { transact } from '../_kit/index.ts'
import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { Events } from '@codai/stores'
import type { CompletionEventRecord, InferenceRecord, InferenceTask, Usage } from './records.ts'

/** What was used of one task. */
export type TaskUsage = Usage & { task: InferenceTask; inferences: number; cost: bigint }

/** What happens to an answer, before it has a position. */
export type NewEvent = Pick<CompletionEventRecord, 'kind' | 'text'>

/** How an answer ended. */
export type CompletionEnd = Pick<
  InferenceRecord,
  'status' | 'modelId' | 'output' | 'inputTokens' | 'outputTokens' | 'cost' | 'failureReason' | 'finishedAt'
>

/** A run of an answer: what writes under its number, as long as no other run began. */
export type Run = { id: string; run: number }

const finishedEvent = (inference: InferenceRecord) => ({
  type: 'fabricai.inferenceFinished',
  key: inference.ownerId ?? 'services',
  payload: {
    inference: inference.id,
    owner: inference.ownerId,
    task: inference.task,
    model: inference.modelId,
    status: inference.status,
    inputTokens: inference.inputTokens,
    outputTokens: inference.outputTokens,
    // In hundred-millionths of a EUR.
    cost: inference.cost.toString(),
    finishedAt: (inference.finishedAt ?? inference.createdAt).toISOString(),
  },
})

const before = (after: string | undefined) => (after === undefined ? {} : { id: { lt: after } })

/** All that the service reads and writes. */
export type Store = ReturnType<typeof createStore>

/** The tables of inferences. */
export const createStore = (client: PrismaClient, events: Events) => ({
  inferences: (ids: readonly string[]): Promise<InferenceRecord[]> =>
    client.inference.findMany({ where: { id: { in: [...ids] } } }),

  /** The inferences of a person, newest first, from before an id. */
  inferencesOf: (
    ownerId: string,
    task: InferenceTask | null | undefined,
    limit: number,
    after: string | undefined,
  ): Promise<InferenceRecord[]> =>
    client.inference.findMany({
      where: { ownerId, ...(task != null && { task }), ...before(after) },
      orderBy: { id: 'desc' },
      take: limit,
    }),

  /** What was asked for under a key. */
  requested: (requestKey: string): Promise<InferenceRecord | null> =>
    client.inference.findUnique({ where: { requestKey } }),

  /** What a person used from one instant to before another. */
  usage: async (ownerId: string, from: Date, to: Date): Promise<TaskUsage[]> => {
    const groups = await client.inference.groupBy({
      by: ['task'],
      where: { ownerId, createdAt: { gte: from, lt: to } },
      _sum: { inputTokens: true, outputTokens: true, cost: true },
      _count: true,
      orderBy: { task: 'asc' },
    })
    return groups.map(({ task, _sum, _count }) => ({
      task,
      inferences: _count,
      inputTokens: _sum.inputTokens ?? 0,
      outputTokens: _sum.outputTokens ?? 0,
      cost: _sum.cost ?? 0n,
    }))
  },

  tokensSince: async (ownerId: string, since: Date): Promise<number> => {
    const { _sum } = await client.inference.aggregate({
      where: { ownerId, createdAt: { gte: since } },
      _sum: { inputTokens: true, outputTokens: true },
    })
    return (_sum.inputTokens ?? 0) + (_sum.outputTokens ?? 0)
  },

  /** Writes an inference that is finished; false when its key was used already. */
  addFinished: (inference: InferenceRecord): Promise<boolean> =>
    transact(client, 'The inferences are', async (tx) => {
      const { count } = await tx.inference.createMany({ data: [forInsert(inference)], skipDuplicates: true })
      if (count > 0) await events.publish(tx, finishedEvent(inference))
      return count > 0
    }),

  /** Writes an answer that is to be made; false when its key was used already, undefined when the person has too many. */
  addCompletion: (inference: InferenceRecord, mostRunning: number): Promise<boolean | undefined> =>
    transact(client, 'The inferences are', async (tx) => {
      const { ownerId, requestKey } = inference
      if (ownerId !== null) {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('fabricai ' || ${ownerId}, 0))`
        const known = requestKey !== null && (await tx.inference.count({ where: { requestKey } })) > 0
        const running = await tx.inference.count({ where: { ownerId, status: 'RUNNING' } })
        if (!known && running >= mostRunning) return undefined
      }
      const { count } = await tx.inference.createMany({ data: [forInsert(inference)], skipDuplicates: true })
      return count > 0
    }),

  /**
   * Takes answers that nobody works on, or whose process is lost: that of an id, or any. Each is taken by one process,
   * whatever number of them asks.
   */
  takeCompletions: async (options: { id?: string; now: Date; leaseUntil: Date; limit: number }) => {
    const { id, now, leaseUntil, limit } = options
    const only = id === undefined ? Prisma.empty : Prisma.sql`AND id = ${id}`
    const taken = await client.$queryRaw<{ id: string }[]>`
      UPDATE fabricai.inferences SET run = run + 1, lease_until = ${leaseUntil}
      WHERE id IN (
        SELECT id FROM fabricai.inferences
        WHERE status = 'RUNNING' AND (lease_until IS NULL OR lease_until <= ${now}) ${only}
        ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
      )
      RETURNING id`
    return client.inference.findMany({ where: { id: { in: taken.map((row) => row.id) } }, orderBy: { id: 'asc' } })
  },

  /** Says that the process of a run is alive; false when another run began. */
  keepLease: async ({ id, run }: Run, leaseUntil: Date): Promise<boolean> =>
    (await client.inference.updateMany({ where: { id, run, status: 'RUNNING' }, data: { leaseUntil } })).count > 0,

  /** Lets anybody take an answer up again. */
  release: async ({ id, run }: Run): Promise<void> => {
    await client.inference.updateMany({ where: { id, run, status: 'RUNNING' }, data: { leaseUntil: null } })
  },

  /** Writes down what happened to an answer, and how it ended when it did; false when another run began. */
  append: ({ id, run }: Run, news: readonly NewEvent[], end?: CompletionEnd): Promise<boolean> =>
    transact(client, 'The inferences are', async (tx) => {
      // Locks the row, so that positions are given to one at a time.
      const locked = await tx.$queryRaw<{ keeps: boolean }[]>`
        SELECT keeps_content AS keeps FROM fabricai.inferences
        WHERE id = ${id} AND run = ${run} AND status = 'RUNNING' FOR NO KEY UPDATE`
      if (!locked[0]) return false
      const last = await tx.completionEvent.aggregate({ where: { inferenceId: id }, _max: { position: true } })
      const first = (last._max.position ?? 0) + 1
      await tx.completionEvent.createMany({
        data: news.map((event, index) => ({ ...event, inferenceId: id, position: first + index })),
      })
      if (!end) return true
      const kept = locked[0].keeps ? {} : { input: null, output: null }
      const ended = await tx.inference.update({
        where: { id },
        data: { ...end, ...kept, leaseUntil: null, request: Prisma.DbNull },
      })
      await events.publish(tx, finishedEvent(ended))
      return true
    }),

  /** What happened to an answer behind a position. */
  eventsAfter: (inferenceId: string, position: number, limit: number): Promise<CompletionEventRecord[]> =>
    client.completionEvent.findMany({
      where: { inferenceId, position: { gt: position } },
      orderBy: { position: 'asc' },
      take: limit,
    }),

  /** Removes what was said of answers that ended before an instant; their whole is in the inference. */
  removeEventsOfEnded: async (instant: Date): Promise<void> => {
    await client.$executeRaw`
      DELETE FROM fabricai.completion_events USING fabricai.inferences
      WHERE inference_id = inferences.id AND inferences.finished_at < ${instant}`
  },

  /** Removes the content of a finished inference. */
  forget: async (id: string): Promise<void> => {
    await client.$transaction([
      client.inference.update({ where: { id }, data: { input: null, output: null, keepsContent: false } }),
      client.completionEvent.deleteMany({ where: { inferenceId: id } }),
    ])
  },

  addDemoData: async (inferences: readonly InferenceRecord[]): Promise<void> => {
    await client.inference.createMany({ data: inferences.map(forInsert), skipDuplicates: true })
  },
})

const forInsert = (inference: InferenceRecord) => ({
  ...inference,
  request: inference.request === null ? Prisma.DbNull : inference.request,
})
