import type { Platform } from '../_kit/index.ts'
import type { Caller } from './sessions.ts'
import { handleKeyOf } from './records.ts'

const quarterHour = 15 * 60

/** How often somebody may try. */
export type Limits = ReturnType<typeof createLimits>

// A handle that nobody can have is counted like any other, but must not fill the memory.
const longestKey = 40

/** The limits of guessing: each throws RATE_LIMITED, and counts a try before it is made, so that parallel tries gain nothing. */
export const createLimits = (platform: Platform) => {
  const account = platform.rateLimiter({ name: 'sign-in by account', points: 10, durationSeconds: quarterHour })
  const address = platform.rateLimiter({ name: 'sign-in by address', points: 100, durationSeconds: quarterHour })
  const signUp = platform.rateLimiter({ name: 'sign-up by address', points: 20, durationSeconds: 3_600 })
  const challenge = platform.rateLimiter({ name: 'answers to a challenge', points: 5, durationSeconds: 300 })

  const accountKey = (handle: string): string => handleKeyOf(handle).slice(0, longestKey)
  const addressKey = (caller: Caller): string => caller.address ?? 'unknown'

  return {
    /** A sign-in: 10 tries per account (whether it exists or not) and 100 per address in a quarter of an hour. */
    countSignIn: async (handle: string, caller: Caller): Promise<void> => {
      await address.consume(addressKey(caller))
      await account.consume(accountKey(handle))
    },
    /** An answer to a challenge: 5 per challenge, within the tries of the account. */
    countAnswer: async (challengeHash: string, handle: string): Promise<void> => {
      await challenge.consume(challengeHash)
      await account.consume(accountKey(handle))
    },
    /** Another check of a password or a code, by somebody who is signed in already. */
    countCheck: (handle: string): Promise<unknown> => account.consume(accountKey(handle)),
    /** The person has proven who it is. */
    forgive: (handle: string): Promise<void> => account.reset(accountKey(handle)),
    /** A new account: 20 per address and hour. */
    countSignUp: (caller: Caller): Promise<unknown> => signUp.consume(addressKey(caller)),
  }
}
