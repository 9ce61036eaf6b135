import { badInput, requireKey } from '../_kit/index.ts'
import type { Store } from './store.ts'
import { minuteOf } from './usage.ts'
import type { UsageEntry } from './usage-store.ts'

const mostEntries = 5_000
const longestOperation = 100

/** What was reported of one key, minute and operation. */
export type ReportedUse = {
  key: string
  operation: string
  at: Date
  requests: number
  cost: number
  errors: number
  refused: number
}

const unstorable = /[\0\p{Surrogate}]/gu

const entryOf = ({ key, operation, at, requests, cost, errors, refused }: ReportedUse): UsageEntry => {
  if (Math.min(requests, cost, errors, refused) < 0) throw badInput('Counts are not negative.', { field: 'entries' })
  const name = Array.from(operation.replaceAll(unstorable, '')).slice(0, longestOperation).join('')
  return { key, operation: name, minute: minuteOf(at), at, requests, cost, errors, refused }
}

/** Counts what keys were used for. */
export const createRecording = (options: {
  store: Store
  now: () => Date
  announce: (appId: string, minutes: readonly Date[]) => Promise<void>
}) => {
  const { store, now, announce } = options

  return {
    /** Counts a batch once, and tells those who watch. */
    recordApiUsage: async (input: { batch: string; entries: readonly ReportedUse[] }): Promise<boolean> => {
      const batch = requireKey(input.batch)
      if (input.entries.length > mostEntries) {
        throw badInput(`A batch has up to ${mostEntries} entries.`, { field: 'entries' })
      }
      const changed = await store.countUsage(batch, input.entries.map(entryOf), now())
      const byApp = new Map<string, Date[]>()
      for (const { appId, minute } of changed) byApp.set(appId, [...(byApp.get(appId) ?? []), minute])
      for (const [appId, minutes] of byApp) await announce(appId, minutes)
      return true
    },
  }
}
