import { badInput, notFound } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Directory } from './directory.ts'
import type { Live } from './live.ts'
import { graceMs } from './posts.ts'
import type { Store } from './store.ts'

type Parts = { store: Store; live: Live; directory: Directory }

/** Following and blocking. A person who is not reached is answered exactly like one who does not exist. */
export const createPeople = ({ store, live, directory }: Parts, { now }: Platform) => {
  const { follows, blocks } = store

  const requireOther = (viewer: string, person: string, what: string): void => {
    if (viewer === person) throw badInput(`Nobody ${what} themselves.`, { field: 'user' })
  }

  return {
    follow: async (viewer: string, person: string, requestId: string): Promise<void> => {
      requireOther(viewer, person, 'follows')
      await directory.requirePerson(person, requestId)
      if (await blocks.between(viewer, person)) throw notFound('User', person)
      const added = await follows.add(viewer, person, now())
      // A block that was made meanwhile may have looked for follows before this one was there.
      if (await blocks.between(viewer, person)) {
        await follows.remove(viewer, person)
        throw notFound('User', person)
      }
      if (added) await live.feedChanged({ kind: 'followed', follower: viewer, followed: person })
    },

    unfollow: async (viewer: string, person: string): Promise<void> => {
      const removed = await follows.remove(viewer, person)
      if (removed) await live.feedChanged({ kind: 'unfollowed', follower: viewer, followed: person })
    },

    /** Blocks a person. The block itself is one write, from which on every read obeys it; the rest tidies up. */
    block: async (viewer: string, person: string, requestId: string): Promise<void> => {
      requireOther(viewer, person, 'blocks')
      await directory.requirePerson(person, requestId)
      const at = now()
      await blocks.add(viewer, person, at, new Date(at.getTime() + graceMs))
      await follows.cut(viewer, person)
      // Also for a block that was there: the call that made it may have come no further.
      await live.severed(viewer, person)
    },

    unblock: async (viewer: string, person: string): Promise<void> => {
      // Follows that outlived a block by an accident must not show when it ends.
      if (await blocks.fresh(viewer, person)) await follows.cut(viewer, person)
      await blocks.remove(viewer, person)
    },
  }
}
