import { codedError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'

const CONNECT_TIMEOUT_MS = 5_000
const COMMAND_TIMEOUT_MS = 5_000
const RETRIES_PER_COMMAND = 1
const LONGEST_RECONNECT_DELAY_MS = 2_000

export type RedisConnection = {
  readonly client: Redis
  /** Answers when Redis does; throws UNAVAILABLE, naming the address and what to do, when it does not. */
  check(): Promise<void>
  close(): Promise<void>
}

/** The address without its password, for messages. */
const withoutPassword = (url: string): string => {
  const parsed = new URL(url)
  parsed.username = ''
  parsed.password = ''
  return parsed.toString()
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Opens a connection to Redis. A command that meets a broken connection is tried once more and then fails, so that
 * no request waits for ever; the connection itself is re-established for as long as the process lives.
 */
export const connectRedis = (options: {
  url: string
  /** What the connection is for, as it should read in a message: `the cache "gateway"`. */
  purpose: string
  logger?: Logger | undefined
  redisOptions?: RedisOptions
}): RedisConnection => {
  const { url, purpose, logger } = options
  const address = withoutPassword(url)
  const client = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: RETRIES_PER_COMMAND,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RECONNECT_DELAY_MS),
    ...options.redisOptions,
  })

  let lastError = 'no answer'
  let reported = false
  client.on('error', (error: Error) => {
    lastError = describe(error)
    // During an outage a command fails at once; only before the first answer may it wait for the connection.
    client.options.enableOfflineQueue = false
    if (reported) return
    // One line for each outage: the client raises this event at every attempt to reconnect.
    reported = true
    logger?.warn({ err: error, address }, `Redis is unreachable for ${purpose}; reconnecting`)
  })
  client.on('ready', () => {
    if (reported) logger?.info({ address }, `Redis is reachable again for ${purpose}`)
    reported = false
    client.options.enableOfflineQueue = true
  })

  return {
    client,
    check: async () => {
      try {
        await client.ping()
      } catch (error) {
        throw codedError(
          'UNAVAILABLE',
          `Redis at ${address}, needed by ${purpose}, is unreachable (${lastError}). ` +
            'Start it, correct REDIS_URL, or unset REDIS_URL to keep this state inside the process.',
          { cause: error },
        )
      }
    },
    close: async () => {
      if (client.status === 'end') return
      if (client.status !== 'ready') return client.disconnect()
      // `quit` lets commands under way finish; a connection that breaks meanwhile is closed as well.
      await client.quit().catch(() => client.disconnect())
    },
  }
}
