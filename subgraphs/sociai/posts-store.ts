import type { Model, PipelineStage, QueryFilter } from 'mongoose'
import { insertNew, insertOnce, partsOf } from '../_kit/index.ts'
import type { Part, Repetition } from '../_kit/index.ts'
import type { Models, PostDocument } from './models.ts'
import { reaching } from './reach.ts'

/** A post as its readers get it. */
export type PostRecord = {
  id: string
  author: string
  text: string
  mediaUrls: readonly string[]
  topics: readonly string[]
  mentions: readonly string[]
  createdAt: Date
}

/** A post whose mentions are not known yet. */
export type PendingPost = { id: string; author: string; handles: readonly string[] }

type People = ReadonlySet<string>

const dayMs = 24 * 60 * 60 * 1_000
const trendingDays = 7
/** After a day a post counts half. */
const decayPerMs = Math.LN2 / dayMs
const mostTrending = 100
const stillThere = { deletedAt: null }

const toRecord = ({ _id, author, text, mediaUrls, topics, mentions, createdAt }: PostDocument): PostRecord => ({
  id: _id,
  author,
  text,
  mediaUrls,
  topics,
  mentions,
  createdAt,
})

const toDocument = ({ id, mediaUrls, topics, mentions, ...rest }: PostRecord): PostDocument => ({
  _id: id,
  ...rest,
  mediaUrls: [...mediaUrls],
  topics: [...topics],
  mentions: [...mentions],
})

const toPending = ({ _id, author, pendingHandles }: PostDocument): PendingPost => ({
  id: _id,
  author,
  handles: pendingHandles ?? [],
})

const notBy = (hidden: People): QueryFilter<PostDocument> => (hidden.size > 0 ? { author: { $nin: [...hidden] } } : {})

/** All reads and writes of posts. Deleted ones are never read. */
export const postsStore = ({ posts }: Pick<Models, 'posts'>) => {
  const newest = partsOf(posts, 'createdAt', 'newest')
  const list = async (filter: QueryFilter<PostDocument>, part: Part): Promise<PostRecord[]> =>
    (await newest({ ...filter, ...stillThere }, part)).map(toRecord)

  return {
    /** Writes a post once for each key of its author. */
    insert: async (
      post: PostRecord,
      pendingHandles: readonly string[],
      repetition?: Repetition,
    ): Promise<{ post: PostRecord; created: boolean }> => {
      const document: PostDocument = {
        ...toDocument(post),
        ...(pendingHandles.length > 0 && { pendingHandles: [...pendingHandles] }),
      }
      const { row, created } = await insertOnce(posts, 'author', document, repetition)
      return { post: toRecord(row), created }
    },

    insertIfNew: (post: PostRecord): Promise<boolean> => insertNew(posts, toDocument(post)),

    /** The posts that the viewer may see, of these ids, in any order, with one call. */
    visible: async (viewer: string | undefined, ids: readonly string[]): Promise<PostRecord[]> => {
      const wanted: PipelineStage = { $match: { _id: { $in: [...ids] }, ...stillThere } }
      return (await posts.aggregate<PostDocument>([wanted, ...reaching(viewer, ['$author'])])).map(toRecord)
    },

    byAuthors: (authors: Iterable<string>, part: Part): Promise<PostRecord[]> =>
      list({ author: { $in: [...authors] } }, part),
    byTopic: (name: string, hidden: People, part: Part): Promise<PostRecord[]> =>
      list({ topics: name, ...notBy(hidden) }, part),
    byAnyone: (hidden: People, part: Part): Promise<PostRecord[]> => list(notBy(hidden), part),

    /** How many posts name each of the topics. */
    countsOfTopics: async (names: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const naming = { topics: { $in: [...names] } }
      const counted = await posts.aggregate<{ _id: string; count: number }>([
        { $match: { ...naming, ...stillThere } },
        { $unwind: '$topics' },
        { $match: naming },
        { $group: { _id: '$topics', count: { $sum: 1 } } },
      ])
      return new Map(counted.map(({ _id, count }) => [_id, count]))
    },

    /** The topics of the last seven days by how much they are posted about, where a post of a day ago counts half. */
    trending: async (now: Date): Promise<string[]> => {
      const since = new Date(now.getTime() - trendingDays * dayMs)
      const weight = { $exp: { $multiply: [{ $subtract: ['$createdAt', now] }, decayPerMs] } }
      const scored = await posts.aggregate<{ _id: string }>([
        { $match: { createdAt: { $gte: since }, ...stillThere } },
        { $unwind: '$topics' },
        { $group: { _id: '$topics', score: { $sum: weight } } },
        { $sort: { score: -1, _id: 1 } },
        { $limit: mostTrending },
      ])
      return scored.map(({ _id }) => _id)
    },

    ...pendingMentions(posts),
    ...removal(posts),
  }
}

const pendingMentions = (posts: Model<PostDocument>) => ({
  /** The oldest posts whose mentions are not known yet. */
  withPendingMentions: async (limit: number): Promise<PendingPost[]> =>
    (
      await posts
        .find({ pendingHandles: { $exists: true }, ...stillThere })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<PostDocument[]>()
    ).map(toPending),

  /** Says whom a post mentions. */
  setMentions: async (id: string, mentions: readonly string[]): Promise<void> => {
    await posts.updateOne(
      { _id: id, ...stillThere },
      { $set: { mentions: [...mentions] }, $unset: { pendingHandles: 1 } },
    )
  },
})

const removal = (posts: Model<PostDocument>) => ({
  /** Empties a post, so that from now on nobody sees it. Gives it as it was; null when somebody was faster. */
  remove: async (id: string, deletedAt: Date, sweepAt: Date): Promise<PostRecord | null> => {
    const removed = await posts
      .findOneAndUpdate(
        { _id: id, ...stillThere },
        {
          $set: { text: '', mediaUrls: [], topics: [], mentions: [], deletedAt, sweepAt },
          $unset: { pendingHandles: 1 },
        },
        { returnDocument: 'before' },
      )
      .lean<PostDocument>()
    return removed && toRecord(removed)
  },

  /** The ids of deleted posts on which something may still hang. */
  toSweep: async (now: Date, limit: number): Promise<string[]> =>
    (
      await posts
        .find({ sweepAt: { $lte: now } }, { _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
    ).map(({ _id }) => _id),

  /** Says that nothing hangs on a deleted post any more. What remains of it is the key that it was written with. */
  swept: async (id: string): Promise<void> => {
    await posts.updateOne({ _id: id }, { $unset: { sweepAt: 1 } })
    await posts.deleteOne({ _id: id, deletedAt: { $exists: true }, idempotencyKey: { $exists: false } })
  },
})
