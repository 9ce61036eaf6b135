import { setTimeout as pause } from 'node:timers/promises'
import type { Platform } from '../_kit/index.ts'
import type { Mentions } from './mentions.ts'
import type { Store } from './store.ts'

const betweenRoundsMs = 30_000
const batchSize = 100

/** What `createUpkeep` gives. */
export type Upkeep = ReturnType<typeof createUpkeep>

/**
 * Finishes what a crash, a race or another service's absence left undone. Every step may be repeated and interrupted, so
 * that several processes may work at the same time.
 */
export const createUpkeep = (store: Store, mentions: Mentions, { now, logger }: Platform) => {
  const sweepPosts = async (): Promise<void> => {
    for (const id of await store.posts.toSweep(now(), batchSize)) {
      await Promise.all([store.comments.removeOfPost(id), store.likes.removeOfPost(id)])
      await store.posts.swept(id)
    }
  }

  const sweepBlocks = async (): Promise<void> => {
    for (const { id, blocker, blocked } of await store.blocks.toSweep(now(), batchSize)) {
      await store.follows.cut(blocker, blocked)
      await store.blocks.swept(id)
    }
  }

  const resolveMentions = async (): Promise<void> => {
    for (const post of await store.posts.withPendingMentions(batchSize)) await mentions.resolve(post)
  }

  const steps = { sweepPosts, sweepBlocks, resolveMentions }

  /** One round. A step that fails is logged, and tried again in the next. */
  const round = async (): Promise<void> => {
    for (const [step, run] of Object.entries(steps)) {
      await run().catch((error: unknown) => logger.warn({ err: error, step }, 'upkeep will be tried again'))
    }
  }

  return {
    round,

    /** Works round after round until the signal. */
    run: async (signal: AbortSignal): Promise<void> => {
      while (!signal.aborted) {
        await round()
        await pause(betweenRoundsMs, undefined, { signal }).catch(() => undefined)
      }
    },
  }
}

/** Keeps house as long as the service runs. */
export const start = async ({ upkeep }: { upkeep: Upkeep }, { lifecycle }: Platform): Promise<void> => {
  const stopping = new AbortController()
  const ended = upkeep.run(stopping.signal)
  lifecycle.onStop('sociai upkeep', async () => {
    stopping.abort()
    await ended
  })
}
