import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '../_kit/index.ts'
import type { Directory } from './directory.ts'
import type { PendingPost } from './posts-store.ts'
import type { Store } from './store.ts'

const patienceMs = 1_500

/** What `createMentions` gives. */
export type Mentions = ReturnType<typeof createMentions>

/** Finds out whom posts mention: at posting time, or later when logai does not answer then. */
export const createMentions = (store: Store, directory: Directory, logger: Logger) => {
  /** Looks the handles of a post up, and keeps whose they are. Handles of those not reached count as nobody's. */
  const resolve = async ({ id, author, handles }: PendingPost, requestId?: string): Promise<string[]> => {
    const [people, hidden] = await Promise.all([directory.idsByHandle(handles, requestId), store.blocks.around(author)])
    const mentioned = handles
      .map((handle) => people.get(handle))
      .filter((person): person is string => person !== undefined && !hidden.has(person))
    await store.posts.setMentions(id, mentioned)
    return mentioned
  }

  return {
    resolve,

    /** As `resolve`, as long as a person who posts may be kept waiting; nobody when it takes longer or fails. */
    resolveSoon: async (post: PendingPost, requestId: string): Promise<string[]> => {
      const waiting = new AbortController()
      const resolved = resolve(post, requestId).catch((error: unknown) => {
        logger.warn({ err: error, post: post.id }, 'mentions will be looked up later')
        return []
      })
      try {
        return await Promise.race([resolved, pause(patienceMs, [], { signal: waiting.signal })])
      } finally {
        waiting.abort()
      }
    },
  }
}
