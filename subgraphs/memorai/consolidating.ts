import type { Platform } from '../_kit/index.ts'
import type { Indexing } from './indexing.ts'
import type { MemoryRecord } from './records.ts'
import type { Merge, Store } from './store.ts'
import type { IndexStore } from './store-index.ts'

const mostExamined = 500
const mostMerged = 20
const searchesAtOnce = 8

/** What a consolidation did. */
export type Consolidation = { merged: number; memories: MemoryRecord[] }

/** Merges what says nearly the same. */
export type Consolidating = (ownerId: string, minScore: number) => Promise<Consolidation>

/**
 * Which memories become part of which, the newest first: each takes in what is like itself. What is only like something that was
 * taken in is not, so that no chain of likenesses brings together what is not alike.
 */
export const groupAlike = (newestFirst: readonly string[], alike: (id: string) => readonly string[]): Merge[] => {
  const free = new Set(newestFirst)
  return newestFirst.flatMap((keeper) => {
    if (!free.delete(keeper)) return []
    const merged = alike(keeper).filter((id) => free.delete(id))
    return merged.length > 0 ? [{ keeper, merged }] : []
  })
}

/** Merging over the newest memories of a person. */
export const createConsolidating = (
  { now }: Pick<Platform, 'now'>,
  parts: { store: Store; index: IndexStore; indexing: Indexing },
): Consolidating => {
  const { store, index, indexing } = parts

  return async (ownerId, minScore) => {
    const memories = await store.memoriesOf(ownerId, {}, mostExamined)
    const vectors = index.of(ownerId)
    const entries = await vectors.entries(memories.map(({ id }) => id))
    const alike = new Map<string, string[]>()
    const searchNext = async (): Promise<void> => {
      for (let entry = entries.pop(); entry !== undefined; entry = entries.pop()) {
        const { id, label, group, vector } = entry
        const near = await vectors.nearest(vector, { limit: mostMerged + 1, labels: [label], group })
        alike.set(
          id,
          near.filter(({ score }) => score >= minScore).map((neighbour) => neighbour.id),
        )
      }
    }
    await Promise.all(Array.from({ length: searchesAtOnce }, searchNext))

    const merges = groupAlike(
      memories.map(({ id }) => id),
      (id) => alike.get(id) ?? [],
    )
    const merged = await store.merge(ownerId, merges, now())
    await indexing.erase(ownerId)
    const kept = new Set(merges.map(({ keeper }) => keeper))
    const left = await store.memories([...kept])
    return { merged, memories: left.toSorted((one, other) => (one.id < other.id ? 1 : -1)) }
  }
}
