import type { Platform } from '../_kit/index.ts'
import { badInput } from '../_kit/index.ts'
import type { Store } from './store.ts'

const keptMs = 10_000
const most = 100

/** What `createTrending` gives. */
export type Trending = ReturnType<typeof createTrending>

/** The topics that are most posted about, counted anew at most every ten seconds. They are the same for everybody. */
export const createTrending = (store: Store, { cache, now, logger }: Platform) => ({
  /** The first of them. BAD_USER_INPUT for more than 100. */
  topics: async (first: number): Promise<string[]> => {
    if (first < 0 || first > most) throw badInput(`\`first\` is between 0 and ${most}.`, { field: 'first' })
    const names = await cache().getOrSet('trending', keptMs, () => store.posts.trending(now()))
    return names.slice(0, first)
  },

  /** Counts anew at the next question, so that what was deleted is not shown any more. */
  forget: async (): Promise<void> => {
    await cache()
      .delete('trending')
      .catch((error: unknown) => logger.warn({ err: error }, 'trending topics will be up to ten seconds old'))
  },
})
