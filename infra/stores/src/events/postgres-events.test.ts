import { silentLogger } from '@codai/runtime'
import { Pool } from 'pg'
import { expect, inject, test } from 'vitest'

import { createDatabaseOn } from '../testing/index.ts'
import type { EventsUnderTest } from './events.conformance.ts'
import { eventsConformance } from './events.conformance.ts'
import { openEvents } from './postgres-events.ts'
import type { PublishTransaction } from './types.ts'

const SETTINGS = { attempts: 3, firstDelay: 10 }

async function createStore(serverUrl: string): Promise<EventsUnderTest & { pool: Pool; url: string }> {
  const database = await createDatabaseOn(serverUrl)
  const pool = new Pool({ connectionString: database.url })
  pool.on('error', () => {})
  await pool.query('CREATE TABLE note (position serial, line text)')
  return {
    pool,
    url: database.url,
    open: () => openEvents({ url: database.url, logger: silentLogger, settings: SETTINGS }),
    async transaction(work) {
      const client = await pool.connect()
      const transaction: PublishTransaction = {
        async $executeRaw(strings, ...values) {
          const sql = strings.reduce((text, part, index) => `${text}$${index}${part}`)
          return (await client.query(sql, values)).rowCount ?? 0
        },
      }
      try {
        await client.query('BEGIN')
        await work(transaction)
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
    note: async (transaction, line) => void (await transaction.query('INSERT INTO note (line) VALUES ($1)', [line])),
    notes: async () =>
      (await pool.query<{ line: string }>('SELECT line FROM note ORDER BY position')).rows.map((row) => row.line),
    async close() {
      await pool.end()
      await database.drop()
    },
  }
}

eventsConformance('embedded PostgreSQL', () => createStore(inject('postgresUrl')))

const realServer = inject('realPostgresUrl')
if (realServer !== undefined) eventsConformance('real PostgreSQL', () => createStore(realServer))

const publishTo = (store: EventsUnderTest, bus: Awaited<ReturnType<EventsUnderTest['open']>>, text: string) =>
  store.transaction(
    async (transaction) => void (await bus.publish(transaction, { type: 'note.written', key: 'a', payload: { text } })),
  )

const noteAll = (store: EventsUnderTest, bus: Awaited<ReturnType<EventsUnderTest['open']>>) =>
  bus.subscribe({
    group: 'group',
    types: ['note.written'],
    handle: ({ payload }, transaction) => store.note(transaction, (payload as { text: string }).text),
  })

test('a bus whose connections the server has cut finds its way back', async () => {
  const store = await createStore(inject('postgresUrl'))
  const bus = await store.open()
  noteAll(store, bus)
  await publishTo(store, bus, 'before')
  await bus.settled()
  await store.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  await publishTo(store, bus, 'after')
  await expect.poll(() => store.notes(), { timeout: 20_000 }).toEqual(['before', 'after'])
  await bus.close()
  await store.close()
})

test('a handler that hides a failed statement has not handled the event', async () => {
  const store = await createStore(inject('postgresUrl'))
  const bus = await store.open()
  bus.subscribe({
    group: 'group',
    types: ['note.written'],
    handle: async (_, transaction) => {
      await transaction.query('SELECT * FROM nowhere').catch(() => undefined)
    },
  })
  await publishTo(store, bus, 'hello')
  await bus.settled()
  expect(await bus.deadLetters('group')).toMatchObject([{ error: expect.stringContaining('the handler hid that') }])
  await bus.close()
  await store.close()
})

test('tables that came from another server deliver what was left, once and in order', async () => {
  const store = await createStore(inject('postgresUrl'))
  const before = await store.open()
  const subscription = noteAll(store, before)
  await publishTo(store, before, 'one')
  await before.settled()
  await subscription.stop()
  await publishTo(store, before, 'two')
  await before.close()
  // As if restored from a server that had run many more transactions than this one.
  await store.pool.query(`
    UPDATE events.cluster SET system_identifier = 1;
    UPDATE events.outbox SET txid = (txid::text::bigint + 1000000000)::text::xid8;
    UPDATE events.cursor SET txid = (txid::text::bigint + 1000000000)::text::xid8;
    TRUNCATE events.inbox`)

  const bus = await store.open()
  noteAll(store, bus)
  await publishTo(store, bus, 'three')
  await bus.settled()
  expect(await store.notes()).toEqual(['one', 'two', 'three'])
  await bus.close()
  await store.close()
})
