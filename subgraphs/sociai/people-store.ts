import { insertNew, partsOf } from '../_kit/index.ts'
import type { Part } from '../_kit/index.ts'
import type { BlockDocument, FollowDocument, Models } from './models.ts'
import { pairOf } from './reach.ts'
import { countBy } from './reactions-store.ts'
import type { Listed } from './reactions-store.ts'

const directed = (from: string, to: string): string => `${from}:${to}`

/** All reads and writes of who follows whom. */
export const followsStore = ({ follows }: Pick<Models, 'follows'>) => {
  const newest = partsOf(follows, 'since', 'newest')
  const follower = ({ _id, follower: person, since }: FollowDocument): Listed => ({ id: _id, person, since })
  const followed = ({ _id, followed: person, since }: FollowDocument): Listed => ({ id: _id, person, since })
  return {
    /** False when the one follows the other already. */
    add: (from: string, to: string, since: Date): Promise<boolean> =>
      insertNew(follows, { _id: directed(from, to), follower: from, followed: to, since }),

    /** False when the one did not follow the other. */
    remove: async (from: string, to: string): Promise<boolean> =>
      (await follows.deleteOne({ _id: directed(from, to) })).deletedCount === 1,

    /** Ends following in both directions. */
    cut: async (one: string, other: string): Promise<void> => {
      await follows.deleteMany({ _id: { $in: [directed(one, other), directed(other, one)] } })
    },

    followersOf: async (person: string, hidden: ReadonlySet<string>, part: Part): Promise<Listed[]> =>
      (await newest({ followed: person, follower: { $nin: [...hidden] } }, part)).map(follower),
    followedBy: async (person: string, hidden: ReadonlySet<string>, part: Part): Promise<Listed[]> =>
      (await newest({ follower: person, followed: { $nin: [...hidden] } }, part)).map(followed),

    /** All whom the person follows. */
    allFollowedBy: async (person: string): Promise<string[]> =>
      (await follows.find({ follower: person }, { followed: 1 }).lean<Pick<FollowDocument, 'followed'>[]>()).map(
        ({ followed: id }) => id,
      ),

    followerCounts: (people: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      countBy(follows, 'followed', people),
    followingCounts: (people: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      countBy(follows, 'follower', people),

    /** Which of the people the person follows. */
    by: async (person: string, people: readonly string[]): Promise<ReadonlyMap<string, true>> => {
      const found = await follows
        .find({ _id: { $in: people.map((other) => directed(person, other)) } })
        .lean<FollowDocument[]>()
      return new Map(found.map(({ followed: id }) => [id, true]))
    },
  }
}

/** A block that was made, of which traces may be left. */
export type FreshBlock = { id: string; blocker: string; blocked: string }

/** All reads and writes of who blocked whom. */
export const blocksStore = ({ blocks }: Pick<Models, 'blocks'>) => {
  const newest = partsOf(blocks, 'since', 'newest')
  const toListed = ({ _id, blocked, since }: BlockDocument): Listed => ({ id: _id, person: blocked, since })
  const toFresh = ({ _id, blocker, blocked }: BlockDocument): FreshBlock => ({ id: _id, blocker, blocked })
  return {
    /** False when the one blocked the other already. */
    add: (blocker: string, blocked: string, since: Date, sweepAt: Date): Promise<boolean> =>
      insertNew(blocks, {
        _id: directed(blocker, blocked),
        blocker,
        blocked,
        pair: pairOf(blocker, blocked),
        since,
        sweepAt,
      }),

    remove: async (blocker: string, blocked: string): Promise<void> => {
      await blocks.deleteOne({ _id: directed(blocker, blocked) })
    },

    /** The block of the one by the other, when traces of it may be left. */
    fresh: async (blocker: string, blocked: string): Promise<FreshBlock | null> => {
      const found = await blocks
        .findOne({ _id: directed(blocker, blocked), sweepAt: { $exists: true } })
        .lean<BlockDocument>()
      return found && toFresh(found)
    },

    by: async (person: string, part: Part): Promise<Listed[]> =>
      (await newest({ blocker: person }, part)).map(toListed),

    /** Which of the people the person blocked. */
    among: async (person: string, people: readonly string[]): Promise<ReadonlyMap<string, true>> => {
      const ids = people.map((other) => directed(person, other))
      const found = await blocks.find({ _id: { $in: ids } }).lean<BlockDocument[]>()
      return new Map(found.map(({ blocked }) => [blocked, true]))
    },

    /** All between whom and the person stands a block, in either direction. */
    around: async (person: string): Promise<ReadonlySet<string>> => {
      const found = await blocks.find({ $or: [{ blocker: person }, { blocked: person }] }).lean<BlockDocument[]>()
      return new Set(found.map(({ blocker, blocked }) => (blocker === person ? blocked : blocker)))
    },

    /** Whether a block stands between the two, in either direction. */
    between: async (one: string, other: string): Promise<boolean> =>
      (await blocks.exists({ pair: pairOf(one, other) })) !== null,

    /** Blocks of which traces may be left. */
    toSweep: async (now: Date, limit: number): Promise<FreshBlock[]> =>
      (
        await blocks
          .find({ sweepAt: { $lte: now } })
          .limit(limit)
          .lean<BlockDocument[]>()
      ).map(toFresh),

    /** Says that no trace is left. */
    swept: async (id: string): Promise<void> => {
      await blocks.updateOne({ _id: id }, { $unset: { sweepAt: 1 } })
    },
  }
}
