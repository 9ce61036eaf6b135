import { codedError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { connectRedis } from './redis.ts'

export type RateLimiter = {
  /**
   * Takes `points` (1 by default) from the key's allowance.
   * Throws RATE_LIMITED with `extensions.retryAfterSeconds` when the allowance is used up.
   */
  consume(key: string, points?: number): Promise<{ remaining: number; resetInMs: number }>
  /** Gives the key its full allowance again. */
  reset(key: string): Promise<void>
  /** Throws UNAVAILABLE when Redis is configured and does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a limiter of `points` in a window of `durationSeconds`, which begins with a key's first use (fixed window). A key
 * that asks for more is refused until the window ends, or for `blockSeconds` when that is given. Limits are shared by all
 * processes through Redis; while Redis is unreachable each process keeps the limit by itself.
 */
export const openRateLimiter = (options: {
  redisUrl?: string | undefined
  name: string
  points: number
  durationSeconds: number
  blockSeconds?: number | undefined
  logger?: Logger | undefined
}): RateLimiter => {
  const { redisUrl, name, points, durationSeconds, blockSeconds = 0, logger } = options
  const settings = {
    keyPrefix: `codai:limit:${name}`,
    points,
    duration: durationSeconds,
    blockDuration: blockSeconds,
  }
  const local = new RateLimiterMemory(settings)
  const redis =
    redisUrl === undefined ? undefined : connectRedis({ url: redisUrl, purpose: `the limit "${name}"`, logger })
  const limiter =
    redis === undefined
      ? local
      : new RateLimiterRedis({ ...settings, storeClient: redis.client, insuranceLimiter: local })

  return {
    consume: async (key, amount = 1) => {
      try {
        const result = await limiter.consume(key, amount)
        return { remaining: result.remainingPoints, resetInMs: result.msBeforeNext }
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000))
        throw codedError('RATE_LIMITED', `Too many requests. Try again in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
        })
      }
    },
    reset: async (key) => {
      await Promise.all([local.delete(key), limiter === local ? undefined : limiter.delete(key)])
    },
    check: async () => redis?.check(),
    close: async () => redis?.close(),
  }
}
