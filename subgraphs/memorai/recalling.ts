import type { Platform } from '../_kit/index.ts'
import type { Meaning } from './meaning.ts'
import type { MemoryKind, MemoryRecord, RecallRecord } from './records.ts'
import type { Store } from './store.ts'
import type { IndexStore } from './store-index.ts'

/** What is sought. */
export type Search = {
  query: string
  first: number
  kinds?: readonly MemoryKind[] | undefined
  minScore: number
  projectId?: string | undefined
}

/** Finds memories by what they mean. */
export type Recalling = {
  /** What a person remembers that means what is sought, the likest first. */
  recall: (ownerId: string, search: Search, requestId: string) => Promise<RecallRecord[]>
  /** Other memories of the same person that mean nearly the same, the likest first. */
  related: (memory: MemoryRecord, first: number) => Promise<RecallRecord[]>
}

// Rounding can take the cosine of the same direction a little beyond 1.
const asScore = (cosine: number): number => Math.min(1, Math.max(0, cosine))

/** Finding by meaning. */
export const createRecalling = (
  { now }: Pick<Platform, 'now'>,
  parts: { store: Store; index: IndexStore; meaning: Meaning },
): Recalling => {
  const { store, index, meaning } = parts

  /** The memories that were found, as far as they are there and the person's own. */
  const own = async (ownerId: string, found: readonly { id: string; score: number }[]): Promise<RecallRecord[]> => {
    const memories = new Map((await store.memories(found.map(({ id }) => id))).map((memory) => [memory.id, memory]))
    return found.flatMap(({ id, score }) => {
      const memory = memories.get(id)
      return memory?.ownerId === ownerId ? [{ score: asScore(score), memory }] : []
    })
  }

  return {
    recall: async (ownerId, { query, first, kinds, minScore, projectId }, requestId) => {
      if (first === 0) return []
      const [vector = []] = await meaning.of(ownerId, [query], requestId)
      const near = await index.of(ownerId).nearest(vector, { limit: first, labels: kinds, group: projectId })
      const found = await own(
        ownerId,
        near.filter(({ score }) => score >= minScore),
      )
      const at = now()
      await store.markRecalled(
        found.map(({ memory }) => memory.id),
        at,
      )
      return found.map(({ score, memory }) => ({ score, memory: { ...memory, lastRecalledAt: at } }))
    },

    related: async ({ id, ownerId }, first) => {
      if (first === 0) return []
      const vectors = index.of(ownerId)
      const [entry] = await vectors.entries([id])
      if (!entry) return []
      const near = await vectors.nearest(entry.vector, { limit: first + 1 })
      const others = near.filter((neighbour) => neighbour.id !== id && neighbour.score >= 0).slice(0, first)
      return own(ownerId, others)
    },
  }
}
