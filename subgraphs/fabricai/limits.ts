import { codedError } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Store } from './store.ts'

/** The most tokens of a person in a day of UTC. */
export const dailyTokenLimit = 2_000_000
const tokensPerMinute = 200_000
const dayMs = 86_400_000

/** The beginning of the day in UTC. */
export const midnightBefore = (instant: Date): Date => new Date(Math.floor(instant.getTime() / dayMs) * dayMs)

/** Keeps a person from using more than is fair. */
export type Limits = {
  /** Takes tokens from a person's allowance. RATE_LIMITED, with `retryAfterSeconds`, when it is used up. */
  take: (ownerId: string, tokens: number) => Promise<void>
}

/** Limits of the minute, and of the day, which outlive a restart. */
export const createLimits = ({ rateLimiter, now }: Platform, store: Store): Limits => {
  const minute = rateLimiter({ name: 'tokens', points: tokensPerMinute, durationSeconds: 60 })
  return {
    take: async (ownerId, tokens) => {
      const today = midnightBefore(now())
      if ((await store.tokensSince(ownerId, today)) + tokens > dailyTokenLimit) {
        const retryAfterSeconds = Math.ceil((today.getTime() + dayMs - now().getTime()) / 1_000)
        throw codedError(
          'RATE_LIMITED',
          `At most ${dailyTokenLimit.toLocaleString('en')} tokens can be used in a day. Try again tomorrow.`,
          { retryAfterSeconds },
        )
      }
      await minute.consume(ownerId, tokens)
    },
  }
}
