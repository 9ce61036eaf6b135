import { Schema } from 'mongoose'
import type { Connection, Model } from 'mongoose'
import { onceByKey } from '../_kit/index.ts'
import type { Repeatable } from '../_kit/index.ts'

/**
 * A deleted post stays as an empty tombstone: deleting is one write, after which nobody sees the post, and what hangs on
 * it is removed afterwards, a second time at `sweepAt`. One with a key stays for good, so that the key posts only once.
 */
export type PostDocument = Repeatable & {
  _id: string
  author: string
  text: string
  mediaUrls: string[]
  topics: string[]
  mentions: string[]
  /** The handles of the text, while it is unknown whose they are. */
  pendingHandles?: string[]
  createdAt: Date
  deletedAt?: Date
  sweepAt?: Date
}

/** A deleted comment stays as an empty tombstone when it has a key. */
export type CommentDocument = Repeatable & {
  _id: string
  post: string
  author: string
  text: string
  createdAt: Date
  deletedAt?: Date
}

/** The id names post and person, so that a person likes a post once. */
export type LikeDocument = { _id: string; post: string; user: string; likedAt: Date }

/** The id names both people, so that one follows the other once. */
export type FollowDocument = { _id: string; follower: string; followed: string; since: Date }

/** `pair` names both people in a fixed order, so that one look finds a block in either direction. */
export type BlockDocument = {
  _id: string
  blocker: string
  blocked: string
  pair: string
  since: Date
  /** When follows between the two are removed a second time; absent when that is done. */
  sweepAt?: Date
}

/** That the demo data was written: what people delete of it must not come back. */
type SeedDocument = { _id: string; at: Date }

export type Models = {
  posts: Model<PostDocument>
  comments: Model<CommentDocument>
  likes: Model<LikeDocument>
  follows: Model<FollowDocument>
  blocks: Model<BlockDocument>
  seeds: Model<SeedDocument>
}

const text = { type: String, required: true } as const
const moment = { type: Date, required: true } as const
const options = { versionKey: false } as const

const postSchema = (): Schema<PostDocument> =>
  new Schema<PostDocument>(
    {
      _id: text,
      author: text,
      // Empty in tombstones, which mongoose's `required` would refuse.
      text: String,
      mediaUrls: [String],
      topics: [String],
      mentions: [String],
      pendingHandles: { type: [String], default: undefined },
      createdAt: moment,
      idempotencyKey: String,
      contentHash: String,
      deletedAt: Date,
      sweepAt: Date,
    },
    options,
  )
    .index({ author: 1, createdAt: -1, _id: -1 })
    .index({ topics: 1, createdAt: -1, _id: -1 })
    .index({ createdAt: -1, _id: -1 })
    .index(...onceByKey('author'))
    .index({ pendingHandles: 1 }, { sparse: true })
    .index({ sweepAt: 1 }, { sparse: true })

const commentSchema = (): Schema<CommentDocument> =>
  new Schema<CommentDocument>(
    {
      _id: text,
      post: text,
      author: text,
      text: String,
      createdAt: moment,
      idempotencyKey: String,
      contentHash: String,
      deletedAt: Date,
    },
    options,
  )
    .index({ post: 1, createdAt: 1, _id: 1 })
    .index(...onceByKey('author'))

const likeSchema = (): Schema<LikeDocument> =>
  new Schema<LikeDocument>({ _id: text, post: text, user: text, likedAt: moment }, options).index({
    post: 1,
    likedAt: -1,
    _id: -1,
  })

const followSchema = (): Schema<FollowDocument> =>
  new Schema<FollowDocument>({ _id: text, follower: text, followed: text, since: moment }, options)
    .index({ follower: 1, since: -1, _id: -1 })
    .index({ followed: 1, since: -1, _id: -1 })

const blockSchema = (): Schema<BlockDocument> =>
  new Schema<BlockDocument>(
    { _id: text, blocker: text, blocked: text, pair: text, since: moment, sweepAt: Date },
    options,
  )
    .index({ blocker: 1, since: -1, _id: -1 })
    .index({ blocked: 1 })
    .index({ pair: 1 })
    .index({ sweepAt: 1 }, { sparse: true })

/** The service's collections, on a connection of its own. */
export const defineModels = (connection: Connection): Models => ({
  posts: connection.model<PostDocument>('Post', postSchema(), 'posts'),
  comments: connection.model<CommentDocument>('Comment', commentSchema(), 'comments'),
  likes: connection.model<LikeDocument>('Like', likeSchema(), 'likes'),
  follows: connection.model<FollowDocument>('Follow', followSchema(), 'follows'),
  blocks: connection.model<BlockDocument>('Block', blockSchema(), 'blocks'),
  seeds: connection.model<SeedDocument>('Seed', new Schema<SeedDocument>({ _id: text, at: moment }, options), 'seeds'),
})
