import { CodedError } from '@codai/runtime'
import type { Logger, Platform } from '../_kit/index.ts'
import type { Meaning } from './meaning.ts'
import type { MemoryRecord } from './records.ts'
import type { IndexStore } from './store-index.ts'

const leaseMs = 30_000
// A model that is only being loaded will soon be there; who used too much has to wait for the next minute.
const failurePauseMs = 2_000
const limitPauseMs = 60_000
const takenAtOnce = 100
// What fabricai takes at once, whatever the texts are made of.
const mostCharacters = 20_000

/** Keeps the vectors like the memories. */
export type Indexing = {
  /** Makes the vectors of memories. What fails is logged, and made up for by `catchUp`. */
  index: (ids: readonly string[], requestId: string) => Promise<void>
  /** Erases what a person forgot. What fails is logged, and made up for by `catchUp`. */
  erase: (ownerId: string) => Promise<void>
  /** Does all that is left to do. What fails is logged, and done by one of the next calls. */
  catchUp: () => Promise<void>
}

const isOverLimit = (error: unknown): boolean => error instanceof CodedError && error.code === 'RATE_LIMITED'

/** Whoever says what texts mean is away, or too busy: for everybody. Our own stores name no service. */
const isAway = (error: unknown): boolean =>
  error instanceof CodedError && error.code === 'UNAVAILABLE' && error.extensions['service'] !== undefined

const idsOf = (memories: readonly MemoryRecord[]): string[] => memories.map(({ id }) => id)

const inBatches = (memories: readonly MemoryRecord[]): MemoryRecord[][] => {
  const batches: MemoryRecord[][] = []
  let length = 0
  for (const memory of memories) {
    const batch = batches.at(-1)
    length += memory.content.length
    if (batch && length <= mostCharacters) batch.push(memory)
    else {
      batches.push([memory])
      length = memory.content.length
    }
  }
  return batches
}

/** Makes and erases vectors. Any number of processes may do it at once. */
export const createIndexing = (
  { now, logger }: Pick<Platform, 'now'> & { logger: Logger },
  { store, meaning }: { store: IndexStore; meaning: Meaning },
): Indexing => {
  const indexBatch = async (ownerId: string, batch: readonly MemoryRecord[], requestId?: string): Promise<void> => {
    const vectors = await meaning.of(
      ownerId,
      batch.map(({ content }) => content),
      requestId,
    )
    await store.index(ownerId, new Map(batch.map(({ id }, index) => [id, vectors[index] ?? []])), now())
  }

  /** Answers how many memories were taken. Throws when some could not be indexed; what can, is. */
  const indexSome = async (ids?: readonly string[], requestId?: string): Promise<number> => {
    const at = now()
    const leaseUntil = new Date(at.getTime() + leaseMs)
    const taken = await store.takeUnindexed({ ...(ids && { ids }), now: at, leaseUntil, limit: takenAtOnce })
    const owners = [...new Set(taken.map(({ ownerId }) => ownerId))]
    const failures: unknown[] = []
    for (const ownerId of owners) {
      const own = taken.filter((memory) => memory.ownerId === ownerId)
      try {
        for (const batch of inBatches(own)) await indexBatch(ownerId, batch, requestId)
      } catch (error) {
        failures.push(error)
        // Asking again for each of many people would take longer than a lease, and hold up those who come meanwhile.
        const left = isAway(error) ? taken : own
        const pauseMs = isOverLimit(error) ? limitPauseMs : failurePauseMs
        await store.postpone(idsOf(left), new Date(now().getTime() + pauseMs))
        if (left === taken) break
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'memories could not be indexed')
    return taken.length
  }

  const patiently = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      logger.warn({ err: error }, `${what} and is made up for later`)
    }
  }

  return {
    index: (ids, requestId) => patiently('memories were not indexed at once', () => indexSome(ids, requestId)),
    erase: (ownerId) => patiently('vectors were not erased at once', () => store.erase(ownerId)),
    catchUp: async () => {
      // Forgetting comes first: it is a promise, and it needs nobody else.
      for (const ownerId of await store.ownersWithErasures(takenAtOnce)) {
        await patiently('vectors were not erased', () => store.erase(ownerId))
      }
      await patiently('memories were not indexed', async () => {
        while ((await indexSome()) === takenAtOnce);
      })
    },
  }
}
