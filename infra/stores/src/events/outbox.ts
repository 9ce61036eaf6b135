import type { Pool } from 'pg'
import { ulid } from 'ulid'

import type { DeadLetter, NewEvent, PublishedEvent, PublishTransaction } from './types.ts'

/** A place in the order of events. Both numbers have 64 bits, and so travel as text. */
export type Cursor = { txid: string; position: string }
export type StoredEvent = PublishedEvent & { cursor: Cursor }

type EventRow = {
  id: string
  type: string
  key: string
  payload: unknown
  created_at: Date
  txid: string
  position: string
}

/** Writes the event into the caller's transaction; readers are woken when that commits. */
export async function writeEvent(transaction: PublishTransaction, event: NewEvent): Promise<string> {
  const id = ulid()
  const payload = JSON.stringify(event.payload)
  await transaction.$executeRaw`
    WITH written AS (
      INSERT INTO events.outbox (id, type, key, payload)
      VALUES (${id}, ${event.type}, ${event.key}, ${payload}::jsonb)
      RETURNING type
    )
    SELECT pg_notify('codai_events', type) FROM written`
  return id
}

/** Makes the group known and answers up to where it has read. */
export async function loadCursor(pool: Pool, group: string, types: readonly string[]): Promise<Cursor> {
  const { rows } = await pool.query<Cursor>(
    `INSERT INTO events.cursor ("group", types) VALUES ($1, $2)
     ON CONFLICT ("group") DO UPDATE SET types = excluded.types
     RETURNING txid::text, position::text`,
    [group, types],
  )
  return rows[0] ?? { txid: '0', position: '0' }
}

export async function saveCursor(pool: Pool, group: string, cursor: Cursor): Promise<void> {
  await pool.query(
    `UPDATE events.cursor SET txid = $2::xid8, position = $3
     WHERE "group" = $1 AND (txid, position) < ($2::xid8, $3::bigint)`,
    [group, cursor.txid, cursor.position],
  )
}

/**
 * The oldest transaction that may still commit, and whether events wait beyond it: what stands before it can no
 * longer change, what stands after it may yet be preceded by others.
 */
export async function readHorizon(pool: Pool, types: readonly string[]): Promise<{ txid: string; waiting: boolean }> {
  const { rows } = await pool.query<{ txid: string; waiting: boolean }>(
    `WITH horizon AS (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS txid)
     SELECT txid::text, EXISTS (
       SELECT 1 FROM events.outbox WHERE outbox.txid >= horizon.txid AND type = ANY ($1)
     ) AS waiting FROM horizon`,
    [types],
  )
  return rows[0] ?? { txid: '0', waiting: false }
}

/** What the group has still to handle after the cursor and before the horizon, in order, without the given keys. */
export async function readBatch(
  pool: Pool,
  options: {
    group: string
    types: readonly string[]
    after: Cursor
    before: string
    withoutKeys: readonly string[]
    limit: number
  },
): Promise<StoredEvent[]> {
  const { group, types, after, before, withoutKeys, limit } = options
  const { rows } = await pool.query<EventRow>(
    `SELECT id, type, key, payload, created_at, txid::text, position::text FROM events.outbox
     WHERE (outbox.txid, outbox.position) > ($1::xid8, $2::bigint) AND outbox.txid < $3::xid8
       AND type = ANY ($4) AND key <> ALL ($5)
       AND NOT EXISTS (SELECT 1 FROM events.inbox WHERE inbox."group" = $6 AND inbox.event_id = outbox.id)
     ORDER BY outbox.txid, outbox.position LIMIT $7`,
    [after.txid, after.position, before, types, withoutKeys, group, limit],
  )
  return rows.map(({ id, type, key, payload, created_at, txid, position }) => ({
    id,
    type,
    key,
    payload,
    publishedAt: created_at,
    cursor: { txid, position },
  }))
}

export async function readDeadLetters(pool: Pool, group: string): Promise<DeadLetter[]> {
  const { rows } = await pool.query<
    Omit<EventRow, 'id' | 'created_at'> & {
      event_id: string
      published_at: Date
      error: string
      attempts: number
      failed_at: Date
    }
  >(`SELECT * FROM events.dead_letter WHERE "group" = $1 ORDER BY failed_at`, [group])
  return rows.map(({ event_id: id, type, key, payload, published_at: publishedAt, error, attempts, failed_at }) => ({
    event: { id, type, key, payload, publishedAt },
    error,
    attempts,
    failedAt: failed_at,
  }))
}

/** The groups, of the given ones and of those at work anywhere, that have committed events left to handle. */
export async function findUnsettled(pool: Pool, groups: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ group: string }>(
    `SELECT DISTINCT cursor."group" FROM events.cursor
     JOIN events.outbox ON outbox.type = ANY (cursor.types)
       AND (outbox.txid, outbox.position) > (cursor.txid, cursor.position)
       AND NOT EXISTS (SELECT 1 FROM events.inbox WHERE inbox."group" = cursor."group" AND event_id = outbox.id)
     WHERE cursor."group" = ANY ($1) OR EXISTS (
       SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND (classid::bigint << 32 | objid::bigint) = hashtextextended('codai-events:' || cursor."group", 0))
     ORDER BY 1`,
    [groups],
  )
  return rows.map((row) => row.group)
}

/** Forgets events older than the given number of days, handled or not. */
export async function prune(pool: Pool, days: number): Promise<void> {
  await pool.query(`DELETE FROM events.outbox WHERE created_at < now() - make_interval(days => $1)`, [days])
  // A day later: an event must never be there without the note that it was handled.
  await pool.query(`DELETE FROM events.inbox WHERE handled_at < now() - make_interval(days => $1)`, [days + 1])
}
