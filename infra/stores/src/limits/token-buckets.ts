import type { Logger } from '@codai/runtime'
import { connectRedis } from '../cache/redis.ts'
import type { BucketLevel, BucketSize } from './bucket.ts'
import { createLocalBuckets } from './local-buckets.ts'
import { createRedisBuckets } from './redis-buckets.ts'

/** Token buckets by key: what is used flows back evenly, so that a burst is possible and a steady overuse is not. */
export type TokenBuckets = {
  /** Takes points where a key has them, or nothing. */
  take(key: string, points: number, size: BucketSize): Promise<BucketLevel>
  /** Takes points whether a key has them or not; below zero gives some back. */
  charge(key: string, points: number, size: BucketSize): Promise<BucketLevel>
  /** Throws UNAVAILABLE when Redis is configured and does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens token buckets, which all processes share through Redis when `redisUrl` is given. While Redis is unreachable each
 * process keeps buckets of its own.
 */
export const openTokenBuckets = (options: {
  redisUrl?: string | undefined
  name: string
  logger?: Logger | undefined
}): TokenBuckets => {
  const { redisUrl, name, logger } = options
  const local = createLocalBuckets()
  if (redisUrl === undefined) {
    return {
      take: async (key, points, size) => local.take(key, points, size),
      charge: async (key, points, size) => local.charge(key, points, size),
      check: async () => undefined,
      close: async () => undefined,
    }
  }

  const redis = connectRedis({ url: redisUrl, purpose: `the limit "${name}"`, logger })
  const shared = createRedisBuckets(redis.client, `codai:bucket:${name}`)
  return {
    take: (key, points, size) => shared.take(key, points, size).catch(() => local.take(key, points, size)),
    charge: (key, points, size) => shared.charge(key, points, size).catch(() => local.charge(key, points, size)),
    check: () => redis.check(),
    close: () => redis.close(),
  }
}
