import type { Logger } from '@codai/runtime'
import type { Client } from 'pg'

/**
 * Transaction numbers mean something on the server that gave them only. When the tables have come to another one (a
 * restored dump), every event would lie in its future or every cursor beyond its present: so both are numbered anew.
 */
export async function rebaseAfterMove(client: Client, logger: Logger): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query('LOCK TABLE events.cluster IN EXCLUSIVE MODE')
    const { rows } = await client.query<{ here: string; known: string | null }>(
      `SELECT system_identifier::text AS here, (SELECT system_identifier::text FROM events.cluster) AS known
       FROM pg_control_system()`,
    )
    const { here, known } = rows[0] ?? {}
    if (here !== known && known !== null) {
      logger.warn('the event tables have come from another PostgreSQL server: numbering their events anew')
      await renumber(client)
    }
    if (here !== known) {
      await client.query(
        `INSERT INTO events.cluster (system_identifier) VALUES ($1)
         ON CONFLICT (single) DO UPDATE SET system_identifier = excluded.system_identifier`,
        [here],
      )
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Notes one by one what the cursors say was handled, and puts every event and cursor at the beginning of time. */
async function renumber(client: Client): Promise<void> {
  // 3 is the first number a server gives, long before it has tables of ours.
  await client.query(`
    LOCK TABLE events.outbox, events.cursor IN EXCLUSIVE MODE;
    INSERT INTO events.inbox ("group", event_id)
      SELECT cursor."group", outbox.id FROM events.cursor
      JOIN events.outbox ON outbox.txid <= cursor.txid AND outbox.type = ANY (cursor.types)
      ON CONFLICT DO NOTHING;
    UPDATE events.cursor SET txid = '0';
    UPDATE events.outbox SET txid = '3'`)
}
