import type { Resolvers } from '../.generated/sociai.ts'
import { forbidden, requireUser } from '../_kit/index.ts'
import type { Context } from './context.ts'
import { peoplePage, postPage } from './lists.ts'

/** A person, of whom only the key is known here. */
export type UserRecord = { id: string }

const since = (at: Date): { since: Date } => ({ since: at })

/** What `read` gives, or nothing at all of a person whom the caller does not reach. */
const ifReached = async <Value>(
  { id }: UserRecord,
  { loaders }: Context,
  nothing: Value,
  read: (hidden: ReadonlySet<string>) => Promise<Value>,
): Promise<Value> => {
  const hidden = await loaders.hidden()
  return hidden.has(id) ? nothing : read(hidden)
}

/** What the service adds to people. */
export const userResolvers: Pick<Resolvers, 'User'> = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    posts: (user, args, context) =>
      postPage(args, (part) =>
        ifReached(user, context, [], () => context.service.store.posts.byAuthors([user.id], part)),
      ),
    followers: (user, args, context) =>
      peoplePage(
        args,
        (part) =>
          ifReached(user, context, [], (hidden) => context.service.store.follows.followersOf(user.id, hidden, part)),
        since,
      ),
    following: (user, args, context) =>
      peoplePage(
        args,
        (part) =>
          ifReached(user, context, [], (hidden) => context.service.store.follows.followedBy(user.id, hidden, part)),
        since,
      ),
    followerCount: (user, _, context) =>
      ifReached(user, context, 0, () => context.loaders.followerCounts.load(user.id)),
    followingCount: (user, _, context) =>
      ifReached(user, context, 0, () => context.loaders.followingCounts.load(user.id)),
    viewerFollows: ({ id }, _, { loaders }) => (loaders.viewer === undefined ? null : loaders.viewerFollows.load(id)),
    viewerBlocks: ({ id }, _, { loaders }) => (loaders.viewer === undefined ? null : loaders.viewerBlocks.load(id)),
    blocked: ({ id }, args, context) => {
      if (requireUser(context) !== id) throw forbidden('Only the person may see whom they blocked.')
      return peoplePage(args, (part) => context.service.store.blocks.by(id, part), since)
    },
  },
}
