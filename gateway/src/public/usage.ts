import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@codai/runtime'
import { createCache } from '../cache.ts'
import { createBoundedLabel } from '../metrics.ts'
import type { KeyService, UsageEntry } from './key-service.ts'

/** One use of a key. */
export type Use = { readonly cost: number; readonly failed: boolean; readonly refused: boolean }

/** Counts what keys are used for, and reports it. */
export type Usage = {
  readonly count: (key: string, operation: string | undefined, use: Use) => void
  /** Reports what is left, as far as that is possible. */
  readonly stop: () => Promise<void>
}

export type UsageOptions = {
  readonly record: KeyService['record']
  readonly logger: Logger
  readonly everyMs?: number
  /** How many counts wait at most while nobody takes them. */
  readonly mostEntries?: number
}

type Count = { -readonly [Field in keyof UsageEntry]: UsageEntry[Field] }

const MINUTE_MS = 60_000
const BATCH = 5_000
const OPERATIONS_OF_KEY = 100
const REMEMBERED_KEYS = 10_000

/**
 * Counts in memory and reports each second. A report that was not confirmed is sent again as it was, under the same id, so
 * that nothing is counted twice; what happens meanwhile waits in counts that are merged, and is bounded.
 */
export const createUsage = (options: UsageOptions): Usage => {
  const { record, logger, everyMs = 1_000, mostEntries = 20_000 } = options
  const labels = createCache<(name: string) => string>(REMEMBERED_KEYS)
  const stopping = new AbortController()
  let counts = new Map<string, Count>()
  let unconfirmed: { readonly batch: string; readonly entries: readonly UsageEntry[] } | undefined
  let isTroubled = false

  const labelOf = (key: string, operation: string | undefined): string => {
    if (operation === undefined) return 'anonymous'
    const label = labels.get(key) ?? createBoundedLabel(OPERATIONS_OF_KEY)
    labels.set(key, label)
    return label(operation)
  }

  const entryOf = (key: string, operation: string): Count | undefined => {
    const now = Date.now()
    const id = `${key}\n${operation}\n${Math.floor(now / MINUTE_MS)}`
    const known = counts.get(id)
    if (known) return known
    if (counts.size >= mostEntries) return undefined
    const entry = { key, operation, at: new Date(now), requests: 0, cost: 0, errors: 0, refused: 0 }
    counts.set(id, entry)
    return entry
  }

  const nextBatch = (): typeof unconfirmed => {
    if (counts.size === 0) return undefined
    const all = [...counts]
    counts = new Map(all.slice(BATCH))
    return { batch: randomUUID(), entries: all.slice(0, BATCH).map(([, entry]) => entry) }
  }

  const report = async (): Promise<void> => {
    for (;;) {
      unconfirmed ??= nextBatch()
      if (!unconfirmed) return
      await record(unconfirmed.batch, unconfirmed.entries)
      unconfirmed = undefined
    }
  }

  const reportOrWait = async (): Promise<void> => {
    try {
      await report()
      if (isTroubled) logger.info('use is reported again')
      isTroubled = false
    } catch (error) {
      if (!isTroubled) logger.warn({ err: error }, 'use cannot be reported, and waits')
      isTroubled = true
    }
  }

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await pause(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
      await reportOrWait()
    }
  }
  const done = run()

  return {
    count: (key, operation, { cost, failed, refused }) => {
      const entry = entryOf(key, labelOf(key, operation)) ?? entryOf(key, 'other')
      if (!entry) return
      entry.requests += 1
      entry.cost += cost
      if (failed) entry.errors += 1
      if (refused) entry.refused += 1
      entry.at = new Date()
    },
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}
