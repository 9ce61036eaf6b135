import type { Events } from '@codai/stores'
import { transact } from '../_kit/index.ts'
import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { MemoryKind, MemoryRecord, MemorySourceRecord } from './records.ts'

/** What was asked for under a key. */
export type RequestMark = { keyDigest: string; fingerprint: string }

/** What a memory becomes when others are merged into it. */
export type Merge = { keeper: string; merged: readonly string[] }

/** All that the service reads and writes, but vectors. */
export type Store = ReturnType<typeof createStore>

const newestFirst = { id: 'desc' } as const

const busy = 'The memories are'

// No person has this id, and no digest is so short.
const seedMark = { ownerId: 'nobody', keyDigest: 'seed' }

const eraseLater = (
  tx: Prisma.TransactionClient,
  memories: readonly { id: string; ownerId: string }[],
  createdAt: Date,
): Promise<unknown> =>
  tx.vectorErasure.createMany({
    data: memories.map(({ id, ownerId }) => ({ memoryId: id, ownerId, createdAt })),
    skipDuplicates: true,
  })

/** The tables of memories. */
export const createStore = (client: PrismaClient, events: Events) => ({
  memories: (ids: readonly string[]): Promise<MemoryRecord[]> =>
    client.memory.findMany({ where: { id: { in: [...ids] } } }),

  /** The memories of a person, newest first, from before an id. */
  memoriesOf: (
    ownerId: string,
    only: { kinds?: readonly MemoryKind[] | null | undefined; tag?: string | undefined; projectId?: string },
    limit: number,
    after?: string,
  ): Promise<MemoryRecord[]> =>
    client.memory.findMany({
      where: {
        ownerId,
        ...(only.kinds && { kind: { in: [...only.kinds] } }),
        ...(only.projectId !== undefined && { projectId: only.projectId }),
        ...(only.tag !== undefined && { tags: { has: only.tag } }),
        ...(after !== undefined && { id: { lt: after } }),
      },
      orderBy: newestFirst,
      take: limit,
    }),

  /** What a memory was merged from, oldest first, from behind an id. */
  sourcesOf: (memoryId: string, limit: number, after?: string): Promise<MemorySourceRecord[]> =>
    client.memorySource.findMany({
      where: { memoryId, ...(after !== undefined && { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take: limit,
    }),

  /**
   * Writes memories of a person, all or none. When their key was used already, nothing is written, and what it was used
   * for is answered. Undefined when the person would have more than `most`.
   */
  remember: (
    ownerId: string,
    memories: readonly MemoryRecord[],
    mark: RequestMark | undefined,
    options: { most: number; now: Date },
  ): Promise<{ ids: readonly string[]; fingerprint?: string } | undefined> =>
    transact(client, busy, async (tx) => {
      await lockOwner(tx, ownerId)
      const where = mark && { ownerId_keyDigest: { ownerId, keyDigest: mark.keyDigest } }
      const known = where && (await tx.memoryRequest.findUnique({ where }))
      if (known) return { ids: known.memoryIds, fingerprint: known.fingerprint }
      if ((await tx.memory.count({ where: { ownerId } })) + memories.length > options.most) return undefined
      await tx.memory.createMany({ data: [...memories] })
      const ids = memories.map(({ id }) => id)
      if (mark) await tx.memoryRequest.create({ data: { ownerId, ...mark, memoryIds: ids, createdAt: options.now } })
      for (const id of ids) {
        await events.publish(tx, { type: 'memorai.remembered', key: ownerId, payload: { memory: id, owner: ownerId } })
      }
      return { ids }
    }),

  /** Removes an own memory and all that it was merged from; undefined when it is not there. */
  forget: (ownerId: string, id: string, now: Date): Promise<MemoryRecord | undefined> =>
    transact(client, busy, async (tx) => {
      await lockOwner(tx, ownerId)
      const memory = await tx.memory.findUnique({ where: { id, ownerId } })
      if (!memory) return undefined
      await eraseLater(tx, [memory], now)
      await tx.memory.delete({ where: { id } })
      await events.publish(tx, { type: 'memorai.forgotten', key: ownerId, payload: { memory: id, owner: ownerId } })
      return memory
    }),

  /** Removes all memories of a person, and what was asked for under keys; answers how many they were. */
  forgetAll: (ownerId: string, now: Date): Promise<number> =>
    transact(client, busy, async (tx) => {
      await lockOwner(tx, ownerId)
      const memories = await tx.memory.findMany({ where: { ownerId }, select: { id: true, ownerId: true } })
      await eraseLater(tx, memories, now)
      await tx.memory.deleteMany({ where: { ownerId } })
      await tx.memoryRequest.deleteMany({ where: { ownerId } })
      for (const { id } of memories) {
        await events.publish(tx, { type: 'memorai.forgotten', key: ownerId, payload: { memory: id, owner: ownerId } })
      }
      return memories.length
    }),

  /** Merges memories of a person into others, as far as they are still there; answers how many became part of others. */
  merge: (ownerId: string, merges: readonly Merge[], now: Date): Promise<number> =>
    transact(client, busy, async (tx) => {
      await lockOwner(tx, ownerId)
      let count = 0
      for (const { keeper, merged } of merges) {
        const found = await tx.memory.findMany({ where: { ownerId, id: { in: [keeper, ...merged] } } })
        const others = found.filter(({ id }) => id !== keeper)
        if (others.length === 0 || others.length === found.length) continue
        const ids = others.map(({ id }) => id)
        await tx.memorySource.updateMany({ where: { memoryId: { in: ids } }, data: { memoryId: keeper } })
        await tx.memorySource.createMany({
          data: others.map(({ id, content, createdAt }) => ({ id, memoryId: keeper, content, createdAt })),
        })
        await eraseLater(tx, others, now)
        await tx.memory.deleteMany({ where: { id: { in: ids } } })
        await tx.memory.update({
          where: { id: keeper },
          data: {
            tags: [...new Set(found.flatMap(({ tags }) => tags))].toSorted(),
            importance: Math.max(...found.map(({ importance }) => importance)),
          },
        })
        for (const id of ids) {
          await events.publish(tx, { type: 'memorai.forgotten', key: ownerId, payload: { memory: id, owner: ownerId } })
        }
        count += ids.length
      }
      return count
    }),

  /** Writes down that memories were recalled. */
  markRecalled: async (ids: readonly string[], now: Date): Promise<void> => {
    await client.memory.updateMany({ where: { id: { in: [...ids] } }, data: { lastRecalledAt: now } })
  },

  /** Writes demo data that is not there yet. */
  addDemoData: async (memories: readonly MemoryRecord[], sources: readonly MemorySourceRecord[]): Promise<void> => {
    await client.memory.createMany({ data: [...memories], skipDuplicates: true })
    await client.memorySource.createMany({ data: [...sources], skipDuplicates: true })
  },

  /** Whether the demo data was written: what people forget of it stays forgotten. */
  isSeeded: async (): Promise<boolean> => (await client.memoryRequest.count({ where: seedMark })) > 0,

  markSeeded: async (now: Date): Promise<void> => {
    const data = { ...seedMark, fingerprint: '', memoryIds: [], createdAt: now }
    await client.memoryRequest.createMany({ data: [data], skipDuplicates: true })
  },
})

/** Lets one at a time change what a person remembers: limits are kept, and keys are used once. */
export const lockOwner = async (tx: Prisma.TransactionClient, ownerId: string): Promise<void> => {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('memorai ' || ${ownerId}, 0))`
}
