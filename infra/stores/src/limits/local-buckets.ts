import { levelOf } from './bucket.ts'
import type { BucketLevel, BucketSize } from './bucket.ts'

/** Token buckets in this process, which cost next to nothing. */
export type LocalBuckets = {
  /** Takes points where a key has them, or nothing. More than a bucket can ever hold is never taken. */
  readonly take: (key: string, points: number, size: BucketSize) => BucketLevel
  /** Takes points whether a key has them or not; below zero gives some back. */
  readonly charge: (key: string, points: number, size: BucketSize) => BucketLevel
}

type Bucket = { tokens: number; at: number }

/** Opens buckets. Past `mostKeys`, the one unused for longest is forgotten, which fills it. `now` is in milliseconds. */
export const createLocalBuckets = (options: { mostKeys?: number; now?: () => number } = {}): LocalBuckets => {
  const { mostKeys = 100_000, now = () => performance.now() } = options
  // A Map keeps insertion order: the first key is the one unused for longest, because one that is used is inserted anew.
  const buckets = new Map<string, Bucket>()

  const refilled = (key: string, { capacity, perSecond }: BucketSize): Bucket => {
    const at = now()
    const known = buckets.get(key)
    if (!known) return { tokens: capacity, at }
    buckets.delete(key)
    // What was charged at once may be more than there is now to hold: a smaller plan begins at once.
    known.tokens = Math.min(capacity, known.tokens + ((at - known.at) / 1_000) * perSecond)
    known.at = at
    return known
  }

  const keep = (key: string, bucket: Bucket): void => {
    buckets.set(key, bucket)
    if (buckets.size <= mostKeys) return
    const [oldest] = buckets.keys()
    if (oldest !== undefined) buckets.delete(oldest)
  }

  return {
    take: (key, points, size) => {
      const bucket = refilled(key, size)
      const taken = bucket.tokens >= points
      if (taken) bucket.tokens -= points
      keep(key, bucket)
      return levelOf(bucket.tokens, points, taken, size)
    },
    charge: (key, points, size) => {
      const bucket = refilled(key, size)
      bucket.tokens = Math.min(size.capacity, bucket.tokens - points)
      keep(key, bucket)
      return levelOf(bucket.tokens, 0, true, size)
    },
  }
}
