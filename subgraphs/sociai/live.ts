import type { Logger, Platform } from '../_kit/index.ts'

/** What changes feeds. One topic for all of it, so that every stream hears of a block before what is posted after it. */
export type FeedChange =
  | { kind: 'published' | 'deleted'; author: string; post: string }
  | { kind: 'followed' | 'unfollowed'; follower: string; followed: string }
  | { kind: 'severed'; people: readonly [string, string] }

/** What happens to one post. */
export type PostChange = {
  kind: 'LIKED' | 'UNLIKED' | 'COMMENTED' | 'COMMENT_DELETED' | 'DELETED'
  actor: string
  /** The comment that was added. */
  comment?: string
}

/** The live messages of the service, by topic. */
export type Topics = {
  'sociai.feed': FeedChange
  [post: `sociai.post.${string}`]: PostChange
  /** The people from whom a block just separated the person of the topic. */
  [person: `sociai.severed.${string}`]: string
}

export type PubSub = ReturnType<typeof openPubSub>

export const openPubSub = (platform: Platform) => platform.pubSub<Topics>()

/** What `createLive` gives. */
export type Live = ReturnType<typeof createLive>

/**
 * Tells streams of what was written. What could not be told is logged and no more: the change itself is done, and streams
 * look at the store before they show anything.
 */
export const createLive = (pubSub: PubSub, logger: Logger) => {
  const tell = async <Topic extends keyof Topics>(topic: Topic, message: Topics[Topic]): Promise<void> => {
    try {
      await pubSub.publish(topic, message)
    } catch (error) {
      logger.error({ err: error, topic }, 'streams were not told of a change')
    }
  }

  return {
    feedChanged: (change: FeedChange): Promise<void> => tell('sociai.feed', change),
    postChanged: (post: string, change: PostChange): Promise<void> => tell(`sociai.post.${post}`, change),
    severed: async (one: string, other: string): Promise<void> => {
      await tell(`sociai.severed.${one}`, other)
      await tell(`sociai.severed.${other}`, one)
      await tell('sociai.feed', { kind: 'severed', people: [one, other] })
    },
  }
}
