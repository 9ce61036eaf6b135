import type { PubSub } from '@codai/stores'
import { live } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { MemoryKind, MemoryRecord } from './records.ts'
import type { Store } from './store.ts'

/** Only ids travel: what was forgotten before it was heard of is not told. */
type Topics = Record<`memories:${string}`, { ids: string[] }>

/** Tells people what they remember. */
export type Live = {
  /** To be called after the commit, with memories of one person. */
  announce: (memories: readonly MemoryRecord[]) => Promise<void>
  /** What a person remembers from now on. */
  listen: (ownerId: string, kinds?: readonly MemoryKind[]) => Promise<AsyncIterableIterator<MemoryRecord, void>>
}

/** The live side of memories. */
export const createLive = (options: { store: Store; pubSub: PubSub<Topics>; logger: Logger }): Live => {
  const { store, pubSub, logger } = options

  const memoriesOf = (ownerId: string, kinds: readonly MemoryKind[] | undefined) =>
    async function* (events: AsyncIterable<{ ids: string[] }>): AsyncGenerator<MemoryRecord, void> {
      for await (const { ids } of events) {
        const memories = (await store.memories(ids)).filter((memory) => memory.ownerId === ownerId)
        const wanted = kinds === undefined ? memories : memories.filter(({ kind }) => kinds.includes(kind))
        yield* wanted.toSorted((one, other) => (one.id < other.id ? -1 : 1))
      }
    }

  return {
    announce: async (memories) => {
      const [first] = memories
      if (!first) return
      try {
        await pubSub.publish(`memories:${first.ownerId}`, { ids: memories.map(({ id }) => id) })
      } catch (error) {
        // It is remembered: that listeners do not hear of it is no reason to fail.
        logger.warn({ err: error }, 'listeners could not be told')
      }
    },
    listen: async (ownerId, kinds) => {
      const events = pubSub.subscribe(`memories:${ownerId}`)
      try {
        await events.ready
        return live(events, memoriesOf(ownerId, kinds))
      } catch (error) {
        await events.return?.()
        throw error
      }
    },
  }
}
