import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { codedError, notFound, requireId } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Indexing } from './indexing.ts'
import type { Membership } from './membership.ts'
import type { MemoryRecord, NewMemory } from './records.ts'
import type { RequestMark, Store } from './store.ts'

const mostMemories = 50_000
// What is remembered can be recalled at once, or later when that takes too long: somewhat longer than one call to fabricai may.
const indexPatienceMs = 9_000

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** A request as it is recognised; what is written down cannot be read without the key. */
const markOf = (key: string | undefined, content: unknown): RequestMark | undefined =>
  key === undefined ? undefined : { keyDigest: digest(key), fingerprint: digest(key, JSON.stringify(content)) }

/** What people remember and forget. */
export type Memories = {
  /** Remembers all or none. The same key remembers once, and answers the same. */
  remember: (
    ownerId: string,
    memories: readonly NewMemory[],
    options: { key: string | undefined; requestId: string },
  ) => Promise<MemoryRecord[]>
  /** Forgets an own memory for good; NOT_FOUND for any other. */
  forget: (ownerId: string, id: string) => Promise<MemoryRecord>
  /** Forgets all for good, and answers how much it was. */
  forgetEverything: (ownerId: string) => Promise<number>
}

/** Remembering and forgetting. */
export const createMemories = (
  { newId, now }: Pick<Platform, 'newId' | 'now'>,
  parts: {
    store: Store
    indexing: Indexing
    membership: Membership
    announce: (memories: readonly MemoryRecord[]) => Promise<void>
  },
): Memories => {
  const { store, indexing, membership, announce } = parts

  /** NOT_FOUND for a project of which the person is no member, as if it did not exist. */
  const requireMembership = async (
    personId: string,
    drafts: readonly NewMemory[],
    requestId: string,
  ): Promise<void> => {
    const wanted = [...new Set(drafts.map(({ projectId }) => projectId).filter((id) => id !== null))]
    if (wanted.length === 0) return
    const own = new Set((await membership.among(personId, wanted, requestId)).map(({ id }) => id))
    const foreign = wanted.find((id) => !own.has(id))
    if (foreign !== undefined) throw notFound('Project', foreign)
  }

  const rememberedBefore = async (ids: readonly string[]): Promise<MemoryRecord[]> => {
    const found = new Map((await store.memories(ids)).map((memory) => [memory.id, memory]))
    const memories = ids.map((id) => found.get(id)).filter((memory) => memory !== undefined)
    if (memories.length < ids.length) {
      throw codedError('CONFLICT', 'What this idempotency key remembered was forgotten, or merged, since.')
    }
    return memories
  }

  return {
    remember: async (ownerId, drafts, { key, requestId }) => {
      await requireMembership(ownerId, drafts, requestId)
      const at = now()
      const blank = { ownerId, createdAt: at, lastRecalledAt: null, indexedAt: null, leaseUntil: null }
      const memories = drafts.map((draft): MemoryRecord => ({ id: newId(), ...draft, ...blank }))
      const mark = markOf(key, drafts)
      const done = await store.remember(ownerId, memories, mark, { most: mostMemories, now: at })
      if (!done) {
        const limit = mostMemories.toLocaleString('en')
        throw codedError('LIMIT_EXCEEDED', `A person has at most ${limit} memories.`, { limit: mostMemories })
      }
      if (done.fingerprint !== undefined) {
        if (done.fingerprint === mark?.fingerprint) return rememberedBefore(done.ids)
        throw codedError('CONFLICT', 'This idempotency key was used for something else.')
      }
      await announce(memories)
      const waiting = new AbortController()
      const { signal } = waiting
      const late = delay(indexPatienceMs, undefined, { signal, ref: false }).catch(() => undefined)
      await Promise.race([indexing.index(done.ids, requestId), late])
      waiting.abort()
      return rememberedBefore(done.ids)
    },

    forget: async (ownerId, id) => {
      const memory = await store.forget(ownerId, requireId('Memory', id), now())
      if (!memory) throw notFound('Memory', id)
      await indexing.erase(ownerId)
      return memory
    },

    forgetEverything: async (ownerId) => {
      const count = await store.forgetAll(ownerId, now())
      await indexing.erase(ownerId)
      return count
    },
  }
}
