import { actingUser, loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createConsolidating } from './consolidating.ts'
import { createIndexing } from './indexing.ts'
import { createLive } from './live.ts'
import { createMeaning } from './meaning.ts'
import { createMembership } from './membership.ts'
import { createMemories } from './memories.ts'
import { createRecalling } from './recalling.ts'
import { createStore } from './store.ts'
import { createIndexStore } from './store-index.ts'

/** Opens the memories over their tables and vectors. */
export const open = async (platform: Platform) => {
  const { logger } = platform
  const client = await platform.relational()
  const store = createStore(client, await platform.events())
  const index = createIndexStore(client, platform.vectors())
  const meaning = createMeaning(platform)
  const indexing = createIndexing(platform, { store: index, meaning })
  const membership = createMembership(platform)
  const { announce, listen } = createLive({ store, pubSub: platform.pubSub(), logger })
  return {
    store,
    index,
    indexing,
    listen,
    membership,
    memories: createMemories(platform, { store, indexing, membership, announce }),
    recalling: createRecalling(platform, { store, index, meaning }),
    consolidate: createConsolidating(platform, { store, index, indexing }),
  }
}

/** The memories, as resolvers use them. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store, membership }: Service, request: LoaderRequest) => {
  const viewer = actingUser(request)
  return {
    memory: loader(store.memories, ({ id }) => id),
    /** Projects of which the caller is a member; null for others. */
    ownProject: loader(
      async (ids) => (viewer === undefined ? [] : membership.among(viewer, ids, request.requestId)),
      ({ id }) => id,
    ),
  }
}

export type Context = ContextOf<typeof open, typeof loaders>
