import type { Model, QueryFilter } from 'mongoose'
import { insertNew, insertOnce, partsOf } from '../_kit/index.ts'
import type { Part, Repetition } from '../_kit/index.ts'
import type { CommentDocument, LikeDocument, Models } from './models.ts'
import { reaching } from './reach.ts'

/** A comment as its readers get it. */
export type CommentRecord = { id: string; post: string; author: string; text: string; createdAt: Date }

/** A person in a list, and since when. */
export type Listed = { id: string; person: string; since: Date }

const stillThere = { deletedAt: null }

const toRecord = ({ _id, post, author, text, createdAt }: CommentDocument): CommentRecord => ({
  id: _id,
  post,
  author,
  text,
  createdAt,
})

const likeId = (post: string, user: string): string => `${post}:${user}`

/** How many rows have each of the values in a field. */
export const countBy = async <Row>(
  model: Model<Row>,
  field: keyof Row & string,
  values: readonly string[],
  filter: QueryFilter<Row> = {},
): Promise<ReadonlyMap<string, number>> => {
  const counted = await model.aggregate<{ _id: string; count: number }>([
    { $match: { [field]: { $in: [...values] }, ...filter } },
    { $group: { _id: `$${field}`, count: { $sum: 1 } } },
  ])
  return new Map(counted.map(({ _id, count }) => [_id, count]))
}

/** All reads and writes of comments. Deleted ones, and those of deleted posts, are never read. */
export const commentsStore = ({ comments }: Pick<Models, 'comments'>) => {
  const oldest = partsOf(comments, 'createdAt', 'oldest')
  return {
    /** Writes a comment once for each key of its author. */
    insert: async (
      { id, ...rest }: CommentRecord,
      repetition?: Repetition,
    ): Promise<{ comment: CommentRecord; created: boolean }> => {
      const { row, created } = await insertOnce(comments, 'author', { _id: id, ...rest }, repetition)
      return { comment: toRecord(row), created }
    },

    insertIfNew: ({ id, ...rest }: CommentRecord): Promise<boolean> => insertNew(comments, { _id: id, ...rest }),

    /** The comments that the viewer may see, of these ids, in any order, with one call. */
    visible: async (viewer: string | undefined, ids: readonly string[]): Promise<CommentRecord[]> => {
      const found = await comments.aggregate<CommentDocument>([
        { $match: { _id: { $in: [...ids] }, ...stillThere } },
        { $lookup: { from: 'posts', localField: 'post', foreignField: '_id', as: 'posts' } },
        { $match: { posts: { $elemMatch: stillThere } } },
        ...reaching(viewer, ['$author', { $arrayElemAt: ['$posts.author', 0] }]),
        { $project: { posts: 0 } },
      ])
      return found.map(toRecord)
    },

    ofPost: async (post: string, hidden: ReadonlySet<string>, part: Part): Promise<CommentRecord[]> =>
      (await oldest({ post, author: { $nin: [...hidden] }, ...stillThere }, part)).map(toRecord),

    counts: (posts: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      countBy(comments, 'post', posts, stillThere),

    /** Removes a comment, but for the key that it was written with. False when somebody was faster. */
    remove: async (id: string, deletedAt: Date): Promise<boolean> => {
      const { modifiedCount } = await comments.updateOne({ _id: id, ...stillThere }, { $set: { text: '', deletedAt } })
      await comments.deleteOne({ _id: id, deletedAt: { $exists: true }, idempotencyKey: { $exists: false } })
      return modifiedCount === 1
    },

    removeOfPost: async (post: string): Promise<void> => {
      await comments.deleteMany({ post })
    },
  }
}

/** All reads and writes of likes. */
export const likesStore = ({ likes }: Pick<Models, 'likes'>) => {
  const newest = partsOf(likes, 'likedAt', 'newest')
  const toListed = ({ _id, user, likedAt }: LikeDocument): Listed => ({ id: _id, person: user, since: likedAt })
  return {
    /** False when the person likes the post already. */
    add: (post: string, user: string, likedAt: Date): Promise<boolean> =>
      insertNew(likes, { _id: likeId(post, user), post, user, likedAt }),

    /** False when there was no like. */
    remove: async (post: string, user: string): Promise<boolean> =>
      (await likes.deleteOne({ _id: likeId(post, user) })).deletedCount === 1,

    ofPost: async (post: string, hidden: ReadonlySet<string>, part: Part): Promise<Listed[]> =>
      (await newest({ post, user: { $nin: [...hidden] } }, part)).map(toListed),

    counts: (posts: readonly string[]): Promise<ReadonlyMap<string, number>> => countBy(likes, 'post', posts),

    /** Which of the posts the person likes. */
    by: async (user: string, posts: readonly string[]): Promise<ReadonlyMap<string, true>> => {
      const found = await likes.find({ _id: { $in: posts.map((post) => likeId(post, user)) } }).lean<LikeDocument[]>()
      return new Map(found.map(({ post }) => [post, true]))
    },

    removeOfPost: async (post: string): Promise<void> => {
      await likes.deleteMany({ post })
    },
  }
}
