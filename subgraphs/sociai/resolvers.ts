import type { Resolvers } from '../.generated/sociai.ts'
import { badInput, requireUser } from '../_kit/index.ts'
import { readComment, readPost } from './drafts.ts'
import { postPage } from './lists.ts'
import { postResolvers } from './post-resolvers.ts'
import type { Activity, FeedEvent } from './streams.ts'
import { topicName } from './text.ts'
import { userResolvers } from './user-resolvers.ts'

export const resolvers: Resolvers = {
  Query: {
    feed: (_, args, context) => {
      const viewer = requireUser(context)
      const { posts, follows } = context.service.store
      return postPage(args, async (part) => {
        const [followed, hidden] = await Promise.all([follows.allFollowedBy(viewer), context.loaders.hidden()])
        return posts.byAuthors([viewer, ...followed.filter((person) => !hidden.has(person))], part)
      })
    },
    discover: (_, args, { loaders, service }) =>
      postPage(args, async (part) => service.store.posts.byAnyone(await loaders.hidden(), part)),
    topic: (_, { name: given }) => {
      const name = topicName(given)
      if (name === undefined) {
        throw badInput('A topic is 1 to 50 letters, digits and underscores, a letter among them.', { field: 'name' })
      }
      return { name }
    },
    trending: async (_, { first }, { service }) =>
      (await service.trending.topics(first ?? 10)).map((name) => ({ name })),
    postById: (_, { id }, { loaders }) => loaders.posts.load(id),
  },

  Mutation: {
    post: (_, { input }, context) =>
      context.service.posts.publish(requireUser(context), readPost(input), context.requestId),
    deletePost: (_, { post }, context) => context.service.posts.remove(requireUser(context), post),
    comment: (_, { input }, context) => context.service.posts.comment(requireUser(context), readComment(input)),
    deleteComment: (_, { comment }, context) => context.service.posts.removeComment(requireUser(context), comment),
    like: (_, { post }, context) => context.service.posts.like(requireUser(context), post),
    unlike: (_, { post }, context) => context.service.posts.unlike(requireUser(context), post),
    follow: async (_, { user: id }, context) => {
      await context.service.people.follow(requireUser(context), id, context.requestId)
      return { id }
    },
    unfollow: async (_, { user: id }, context) => {
      await context.service.people.unfollow(requireUser(context), id)
      return { id }
    },
    block: async (_, { user: id }, context) => {
      await context.service.people.block(requireUser(context), id, context.requestId)
      return { id }
    },
    unblock: async (_, { user: id }, context) => {
      await context.service.people.unblock(requireUser(context), id)
      return { id }
    },
  },

  Subscription: {
    feedUpdated: {
      subscribe: (_, __, context) => context.service.streams.feed(requireUser(context)),
      resolve: (event: FeedEvent) => event,
    },
    postActivity: {
      subscribe: (_, { post }, context) => context.service.streams.activity(requireUser(context), post),
      resolve: (event: Activity) => event,
    },
  },

  ...postResolvers,
  ...userResolvers,
}
