import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import type { BucketLevel, BucketSize } from '@codai/stores/limits'

/** The names of all headers that tell of limits and costs. */
export const LIMIT_HEADERS: readonly string[] = [
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'ratelimit-policy',
  'x-query-cost',
]

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1_000)

/**
 * How a bucket stands, in the header fields of draft-ietf-httpapi-ratelimit-headers: what it holds when it is full, what is left,
 * and in how many seconds it is full again.
 */
export const limitHeaders = (level: BucketLevel, { capacity, perSecond }: BucketSize): [string, string][] => [
  ['ratelimit-limit', String(capacity)],
  ['ratelimit-remaining', String(Math.max(0, level.remaining))],
  ['ratelimit-reset', String(seconds(level.fullInMs))],
  ['ratelimit-policy', `${capacity};w=${Math.ceil(capacity / perSecond)}`],
]

/** RATE_LIMITED, with when to come again; over HTTP it is 429 with `Retry-After`. */
export const rateLimited = (enoughInMs: number): CodedError => {
  const retryAfterSeconds = Math.max(1, seconds(enoughInMs))
  const headers = new Map([['retry-after', String(retryAfterSeconds)]])
  return codedError('RATE_LIMITED', `The limit is reached. Try again in ${retryAfterSeconds} s.`, {
    retryAfterSeconds,
    http: { status: errorStatus('RATE_LIMITED'), headers },
  })
}
