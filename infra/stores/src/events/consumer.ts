import type { Logger } from '@codai/runtime'
import type { Pool } from 'pg'

import { deferred } from '../relational/deferred.ts'
import { deliver, giveUp } from './delivery.ts'
import type { StoredEvent, Txid } from './outbox.ts'
import { loadCursor, readBatch, readWindow, saveCursor } from './outbox.ts'
import type { Session } from './session.ts'
import { createSignal } from './signal.ts'
import type { HandlerTransaction, PublishedEvent } from './types.ts'

export type Consumer = {
  group: string
  types: ReadonlySet<string>
  /** Resolves when the store knows of the group. */
  registered: Promise<void>
  wake(): void
  stop(): Promise<void>
}

export type ConsumerSettings = {
  /** How often an event is tried before it goes to the dead letters. */
  attempts: number
  /** The wait after the first failure, doubled after each further one, in milliseconds. */
  firstDelay: number
  longestDelay: number
  /** How many keys of a group are handled at the same time. */
  concurrency: number
  /** How long to sleep when nobody tells of anything new, in milliseconds. */
  poll: number
}

type Blocked = { attempts: number; retryAt: number }

const WINDOW = 100
// While a transaction older than a committed event still runs, nothing will tell us of its end.
const SHORTEST_HORIZON_WAIT = 5
const LONGEST_HORIZON_WAIT = 250

/** Works for one group, for as long as this process holds the group's lock. */
export function startConsumer(options: {
  group: string
  types: readonly string[]
  handle: (event: PublishedEvent, transaction: HandlerTransaction) => Promise<void>
  pool: Pool
  session: Session
  logger: Logger
  settings: ConsumerSettings
}): Consumer {
  const { group, types, handle, pool, session, logger, settings } = options
  const signal = createSignal()
  const registered = deferred<void>()
  const blocked = new Map<string, Blocked>()
  let stopping = false
  let known = false
  let holder: object | undefined
  let cursor: Txid = '0'
  let horizonWait = SHORTEST_HORIZON_WAIT

  async function run(): Promise<void> {
    for (;;) {
      let wait = settings.poll
      try {
        wait = await work()
      } catch (error) {
        logger.error({ err: error, group }, 'events could not be read; trying again')
      }
      if (stopping) break
      await signal.wait(wait)
      if (stopping) break
    }
    if (holder !== undefined) await saveCursor(pool, group, cursor)
    await session.release(group)
  }

  /** Handles what there is, and answers how long to sleep. */
  async function work(): Promise<number> {
    const present = await session.hold(group)
    if (present === undefined || present !== holder) {
      holder = undefined
      if (present !== undefined || !known) cursor = await loadCursor(pool, group, types)
      known = true
      registered.resolve()
      if (present === undefined) return settings.poll
      holder = present
      blocked.clear()
    }
    for (let size = WINDOW; ;) {
      const { through, complete, waiting } = await readWindow(pool, { types, after: cursor, size })
      const withoutKeys = [...blocked].filter(([, { retryAt }]) => retryAt > Date.now()).map(([key]) => key)
      const batch = await readBatch(pool, { group, types, after: cursor, through, withoutKeys })
      const due = batch.filter((event) => !event.held)
      await handleAll(due)
      if (stopping) return 0
      if (blocked.size === 0 && due.length === batch.length) {
        cursor = through
        size = WINDOW
        if (batch.length > 0) await saveCursor(pool, group, cursor)
      } else {
        // What waits holds the cursor, and a wider window lets the others pass: the inbox tells what was handled.
        size *= 2
      }
      if (complete) return pause(waiting)
    }
  }

  function pause(waiting: boolean): number {
    horizonWait = waiting ? Math.min(horizonWait * 2, LONGEST_HORIZON_WAIT) : SHORTEST_HORIZON_WAIT
    const retries = [...blocked.values()].map(({ retryAt }) => Math.max(retryAt - Date.now(), 0))
    return Math.min(settings.poll, waiting ? horizonWait : settings.poll, ...retries)
  }

  async function handleAll(batch: StoredEvent[]): Promise<void> {
    const byKey = new Map<string, StoredEvent[]>()
    for (const event of batch) byKey.set(event.key, [...(byKey.get(event.key) ?? []), event])
    const queues = [...byKey.values()]
    const next = async (): Promise<void> => {
      for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) await handleInOrder(queue)
    }
    const ends = await Promise.allSettled(Array.from({ length: settings.concurrency }, next))
    const failure = ends.find((end) => end.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  /** Handles the events of one key up to the first that fails. */
  async function handleInOrder(queue: StoredEvent[]): Promise<void> {
    for (const event of queue) {
      if (stopping) return
      if (!(await handleOne(event))) return
    }
  }

  async function handleOne(event: StoredEvent): Promise<boolean> {
    const attempts = (blocked.get(event.key)?.attempts ?? 0) + 1
    try {
      await deliver(pool, group, event, handle)
    } catch (error) {
      const about = { err: error, group, event: event.id, type: event.type, key: event.key, attempts }
      if (attempts < settings.attempts) {
        const delay = Math.min(settings.firstDelay * 2 ** (attempts - 1), settings.longestDelay)
        blocked.set(event.key, { attempts, retryAt: Date.now() + delay })
        logger.warn(about, 'an event could not be handled; trying again')
        return false
      }
      await giveUp(pool, group, event, { error: String(error), attempts })
      logger.error(about, 'an event was given up and put among the dead letters')
    }
    blocked.delete(event.key)
    return true
  }

  const ended = run().catch((error: unknown) => logger.error({ err: error, group }, 'the group did not stop cleanly'))
  return {
    group,
    types: new Set(types),
    registered: registered.promise,
    wake: () => signal.wake(),
    async stop() {
      stopping = true
      signal.wake()
      await ended
    },
  }
}
