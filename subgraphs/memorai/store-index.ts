import type { VectorCollection, Vectors } from '@codai/stores/vectors'
import { createHash } from 'node:crypto'
import { transact } from '../_kit/index.ts'
import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { MemoryRecord } from './records.ts'

const busy = 'The index of memories is'

/** Where the vectors of a person are: apart from those of all others. */
const collectionOf = (ownerId: string): string =>
  `memories-${createHash('sha256').update(ownerId).digest('hex').slice(0, 40)}`

/** The vectors of memories, and what keeps them like the memories. */
export type IndexStore = ReturnType<typeof createIndexStore>

/** What is between the tables of memories and their vectors. */
export const createIndexStore = (client: PrismaClient, vectors: Vectors) => {
  const of = (ownerId: string): VectorCollection => vectors.collection(collectionOf(ownerId))

  /** Lets one at a time, of all processes, write the vectors of a person. */
  const writing = <Result>(ownerId: string, work: (tx: Prisma.TransactionClient) => Promise<Result>): Promise<Result> =>
    transact(client, busy, async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('memorai index ' || ${ownerId}, 0))`
      return work(tx)
    })

  return {
    /** The vectors of a person, to be read. */
    of: (ownerId: string): Pick<VectorCollection, 'nearest' | 'entries'> => of(ownerId),

    /**
     * Takes memories that have no vector and that nobody works on: those of ids, or any. Each is taken by one process,
     * whatever number of them asks.
     */
    takeUnindexed: async (options: {
      ids?: readonly string[]
      now: Date
      leaseUntil: Date
      limit: number
    }): Promise<MemoryRecord[]> => {
      const { ids, now, leaseUntil, limit } = options
      const only = ids === undefined ? Prisma.empty : Prisma.sql`AND id = ANY (${[...ids]})`
      const taken = await client.$queryRaw<{ id: string }[]>`
        UPDATE memorai.memories SET lease_until = ${leaseUntil}
        WHERE id IN (
          SELECT id FROM memorai.memories
          WHERE indexed_at IS NULL AND (lease_until IS NULL OR lease_until <= ${now}) ${only}
          ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE SKIP LOCKED
        )
        RETURNING id`
      return client.memory.findMany({ where: { id: { in: taken.map(({ id }) => id) } }, orderBy: { id: 'asc' } })
    },

    /** Leaves memories that have no vector to whoever comes after an instant. */
    postpone: async (ids: readonly string[], leaseUntil: Date): Promise<void> => {
      await client.memory.updateMany({ where: { id: { in: [...ids] }, indexedAt: null }, data: { leaseUntil } })
    },

    /** Writes the vectors of a person's memories, as far as these were not forgotten meanwhile. */
    index: (ownerId: string, meanings: ReadonlyMap<string, readonly number[]>, now: Date): Promise<void> =>
      writing(ownerId, async (tx) => {
        // Locked, so that whoever forgets one of them erases its vector after it was written.
        const present = await tx.$queryRaw<{ id: string; kind: string; group: string }[]>`
          SELECT id, kind::text, COALESCE(project_id, '') AS "group" FROM memorai.memories WHERE id = ANY (${[...meanings.keys()]}) FOR NO KEY UPDATE`
        await of(ownerId).put(
          present.map(({ id, kind, group }) => ({ id, label: kind, group, vector: meanings.get(id) ?? [] })),
        )
        await tx.memory.updateMany({
          where: { id: { in: present.map(({ id }) => id) } },
          data: { indexedAt: now, leaseUntil: null },
        })
      }),

    /** Erases the vectors of what a person forgot. */
    erase: (ownerId: string): Promise<void> =>
      writing(ownerId, async (tx) => {
        const erasures = await tx.vectorErasure.findMany({ where: { ownerId } })
        const ids = erasures.map(({ memoryId }) => memoryId)
        await of(ownerId).erase(ids)
        await tx.vectorErasure.deleteMany({ where: { memoryId: { in: ids } } })
      }),

    /** People whose forgotten memories still have vectors. */
    ownersWithErasures: async (limit: number): Promise<string[]> => {
      const found = await client.vectorErasure.findMany({
        distinct: ['ownerId'],
        take: limit,
        select: { ownerId: true },
      })
      return found.map(({ ownerId }) => ownerId)
    },

    /** People with memories, in the order of their ids, from behind one. */
    owners: async (limit: number, after?: string): Promise<string[]> => {
      const found = await client.memory.findMany({
        where: after === undefined ? {} : { ownerId: { gt: after } },
        distinct: ['ownerId'],
        orderBy: { ownerId: 'asc' },
        take: limit,
        select: { ownerId: true },
      })
      return found.map(({ ownerId }) => ownerId)
    },

    /**
     * Makes the vectors of a person what the memories say: those without a memory are erased, memories without one are to be indexed
     * again. Answers how many were of either kind. For what no crash can do, but a restored copy of only one of both.
     */
    repair: (ownerId: string): Promise<{ erased: number; unindexed: number }> =>
      writing(ownerId, async (tx) => {
        const memories = await tx.memory.findMany({ where: { ownerId }, select: { id: true, indexedAt: true } })
        const present = new Set(await of(ownerId).ids())
        const known = new Set(memories.map(({ id }) => id))
        const orphans = [...present].filter((id) => !known.has(id))
        const missing = memories.filter(({ id, indexedAt }) => indexedAt !== null && !present.has(id))
        await of(ownerId).erase(orphans)
        await tx.memory.updateMany({
          where: { id: { in: missing.map(({ id }) => id) } },
          data: { indexedAt: null },
        })
        return { erased: orphans.length, unindexed: missing.length }
      }),

    /** Erases collections of people who have no memory at all; answers how many there were. */
    eraseForeign: async (): Promise<number> => {
      const owners = await client.memory.findMany({ distinct: ['ownerId'], select: { ownerId: true } })
      const known = new Set(owners.map(({ ownerId }) => collectionOf(ownerId)))
      const foreign = (await vectors.names()).filter((name) => !known.has(name))
      for (const name of foreign) {
        const collection = vectors.collection(name)
        await collection.erase(await collection.ids())
      }
      return foreign.length
    },
  }
}
