import { actingUser, loader, valueLoader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createDirectory } from './directory.ts'
import { createLive, openPubSub } from './live.ts'
import { createMentions } from './mentions.ts'
import { createPeople } from './people.ts'
import { createPosts } from './posts.ts'
import { openStore } from './store.ts'
import { createStreams } from './streams.ts'
import { createTrending } from './trending.ts'
import { createUpkeep } from './upkeep.ts'

/** Opens the social network over its collections. */
export const open = async (platform: Platform) => {
  const { logger } = platform
  const store = await openStore(await platform.documents())
  const pubSub = openPubSub(platform)
  const live = createLive(pubSub, logger)
  const directory = createDirectory(platform)
  const mentions = createMentions(store, directory, logger)
  const trending = createTrending(store, platform)
  return {
    store,
    trending,
    posts: createPosts({ store, live, mentions, trending }, platform),
    people: createPeople({ store, live, directory }, platform),
    streams: createStreams(pubSub, store),
    upkeep: createUpkeep(store, mentions, platform),
  }
}

/** The domain, as `open` gives it. */
export type Service = Awaited<ReturnType<typeof open>>

const nobody: ReadonlySet<string> = new Set()

/** The batched reads of one request, as its caller sees things. */
export const loaders = ({ store }: Service, request: LoaderRequest) => {
  const { posts, comments, likes, follows, blocks } = store
  const viewer = actingUser(request)
  const ofViewer = (read: (viewer: string, ids: readonly string[]) => Promise<ReadonlyMap<string, true>>) =>
    valueLoader<boolean>(async (ids) => (viewer === undefined ? new Map() : read(viewer, ids)), false)
  let hidden: Promise<ReadonlySet<string>> | undefined

  return {
    viewer,
    /** All between whom and the caller stands a block. */
    hidden: async (): Promise<ReadonlySet<string>> =>
      viewer === undefined ? nobody : (hidden ??= blocks.around(viewer)),
    posts: loader(
      (ids) => posts.visible(viewer, ids),
      ({ id }) => id,
    ),
    comments: loader(
      (ids) => comments.visible(viewer, ids),
      ({ id }) => id,
    ),
    likeCounts: valueLoader(likes.counts, 0),
    commentCounts: valueLoader(comments.counts, 0),
    topicCounts: valueLoader(posts.countsOfTopics, 0),
    followerCounts: valueLoader(follows.followerCounts, 0),
    followingCounts: valueLoader(follows.followingCounts, 0),
    viewerLikes: ofViewer(likes.by),
    viewerFollows: ofViewer(follows.by),
    viewerBlocks: ofViewer(blocks.among),
  }
}

/** What resolvers get. */
export type Context = ContextOf<typeof open, typeof loaders>
