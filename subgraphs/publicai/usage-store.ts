import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { KeyUsageRecord, UsageCountRecord, UsagePointRecord } from './records.ts'

/** What one key was used for in one minute, for one operation. */
export type UsageEntry = UsageCountRecord & { key: string; operation: string; minute: Date; at: Date }

/** A minute in which an app was used. */
export type UsedMinute = { appId: string; minute: Date }

export type UsageUnit = 'minute' | 'hour' | 'day'

type Sums = { requests: bigint; cost: bigint; errors: bigint; refused: bigint }

const countOf = ({ requests, cost, errors, refused }: Sums): UsageCountRecord => ({
  requests: Number(requests),
  cost: Number(cost),
  errors: Number(errors),
  refused: Number(refused),
})

const most = 50

/** The reads and writes of what keys were used for. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createUsageStore = (client: PrismaClient) => ({
  /** Counts a batch once, and tells which minutes of which apps changed. What names no key is left out. */
  countUsage: (batch: string, entries: readonly UsageEntry[], now: Date): Promise<UsedMinute[]> =>
    client.$transaction(async (tx) => {
      const { count } = await tx.usageBatch.createMany({ data: [{ id: batch, createdAt: now }], skipDuplicates: true })
      return count === 0 ? [] : addUsage(tx, entries)
    }),

  /** An app's use by time, from an instant to before another; times without use are left out. */
  usageByTime: async (appId: string, unit: UsageUnit, from: Date, to: Date): Promise<UsagePointRecord[]> => {
    const rows = await client.$queryRaw<(Sums & { startsAt: Date })[]>`
      SELECT date_trunc(${unit}, minute, 'UTC') AS "startsAt", sum(requests)::bigint AS requests,
        sum(cost)::bigint AS cost, sum(errors)::bigint AS errors, sum(refused)::bigint AS refused
      FROM publicai.usage WHERE app_id = ${appId} AND minute >= ${from} AND minute < ${to}
      GROUP BY 1 ORDER BY 1`
    return rows.map(({ startsAt, ...sums }) => ({ startsAt, count: countOf(sums) }))
  },

  /** The same by operation, the dearest first. */
  usageByOperation: async (
    appId: string,
    from: Date,
    to: Date,
  ): Promise<{ operation: string; count: UsageCountRecord }[]> => {
    const rows = await client.$queryRaw<(Sums & { operation: string })[]>`
      SELECT operation, sum(requests)::bigint AS requests, sum(cost)::bigint AS cost,
        sum(errors)::bigint AS errors, sum(refused)::bigint AS refused
      FROM publicai.usage WHERE app_id = ${appId} AND minute >= ${from} AND minute < ${to}
      GROUP BY operation ORDER BY sum(cost) DESC, operation LIMIT ${most}`
    return rows.map(({ operation, ...sums }) => ({ operation, count: countOf(sums) }))
  },

  /** The same by key, the dearest first. */
  usageByKey: async (appId: string, from: Date, to: Date): Promise<KeyUsageRecord[]> => {
    const rows = await client.$queryRaw<(Sums & { keyId: string })[]>`
      SELECT key_id AS "keyId", sum(requests)::bigint AS requests, sum(cost)::bigint AS cost,
        sum(errors)::bigint AS errors, sum(refused)::bigint AS refused
      FROM publicai.usage WHERE app_id = ${appId} AND minute >= ${from} AND minute < ${to}
      GROUP BY key_id ORDER BY sum(cost) DESC, key_id LIMIT ${most}`
    return rows.map(({ keyId, ...sums }) => ({ keyId, count: countOf(sums) }))
  },

  /** Writes demo use as it is; what is there already stays as it is. */
  addDemoUsage: async (appId: string, entries: readonly UsageEntry[]): Promise<void> => {
    await client.apiUsage.createMany({
      data: entries.map(({ key, at: _at, ...entry }) => ({ ...entry, appId, keyId: key })),
      skipDuplicates: true,
    })
  },

  /** Forgets use from before one instant, and batches from before another. */
  forgetUsage: async (usedBefore: Date, reportedBefore: Date): Promise<void> => {
    await client.apiUsage.deleteMany({ where: { minute: { lt: usedBefore } } })
    await client.usageBatch.deleteMany({ where: { createdAt: { lt: reportedBefore } } })
  },
})

const addUsage = async (tx: Prisma.TransactionClient, entries: readonly UsageEntry[]): Promise<UsedMinute[]> => {
  const column = <Field extends keyof UsageEntry>(field: Field): UsageEntry[Field][] =>
    entries.map((entry) => entry[field])
  // In the order of their keys, so that two reports at once never wait for each other in a circle.
  const changed = await tx.$queryRaw<UsedMinute[]>`
    INSERT INTO publicai.usage AS known (app_id, key_id, operation, minute, requests, cost, errors, refused)
    SELECT keys.app_id, keys.id, entry.operation, entry.minute,
      sum(entry.requests), sum(entry.cost), sum(entry.errors), sum(entry.refused)
    FROM unnest(${column('key')}::text[], ${column('operation')}::text[], ${column('minute')}::timestamptz[],
      ${column('requests')}::bigint[], ${column('cost')}::bigint[], ${column('errors')}::bigint[],
      ${column('refused')}::bigint[]) AS entry (key, operation, minute, requests, cost, errors, refused)
    JOIN publicai.keys ON keys.id = entry.key
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 4, 2, 3
    ON CONFLICT (app_id, minute, key_id, operation) DO UPDATE SET
      requests = known.requests + excluded.requests, cost = known.cost + excluded.cost,
      errors = known.errors + excluded.errors, refused = known.refused + excluded.refused
    RETURNING app_id AS "appId", minute`
  // Whoever holds a key at this moment is changing it: that it was used can be said the next time.
  await tx.$executeRaw`
    UPDATE publicai.keys SET last_used_at = entry.at
    FROM (
      SELECT key, max(at) AS at FROM unnest(${column('key')}::text[], ${column('at')}::timestamptz[])
        AS entry (key, at) GROUP BY key
    ) AS entry
    JOIN (
      SELECT id FROM publicai.keys WHERE id = ANY(${column('key')}::text[]) FOR NO KEY UPDATE SKIP LOCKED
    ) AS free ON free.id = entry.key
    WHERE keys.id = entry.key AND (last_used_at IS NULL OR last_used_at < entry.at)`
  const byApp = new Map(changed.map((used) => [`${used.appId} ${used.minute.getTime()}`, used]))
  return [...byApp.values()]
}
