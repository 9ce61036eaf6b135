import { badInput, codedError } from '../_kit/index.ts'
import type { KeyUsageRecord, UsageCountRecord, UsagePointRecord } from './records.ts'
import type { Store } from './store.ts'
import type { UsageUnit } from './usage-store.ts'

export type UsageBucket = 'MINUTE' | 'HOUR' | 'DAY'

/** How an app was used in a span of time. */
export type UsageRecord = {
  appId: string
  from: Date
  to: Date
  unit: UsageUnit
}

/** For how long use is kept, in milliseconds. */
export const usageLifeMs = 90 * 86_400_000

const dayMs = 86_400_000
const mostBuckets = 1_000
const bucketMs = { MINUTE: 60_000, HOUR: 3_600_000, DAY: dayMs } as const
const units = { MINUTE: 'minute', HOUR: 'hour', DAY: 'day' } as const
const lengths = { minute: bucketMs.MINUTE, hour: bucketMs.HOUR, day: bucketMs.DAY } as const

const floorTo = (instant: Date, lengthMs: number): Date => new Date(Math.floor(instant.getTime() / lengthMs) * lengthMs)

/** The beginning of the minute of an instant. */
export const minuteOf = (instant: Date): Date => floorTo(instant, bucketMs.MINUTE)

/** No use at all. */
export const noUse: UsageCountRecord = { requests: 0, cost: 0, errors: 0, refused: 0 }

/** Counts together. */
export const sumOf = (counts: readonly UsageCountRecord[]): UsageCountRecord =>
  counts.reduce(
    (sum, { requests, cost, errors, refused }) => ({
      requests: sum.requests + requests,
      cost: sum.cost + cost,
      errors: sum.errors + errors,
      refused: sum.refused + refused,
    }),
    noUse,
  )

/** The span that was asked for, widened to whole buckets. BAD_USER_INPUT for one that ends before it begins. */
export const spanOf = (
  appId: string,
  given: { from?: Date | null | undefined; to?: Date | null | undefined; bucket: UsageBucket },
  now: Date,
): UsageRecord => {
  const lengthMs = bucketMs[given.bucket]
  const to = given.to ?? now
  const oldest = new Date(now.getTime() - usageLifeMs)
  const asked = given.from ?? new Date(to.getTime() - dayMs)
  if (asked >= to) throw badInput('The span ends after it begins.', { field: 'to' })
  const from = floorTo(asked < oldest ? oldest : asked, lengthMs)
  if ((to.getTime() - from.getTime()) / lengthMs > mostBuckets) {
    throw codedError('LIMIT_EXCEEDED', `A span has at most ${mostBuckets} buckets. Ask for longer buckets.`)
  }
  return { appId, from, to, unit: units[given.bucket] }
}

/** Every bucket of a span in its order, those without use too. */
export const filled = ({ from, to, unit }: UsageRecord, used: readonly UsagePointRecord[]): UsagePointRecord[] => {
  const known = new Map(used.map(({ startsAt, count }) => [startsAt.getTime(), count]))
  const count = Math.max(0, Math.ceil((to.getTime() - from.getTime()) / lengths[unit]))
  return Array.from({ length: count }, (_, index) => {
    const startsAt = new Date(from.getTime() + index * lengths[unit])
    return { startsAt, count: known.get(startsAt.getTime()) ?? noUse }
  })
}

/** Reads how apps were used. */
export const createUsage = ({ store }: { store: Store }) => {
  const byTime = ({ appId, unit, from, to }: UsageRecord): Promise<UsagePointRecord[]> =>
    store.usageByTime(appId, unit, from, to)

  return {
    usagePoints: async (usage: UsageRecord): Promise<UsagePointRecord[]> => filled(usage, await byTime(usage)),
    usageTotal: async (usage: UsageRecord): Promise<UsageCountRecord> =>
      sumOf((await byTime(usage)).map(({ count }) => count)),
    usageOperations: ({ appId, from, to }: UsageRecord): Promise<{ operation: string; count: UsageCountRecord }[]> =>
      store.usageByOperation(appId, from, to),
    usageKeys: ({ appId, from, to }: UsageRecord): Promise<KeyUsageRecord[]> => store.usageByKey(appId, from, to),
    /** What an app used in one minute. */
    usageOfMinute: async (appId: string, minute: Date): Promise<UsagePointRecord> => {
      const end = new Date(minute.getTime() + bucketMs.MINUTE)
      const [point] = await store.usageByTime(appId, 'minute', minute, end)
      return point ?? { startsAt: minute, count: noUse }
    },
  }
}
