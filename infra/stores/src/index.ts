export { openCache } from './cache/cache.ts'
export type { Cache } from './cache/cache.ts'
export { openPubSub } from './cache/pubsub.ts'
export type { PubSub } from './cache/pubsub.ts'
export { openRateLimiter } from './cache/rate-limiter.ts'
export type { RateLimiter } from './cache/rate-limiter.ts'
export { connectRedis } from './cache/redis.ts'
export type { RedisConnection } from './cache/redis.ts'
export type { TopicSubscription } from './cache/topic-subscription.ts'
export { startEmbeddedPostgres } from './relational/embedded-postgres.ts'
export type { EmbeddedPostgres } from './relational/embedded-postgres.ts'
export { openRelational } from './relational/client.ts'
export type { ClientClass, Relational } from './relational/client.ts'
export { isConflict, serializable } from './relational/serializable.ts'
export type { TransactionClient, TransactionOptions } from './relational/serializable.ts'
export { applyMigrations } from './relational/migrations.ts'
export { StoreError } from './relational/store-error.ts'
export type { StoreErrorCode } from './relational/store-error.ts'
export { openEvents } from './events/postgres-events.ts'
export type {
  DeadLetter,
  Events,
  HandlerTransaction,
  JsonValue,
  NewEvent,
  PublishedEvent,
  PublishTransaction,
  Subscription,
} from './events/types.ts'
