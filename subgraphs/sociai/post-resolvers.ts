import type { Resolvers } from '../.generated/sociai.ts'
import { notFound } from '../_kit/index.ts'
import { commentPage, peoplePage, postPage } from './lists.ts'
import { topicName } from './text.ts'

/** A topic is its name; all else is counted and listed when asked for. */
export type TopicRecord = { name: string }

/** How posts, comments and topics answer. */
export const postResolvers: Pick<Resolvers, 'Post' | 'Comment' | 'Topic'> = {
  Post: {
    __resolveReference: ({ id }, { loaders }) => loaders.posts.load(id),
    author: ({ author }) => ({ id: author }),
    mediaUrls: ({ mediaUrls }) => [...mediaUrls],
    mentions: async ({ mentions }, _, { loaders }) => {
      const hidden = await loaders.hidden()
      return mentions.filter((person) => !hidden.has(person)).map((id) => ({ id }))
    },
    topics: ({ topics }) => topics.map((name) => ({ name })),
    likeCount: ({ id }, _, { loaders }) => loaders.likeCounts.load(id),
    viewerLikes: ({ id }, _, { loaders }) => (loaders.viewer === undefined ? null : loaders.viewerLikes.load(id)),
    commentCount: ({ id }, _, { loaders }) => loaders.commentCounts.load(id),
    comments: ({ id }, args, { loaders, service }) =>
      commentPage(args, async (part) => service.store.comments.ofPost(id, await loaders.hidden(), part)),
    likes: ({ id }, args, { loaders, service }) =>
      peoplePage(
        args,
        async (part) => service.store.likes.ofPost(id, await loaders.hidden(), part),
        (likedAt) => ({ likedAt }),
      ),
  },

  Comment: {
    __resolveReference: ({ id }, { loaders }) => loaders.comments.load(id),
    author: ({ author }) => ({ id: author }),
    post: async ({ post: id }, _, { loaders }) => {
      const post = await loaders.posts.load(id)
      if (!post) throw notFound('Post', id)
      return post
    },
  },

  Topic: {
    __resolveReference: ({ name: given }) => {
      const name = topicName(given)
      return name === undefined ? null : { name }
    },
    postCount: ({ name }, _, { loaders }) => loaders.topicCounts.load(name),
    posts: ({ name }, args, { loaders, service }) =>
      postPage(args, async (part) => service.store.posts.byTopic(name, await loaders.hidden(), part)),
  },
}
