import { notFound } from '../_kit/index.ts'
import type { Position } from '../_kit/index.ts'
import type { FeedChange, PostChange, PubSub } from './live.ts'
import type { PostRecord } from './posts-store.ts'
import type { CommentRecord } from './reactions-store.ts'
import type { Store } from './store.ts'

/** What comes into a feed or leaves it. */
export type FeedEvent = { kind: 'PUBLISHED' | 'REMOVED'; post: PostRecord | null; postId: string }

/** What happened to a post. */
export type Activity = {
  kind: PostChange['kind']
  post: PostRecord | null
  actor: { id: string }
  comment: CommentRecord | null
}

type Source<Message> = AsyncIterableIterator<Message, undefined>
type Stream<Event> = AsyncIterableIterator<Event, undefined>

const batchSize = 100

/** The answers to what arrives. They end with their source, and the source ends when the reader leaves. */
const answers = <Message, Event>(
  source: Source<Message>,
  respond: (message: Message) => AsyncIterable<Event>,
  onEnd: () => unknown = () => undefined,
): Stream<Event> => {
  const generate = async function* (): AsyncGenerator<Event, undefined> {
    try {
      for await (const message of source) yield* respond(message)
    } finally {
      onEnd()
    }
    return undefined
  }
  const events = generate()
  const stream: Stream<Event> = {
    next: () => events.next(),
    // The source first: a generator that waits for a message would not hear that its reader left.
    return: async () => {
      await source.return?.()
      onEnd()
      return events.return(undefined)
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

/** The live streams. Each event is checked against the store when it is delivered: a lost message can hide, not show. */
export const createStreams = (pubSub: PubSub, store: Store) => {
  const visiblePost = async (viewer: string, id: string): Promise<PostRecord | null> =>
    (await store.posts.visible(viewer, [id]))[0] ?? null

  const everyPostOf = async function* (author: string): AsyncGenerator<PostRecord, void> {
    let after: Position | undefined
    for (;;) {
      const posts = await store.posts.byAuthors([author], { limit: batchSize, after })
      yield* posts
      const last = posts.at(-1)
      if (!last || posts.length < batchSize) return
      after = [last.createdAt.getTime(), last.id]
    }
  }

  const feedOf = (viewer: string, authors: Set<string>): ((change: FeedChange) => AsyncIterable<FeedEvent>) => {
    const leave = async function* (author: string): AsyncGenerator<FeedEvent, void> {
      if (!authors.delete(author)) return
      for await (const { id } of everyPostOf(author)) yield { kind: 'REMOVED', post: null, postId: id }
    }

    return async function* (change) {
      switch (change.kind) {
        case 'published': {
          const post = authors.has(change.author) ? await visiblePost(viewer, change.post) : null
          if (post) yield { kind: 'PUBLISHED', post, postId: post.id }
          return
        }
        case 'deleted':
          if (authors.has(change.author)) yield { kind: 'REMOVED', post: null, postId: change.post }
          return
        case 'followed':
          if (change.follower === viewer) authors.add(change.followed)
          return
        case 'unfollowed':
          if (change.follower === viewer) yield* leave(change.followed)
          return
        case 'severed': {
          const [one, other] = change.people
          if (one === viewer) yield* leave(other)
          if (other === viewer) yield* leave(one)
        }
      }
    }
  }

  const activityOf = (viewer: string, id: string, end: () => unknown) =>
    async function* (change: PostChange): AsyncGenerator<Activity, void> {
      const [post, hidden, comments] = await Promise.all([
        visiblePost(viewer, id),
        store.blocks.around(viewer),
        change.comment === undefined ? [] : store.comments.visible(viewer, [change.comment]),
      ])
      const gone = change.kind === 'DELETED'
      // A post that cannot be seen any more, although it was not deleted, is one whose author is not reached any more.
      if ((post || gone) && !hidden.has(change.actor)) {
        yield { kind: change.kind, post, actor: { id: change.actor }, comment: comments[0] ?? null }
      }
      if (gone) end()
    }

  return {
    /** What comes into and leaves the feed of a person. */
    feed: async (viewer: string): Promise<Stream<FeedEvent>> => {
      const changes = pubSub.subscribe('sociai.feed')
      try {
        await changes.ready
        const authors = new Set([viewer, ...(await store.follows.allFollowedBy(viewer))])
        return answers(changes, feedOf(viewer, authors))
      } catch (error) {
        await changes.return?.()
        throw error
      }
    },

    /**
     * What happens to a post, as far as the viewer reaches who does it. Ends when the post is deleted, and at once when
     * a block separates the viewer from its author. NOT_FOUND when the viewer does not see the post.
     */
    activity: async (viewer: string, id: string): Promise<Stream<Activity>> => {
      const changes = pubSub.subscribe(`sociai.post.${id}`)
      const severances = pubSub.subscribe(`sociai.severed.${viewer}`)
      const end = (): void => {
        void changes.return?.()
        void severances.return?.()
      }
      try {
        await Promise.all([changes.ready, severances.ready])
        const post = await visiblePost(viewer, id)
        if (!post) throw notFound('Post', id)
        const watch = async (): Promise<void> => {
          for await (const other of severances) if (other === post.author) return
        }
        void watch().catch(end).then(end)
        return answers(changes, activityOf(viewer, id, end), end)
      } catch (error) {
        end()
        throw error
      }
    },
  }
}
