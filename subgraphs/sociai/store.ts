import { insertNew } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { defineModels } from './models.ts'
import { blocksStore, followsStore } from './people-store.ts'
import { postsStore } from './posts-store.ts'
import { commentsStore, likesStore } from './reactions-store.ts'

/** All that the service keeps, by what it is about. */
export type Store = Awaited<ReturnType<typeof openStore>>

/** Opens the service's collections, with their indexes. */
export const openStore = async ({ connection, buildIndexes }: Awaited<ReturnType<Platform['documents']>>) => {
  const models = defineModels(connection)
  await buildIndexes(Object.values(models))
  return {
    posts: postsStore(models),
    comments: commentsStore(models),
    likes: likesStore(models),
    follows: followsStore(models),
    blocks: blocksStore(models),
    /** Whether the demo data was written: what people delete of it must not come back. */
    isSeeded: async (): Promise<boolean> => (await models.seeds.exists({ _id: 'demo' })) !== null,
    markSeeded: (at: Date): Promise<boolean> => insertNew(models.seeds, { _id: 'demo', at }),
  }
}
