import type { Cache, Data, OptimisticMutationConfig, UpdateResolver } from '@urql/exchange-graphcache'
import { text } from './keys.ts'
import { forget, linkNode, nodeIn, unlinkNode } from './lists.ts'
import type { Node } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'

const removePost = (cache: Cache, post: Node): void => {
  const owners = [
    ['Query', 'feed'],
    ['Query', 'discover'],
    [text(cache.resolve({ __typename: 'Post', id: post.id }, 'author')), 'posts'],
  ] as const
  for (const [owner, field] of owners) unlinkNode(cache, owner, field, post)
  forget(cache, 'Query', 'topic', 'postById')
}

const changeCircle: UpdateResolver = (_result, _args, cache) => forget(cache, 'Query', 'feed')

const changeReach: UpdateResolver = (_result, _args, cache) =>
  forget(cache, 'Query', 'feed', 'discover', 'topic', 'user', 'postById')

const postIn = (value: unknown): Node | undefined => nodeIn((value as { post?: unknown }).post)

/** Posts, comments, and who follows whom. */
export const social: Updates = {
  Mutation: {
    post: onField('post', (post, cache) => {
      linkNode(cache, 'Query', 'feed', nodeIn(post))
      linkNode(cache, 'Query', 'discover', nodeIn(post))
      linkNode(cache, me(cache), 'posts', nodeIn(post))
      forget(cache, 'Query', 'topic', 'trending')
    }),
    deletePost: onField('deletePost', (post, cache) => {
      const node = nodeIn(post)
      if (node !== undefined) removePost(cache, node)
    }),
    comment: onField('comment', (comment, cache) => {
      linkNode(cache, postIn(comment) ?? null, 'comments', nodeIn(comment), 'end')
    }),
    deleteComment: onField('deleteComment', (comment, cache) => {
      unlinkNode(cache, postIn(comment) ?? null, 'comments', nodeIn(comment))
    }),
    follow: changeCircle,
    unfollow: changeCircle,
    block: changeReach,
    unblock: changeReach,
  },
  Subscription: {
    feedUpdated: onField('feedUpdated', (event, cache) => {
      const id = text(event['postId'])
      if (event['kind'] === 'REMOVED' && id !== null) removePost(cache, { __typename: 'Post', id })
    }),
    postActivity: onField('postActivity', (activity, cache, args) => {
      const post: Node = { __typename: 'Post', id: text(args['post']) ?? '' }
      if (activity['kind'] === 'COMMENTED') linkNode(cache, post, 'comments', nodeIn(activity['comment']), 'end')
      // The event does not name the comment that went.
      if (activity['kind'] === 'COMMENT_DELETED') forget(cache, post, 'comments')
      if (activity['kind'] === 'DELETED') removePost(cache, post)
    }),
  },
}

const count = (cache: Cache, entity: Data, field: string): number => {
  const value = cache.resolve(entity, field)
  return typeof value === 'number' ? value : 0
}

const liked =
  (likes: boolean) =>
  (args: Record<string, unknown>, cache: Cache): Data => {
    const post = { __typename: 'Post', id: text(args['post']) }
    const before = cache.resolve(post, 'viewerLikes') === true
    const likeCount = count(cache, post, 'likeCount') + (likes === before ? 0 : likes ? 1 : -1)
    return { ...post, viewerLikes: likes, likeCount }
  }

const followed =
  (follows: boolean) =>
  (args: Record<string, unknown>, cache: Cache): Data => {
    const user = { __typename: 'User', id: text(args['user']) }
    const before = cache.resolve(user, 'viewerFollows') === true
    const followerCount = count(cache, user, 'followerCount') + (follows === before ? 0 : follows ? 1 : -1)
    return { ...user, viewerFollows: follows, followerCount }
  }

/** Money is never shown as moved before it has moved: only these wait for no answer. */
export const optimistic: OptimisticMutationConfig = {
  like: liked(true),
  unlike: liked(false),
  follow: followed(true),
  unfollow: followed(false),
}
