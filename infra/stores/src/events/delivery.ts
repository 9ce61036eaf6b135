import type { Pool, PoolClient } from 'pg'

import type { HandlerTransaction, PublishedEvent } from './types.ts'

type Handle = (event: PublishedEvent, transaction: HandlerTransaction) => Promise<void>

/**
 * Handles the event unless the group has done so already; the note of it and the handler's effects commit together.
 * Rejects with the handler's error, having undone everything.
 */
export async function deliver(pool: Pool, group: string, event: PublishedEvent, handle: Handle): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await noteHandled(client, group, event.id))) return
    const { transaction, end } = handlerTransaction(client)
    await handle(event, transaction).finally(end)
  })
}

/** Puts the event aside as given up, so that the group goes on without it. */
export async function giveUp(
  pool: Pool,
  group: string,
  event: PublishedEvent,
  failure: { error: string; attempts: number },
): Promise<void> {
  await inTransaction(pool, async (client) => {
    if (!(await noteHandled(client, group, event.id))) return
    await client.query(
      `INSERT INTO events.dead_letter ("group", event_id, type, key, payload, published_at, error, attempts)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        group,
        event.id,
        event.type,
        event.key,
        JSON.stringify(event.payload),
        event.publishedAt,
        failure.error,
        failure.attempts,
      ],
    )
  })
}

async function noteHandled(client: PoolClient, group: string, eventId: string): Promise<boolean> {
  // Waits for a rival that is handling the same event, and then sees its note: so it is never handled twice.
  const { rowCount } = await client.query(
    `INSERT INTO events.inbox ("group", event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [group, eventId],
  )
  return rowCount === 1
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  let broken: Error | undefined
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN')
    await work(client)
    const { command } = await client.query('COMMIT')
    // That is how PostgreSQL ends a transaction of which a statement failed unnoticed.
    if (command !== 'COMMIT') throw new Error('A statement of the transaction failed, and the handler hid that.')
  } catch (error) {
    await client.query('ROLLBACK').catch(onError)
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}

function handlerTransaction(client: PoolClient): { transaction: HandlerTransaction; end: () => void } {
  let ended = false
  const run = (sql: string, parameters: readonly unknown[]) => {
    // The connection serves others by then.
    if (ended) throw new Error("The handler's transaction has ended. Await everything that uses it.")
    return client.query(sql, [...parameters])
  }
  const transaction: HandlerTransaction = {
    async query<Row>(sql: string, parameters: readonly unknown[] = []) {
      return (await run(sql, parameters)).rows as Row[]
    },
    async $executeRaw(strings, ...values) {
      const sql = strings.reduce((text, part, index) => `${text}$${index}${part}`)
      return (await run(sql, values)).rowCount ?? 0
    },
  }
  return {
    transaction,
    end: () => {
      ended = true
    },
  }
}
