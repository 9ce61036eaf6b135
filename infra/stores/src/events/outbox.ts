import type { Pool } from 'pg'
import { ulid } from 'ulid'

import type { DeadLetter, NewEvent, PublishedEvent, PublishTransaction } from './types.ts'

/** The number of a transaction; it has 64 bits, and so travels as text. */
export type Txid = string

/** `held`: an earlier event of the same key is committed, but lies beyond the present window. */
export type StoredEvent = PublishedEvent & { held: boolean }

/** The transactions to be read now, up to and with `through`. */
export type ReadingWindow = {
  through: Txid
  /** Whether that is as far as one can read at present: all transactions up to it have ended. */
  complete: boolean
  /** Whether events lie beyond, waiting for an older transaction to end. */
  waiting: boolean
}

type EventRow = {
  id: string
  type: string
  key: string
  payload: unknown
  created_at: Date
  held: boolean
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

/** Makes the group known and answers the last transaction that it need not read again. */
export async function loadCursor(pool: Pool, group: string, types: readonly string[]): Promise<Txid> {
  const { rows } = await pool.query<{ txid: Txid }>(
    `INSERT INTO events.cursor ("group", types) VALUES ($1, $2)
     ON CONFLICT ("group") DO UPDATE SET types = excluded.types
     RETURNING txid::text`,
    [group, types],
  )
  return rows[0]?.txid ?? '0'
}

export async function saveCursor(pool: Pool, group: string, cursor: Txid): Promise<void> {
  await pool.query('UPDATE events.cursor SET txid = $2::xid8 WHERE "group" = $1 AND txid < $2::xid8', [group, cursor])
}

/** The next transactions after the cursor that together hold about `size` events, none of them undecided. */
export async function readWindow(
  pool: Pool,
  options: { types: readonly string[]; after: Txid; size: number },
): Promise<ReadingWindow> {
  const { types, after, size } = options
  const { rows } = await pool.query<ReadingWindow & { last: Txid }>(
    `WITH decided AS (SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8 AS last)
     SELECT last::text,
       COALESCE((
         SELECT txid FROM events.outbox WHERE txid > $2::xid8 AND txid <= last AND type = ANY ($1)
         ORDER BY txid, position OFFSET $3 LIMIT 1
       ), last)::text AS through,
       EXISTS (SELECT 1 FROM events.outbox WHERE txid > last AND type = ANY ($1)) AS waiting
     FROM decided`,
    [types, after, size - 1],
  )
  const { last = after, through = after, waiting = false } = rows[0] ?? {}
  return { through, complete: through === last, waiting }
}

/**
 * What the group has still to handle of the window, without the given keys, in the order of writing. Who waits for
 * another's commit before changing the same thing publishes after it, though its transaction may have begun before:
 * so an event is held as long as one of its key, written before it, lies beyond the window.
 */
export async function readBatch(
  pool: Pool,
  options: { group: string; types: readonly string[]; after: Txid; through: Txid; withoutKeys: readonly string[] },
): Promise<StoredEvent[]> {
  const { group, types, after, through, withoutKeys } = options
  const { rows } = await pool.query<EventRow>(
    `SELECT id, type, key, payload, created_at, EXISTS (
       SELECT 1 FROM events.outbox AS earlier
       WHERE earlier.key = outbox.key AND earlier.position < outbox.position
         AND earlier.txid > $2::xid8 AND earlier.type = ANY ($3)
         AND NOT EXISTS (SELECT 1 FROM events.inbox WHERE "group" = $5 AND event_id = earlier.id)
     ) AS held
     FROM events.outbox
     WHERE txid > $1::xid8 AND txid <= $2::xid8 AND type = ANY ($3) AND key <> ALL ($4)
       AND NOT EXISTS (SELECT 1 FROM events.inbox WHERE "group" = $5 AND event_id = outbox.id)
     ORDER BY position`,
    [after, through, types, withoutKeys, group],
  )
  return rows.map(({ created_at: publishedAt, ...row }) => ({ ...row, publishedAt }))
}

export async function readDeadLetters(pool: Pool, group: string): Promise<DeadLetter[]> {
  const { rows } = await pool.query<
    Pick<EventRow, 'type' | 'key' | 'payload'> & {
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
       AND outbox.txid > cursor.txid
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
