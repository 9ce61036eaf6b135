import type { Logger } from '@codai/runtime'
import { BentoCache, bentostore, errors } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisDriver } from 'bentocache/drivers/redis'
import type { Logger as BentoLogger } from 'bentocache/types'
import { redisInvalidationBus } from './invalidation-bus.ts'
import { connectRedis } from './redis.ts'
import { decode, encode } from './wire.ts'

const MOST_ENTRIES_IN_MEMORY = 10_000

export type Cache = {
  /**
   * The cached value of `key`; or what `load` gives, kept for `ttlMs` milliseconds (0: not at all). Concurrent callers of
   * one key share one load. What `load` throws reaches the caller and is not kept; neither is `undefined`.
   * Values come back as copies: dates and bigints keep their type, other class instances become what JSON makes of them.
   */
  getOrSet<T>(
    key: string,
    ttlMs: number,
    load: () => Promise<T> | T,
    options?: { tags?: readonly string[] },
  ): Promise<T>
  delete(key: string): Promise<void>
  /** Drops every entry that was stored with this tag. */
  deleteByTag(tag: string): Promise<void>
  /** Throws UNAVAILABLE when Redis is configured and does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/** A load under way; `outdated` when its key or one of its tags was dropped after it began. */
type RunningLoad = { key: string; tags: readonly string[]; outdated: boolean }

/**
 * Opens a cache: in memory, and with Redis as a second layer shared by all processes when `redisUrl` is given.
 * When Redis fails, reads go on from memory; dropping entries fails loudly, because it could not reach other processes.
 */
export const openCache = (options: { redisUrl?: string | undefined; logger: Logger; name: string }): Cache => {
  const { redisUrl, logger, name } = options
  const purpose = `the cache "${name}"`
  const redis = redisUrl === undefined ? undefined : connectRedis({ url: redisUrl, purpose, logger })
  const memory = bentostore().useL1Layer(memoryDriver({ maxItems: MOST_ENTRIES_IN_MEMORY }))
  const bento = new BentoCache({
    default: name,
    prefix: `codai:cache:${name}`,
    // No grace period: together with tags it served a value that had been dropped.
    grace: false,
    logger: quieter(logger),
    serializer: { serialize: encode, deserialize: decode },
    stores: {
      [name]:
        redis === undefined || redisUrl === undefined
          ? memory
          : memory
              .useL2Layer(redisDriver({ connection: redis.client }))
              .useBus(redisInvalidationBus({ url: redisUrl, purpose, logger })),
    },
  })
  const running = new Set<RunningLoad>()
  const check = async (): Promise<void> => redis?.check()

  const getOrSet: Cache['getOrSet'] = async <T>(
    key: string,
    ttlMs: number,
    load: () => Promise<T> | T,
    { tags = [] }: { tags?: readonly string[] } = {},
  ): Promise<T> => {
    if (ttlMs <= 0) return load()
    let loaded: { value: T } | undefined
    try {
      const cached = await bento.getOrSet<T | undefined>({
        key,
        ttl: ttlMs,
        tags: [...tags],
        factory: async ({ skip }) => {
          const current: RunningLoad = { key, tags, outdated: false }
          running.add(current)
          try {
            loaded = { value: await load() }
          } finally {
            running.delete(current)
          }
          // A value read before its entry was dropped must not be stored after it.
          return current.outdated || loaded.value === undefined ? skip() : loaded.value
        },
      })
      return loaded === undefined ? (cached as T) : loaded.value
    } catch (error) {
      if (error instanceof errors.E_FACTORY_ERROR) throw error.cause
      throw error
    }
  }

  return {
    getOrSet,
    delete: async (key) => {
      await check()
      for (const load of running) if (load.key === key) load.outdated = true
      await bento.delete({ key, suppressL2Errors: false })
    },
    deleteByTag: async (tag) => {
      await check()
      for (const load of running) if (load.tags.includes(tag)) load.outdated = true
      await bento.deleteByTag({ tags: [tag] })
    },
    check,
    close: async () => {
      await bento.disconnect()
      await redis?.close()
    },
  }
}

/** bentocache tells every load at level info, and warns of errors that reach the caller anyway. */
const quieter = (logger: Logger): BentoLogger => {
  const trace = logger.trace.bind(logger)
  return {
    trace,
    debug: trace,
    info: trace,
    warn: logger.debug.bind(logger),
    error: logger.error.bind(logger),
    fatal: logger.fatal.bind(logger),
    child: (bindings) => quieter(logger.child(bindings)),
  }
}
