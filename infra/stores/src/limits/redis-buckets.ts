import type { Redis } from 'ioredis'
import { levelOf } from './bucket.ts'
import type { BucketLevel, BucketSize } from './bucket.ts'

/** Token buckets that all processes on one Redis share. Throws what Redis throws. */
export type RedisBuckets = {
  readonly take: (key: string, points: number, size: BucketSize) => Promise<BucketLevel>
  readonly charge: (key: string, points: number, size: BucketSize) => Promise<BucketLevel>
}

/**
 * Refills and takes in one step, by Redis's own clock: the clocks of processes differ.
 * In: capacity, points a second, points, and whether they are taken whether there or not. Out: taken, and what is left.
 */
const script = `
local capacity, perSecond, points = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = capacity
if known[1] then
  tokens = math.min(capacity, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) / 1000 * perSecond)
end
local taken = ARGV[4] == '1' or tokens >= points
if taken then tokens = math.min(capacity, tokens - points) end
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - tokens) / perSecond * 1000) + 1000)
return { taken and 1 or 0, tostring(tokens) }
`

/** Buckets under a prefix. */
export const createRedisBuckets = (client: Redis, prefix: string): RedisBuckets => {
  const run = async (
    key: string,
    points: number,
    { capacity, perSecond }: BucketSize,
    always: boolean,
  ): Promise<BucketLevel> => {
    const given = [capacity, perSecond, points, always ? 1 : 0]
    const [taken, tokens] = (await client.eval(script, 1, `${prefix}:${key}`, ...given)) as [number, string]
    return levelOf(Number(tokens), points, taken === 1, { capacity, perSecond })
  }

  return {
    take: (key, points, size) => run(key, points, size, false),
    charge: (key, points, size) => run(key, points, size, true),
  }
}
