import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { Lifecycle, Logger } from '@codai/runtime'
import { Pool } from 'pg'

import { connectionFor } from '../relational/connection.ts'
import { applyMigrations } from '../relational/migrations.ts'
import { StoreError } from '../relational/store-error.ts'
import type { Consumer, ConsumerSettings } from './consumer.ts'
import { startConsumer } from './consumer.ts'
import { findUnsettled, prune, readDeadLetters, writeEvent } from './outbox.ts'
import { rebaseAfterMove } from './rebase.ts'
import { createSession } from './session.ts'
import type { Events } from './types.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations/events', import.meta.url))
const DEFAULTS: ConsumerSettings = { attempts: 8, firstDelay: 100, longestDelay: 30_000, concurrency: 2, poll: 5000 }
const CONNECTIONS = 2
const HOUR = 3_600_000
const SETTLE_POLL = 20

/**
 * Opens the event bus over PostgreSQL: an outbox written with the change, read by one process for each group at a
 * time. A bus that only publishes keeps no connection.
 * @throws StoreError STORE_UNREACHABLE, MIGRATION_CHANGED or MIGRATION_FAILED
 */
export async function openEvents(options: {
  url: string
  logger: Logger
  lifecycle?: Lifecycle | undefined
  settings?: Partial<ConsumerSettings> | undefined
  /** How long events are kept, in days; 7 by default. */
  retentionDays?: number | undefined
}): Promise<Events> {
  const { url, logger, lifecycle, retentionDays = 7 } = options
  const settings = { ...DEFAULTS, ...options.settings }
  await prepare(url, logger)

  const consumers = new Map<string, Consumer>()
  const session = createSession({ url, logger, onWake: wake })
  const pool = new Pool({
    connectionString: url,
    application_name: 'codai events',
    max: Math.max(CONNECTIONS, settings.concurrency),
    keepAlive: true,
  })
  pool.on('error', (error) => logger.warn({ err: error }, 'a connection of the event bus was lost'))
  const pruning = setInterval(() => {
    if (consumers.size === 0) return
    void prune(pool, retentionDays).catch((error: unknown) =>
      logger.warn({ err: error }, 'old events were not removed'),
    )
  }, HOUR).unref()

  function wake(type: string): void {
    for (const consumer of consumers.values()) {
      if (type === '' || consumer.types.has(type)) consumer.wake()
    }
  }

  const bus: Events = {
    publish: writeEvent,
    subscribe({ group, types, handle }) {
      if (consumers.has(group)) {
        throw new StoreError('GROUP_ALREADY_SUBSCRIBED', `The group ${group} is subscribed here already.`)
      }
      const consumer = startConsumer({ group, types, handle, pool, session, logger, settings })
      consumers.set(group, consumer)
      return {
        async stop() {
          await consumer.stop()
          if (consumers.get(group) === consumer) consumers.delete(group)
        },
      }
    },
    deadLetters: (group) => readDeadLetters(pool, group),
    async settled({ timeoutMilliseconds = 10_000 } = {}) {
      const deadline = Date.now() + timeoutMilliseconds
      const notSettled = (groups: readonly string[]): StoreError =>
        new StoreError('EVENTS_NOT_SETTLED', `Events are still unhandled by: ${groups.join(', ')}.`)
      const registrations = Promise.all([...consumers.values()].map((consumer) => consumer.registered))
      // A group that is not registered yet has nothing to handle, as far as the tables tell.
      const late = delay(timeoutMilliseconds, 'late' as const, { ref: false })
      if ((await Promise.race([registrations, late])) === 'late') throw notSettled([...consumers.keys()])
      for (;;) {
        const unsettled = await findUnsettled(pool, [...consumers.keys()])
        if (unsettled.length === 0) return
        if (Date.now() > deadline) throw notSettled(unsettled)
        await delay(SETTLE_POLL)
      }
    },
    async close() {
      clearInterval(pruning)
      await Promise.all([...consumers.values()].map((consumer) => consumer.stop()))
      consumers.clear()
      await session.close()
      if (!pool.ended) await pool.end()
    },
  }
  lifecycle?.onStop('events', () => bus.close())
  return bus
}

async function prepare(url: string, logger: Logger): Promise<void> {
  await applyMigrations({ url, service: 'events', folder: MIGRATIONS, logger })
  const client = await connectionFor({ url, applicationName: 'codai events' })
  try {
    await rebaseAfterMove(client, logger)
  } finally {
    await client.end()
  }
}
