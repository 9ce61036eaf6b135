/** Limits alone: who counts needs no other store, and should not load one. */
export type { BucketLevel, BucketSize } from './bucket.ts'
export { createLocalBuckets } from './local-buckets.ts'
export type { LocalBuckets } from './local-buckets.ts'
export { openTokenBuckets } from './token-buckets.ts'
export type { TokenBuckets } from './token-buckets.ts'
