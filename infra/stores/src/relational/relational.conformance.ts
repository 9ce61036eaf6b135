import { fileURLToPath } from 'node:url'

import { silentLogger } from '@codai/runtime'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openEvents } from '../events/postgres-events.ts'
import type { TestDatabase } from '../testing/database.ts'
import { createDatabaseOn } from '../testing/database.ts'
import type { Relational } from './client.ts'
import { openRelational } from './client.ts'
import type { ConformanceClient, Sample } from './conformance/model.ts'
import { loadClient } from './conformance/model.ts'
import { applyMigrations } from './migrations.ts'
import { serializable } from './serializable.ts'

const MIGRATIONS = fileURLToPath(new URL('conformance/migrations', import.meta.url))

/** What every relational server we run on must do, whoever started it. `serverUrl` is asked when the suite begins. */
export function relationalConformance(name: string, serverUrl: () => string): void {
  describe(`${name}: relational store`, () => {
    let database: TestDatabase
    let store: Relational<ConformanceClient>

    beforeAll(async () => {
      database = await createDatabaseOn(serverUrl())
      await applyMigrations({ url: database.url, service: 'conformance', folder: MIGRATIONS, logger: silentLogger })
      store = await openRelational({
        url: database.url,
        Client: await loadClient(),
        logger: silentLogger,
        applicationName: 'conformance',
      })
    })

    afterAll(async () => {
      await store.close()
      await database.drop()
    })

    const sample = (label: string) => ({
      minor: 9_007_199_254_740_993n,
      rate: '12345678901234567890.123456789012345678',
      takenAt: new Date('2026-02-28T23:59:59.999Z'),
      details: { nested: [1, 'two', null, { deep: true }], ключ: 'значение' },
      label,
    })

    test('every kind of value comes back as it went in', async () => {
      const written = await store.client.sample.create({ data: sample('round trip') })
      const read: Sample = await store.client.sample.findUniqueOrThrow({ where: { id: written.id } })
      const rate = typeof read.rate === 'string' ? read.rate : read.rate.toFixed()
      expect({ ...read, rate }).toEqual({ id: written.id, ...sample('round trip') })
      expect(read.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    })

    test('a second row with the same unique value is refused as P2002', async () => {
      await store.client.sample.create({ data: sample('unique') })
      await expect(store.client.sample.create({ data: sample('unique') })).rejects.toMatchObject({ code: 'P2002' })
    })

    test('concurrent read-then-write counters lose no step', async () => {
      await store.client.counter.create({ data: { name: 'steps', value: 0n } })
      const step = () =>
        serializable(
          store.client,
          async (transaction) => {
            const { value } = await transaction.counter.findUniqueOrThrow({ where: { name: 'steps' } })
            await transaction.counter.update({ where: { name: 'steps' }, data: { value: value + 1n } })
          },
          { attempts: 100 },
        )
      await Promise.all(Array.from({ length: 40 }, step))
      const { value } = await store.client.counter.findUniqueOrThrow({ where: { name: 'steps' } })
      expect(value).toBe(40n)
    })

    test('a write skew is retried, in delegates and in raw SQL alike', async () => {
      await store.client.$executeRaw`INSERT INTO conformance."Counter" VALUES ('left', 1), ('right', 1)`
      const bothHaveRead = meeting(2)
      const runs = { left: 0, right: 0 }
      // Each takes one only if the two have two together: one after the other, the second must not.
      const take = (name: 'left' | 'right') =>
        serializable(store.client, async (transaction) => {
          runs[name] += 1
          const [row] = await transaction.$queryRaw<{ sum: string }[]>`
            SELECT sum(value)::text AS sum FROM conformance."Counter" WHERE name IN ('left', 'right')`
          if (runs[name] === 1) await bothHaveRead()
          if (row?.sum !== '2') return false
          await transaction.$executeRaw`UPDATE conformance."Counter" SET value = value - 1 WHERE name = ${name}`
          return true
        })
      const taken = await Promise.all([take('left'), take('right')])
      expect(taken.filter(Boolean)).toHaveLength(1)
      expect(runs.left + runs.right).toBe(3)
    })

    test('a deadlock is retried', async () => {
      await store.client.$executeRaw`INSERT INTO conformance."Counter" VALUES ('here', 0), ('there', 0)`
      const bothHoldOne = meeting(2)
      const add = (names: string[]) => {
        let run = 0
        return serializable(store.client, async (transaction) => {
          run += 1
          for (const name of names) {
            await transaction.counter.update({ where: { name }, data: { value: { increment: 1 } } })
            if (run === 1) await bothHoldOne()
          }
        })
      }
      await Promise.all([add(['here', 'there']), add(['there', 'here'])])
      const { value } = await store.client.counter.findUniqueOrThrow({ where: { name: 'there' } })
      expect(value).toBe(2n)
    })

    test('who loses every time is told CONFLICT', async () => {
      await store.client.counter.create({ data: { name: 'contested', value: 0n } })
      const lost = serializable(
        store.client,
        async (transaction) => {
          await transaction.counter.findUniqueOrThrow({ where: { name: 'contested' } })
          await store.client.counter.update({ where: { name: 'contested' }, data: { value: { increment: 1 } } })
          await transaction.counter.update({ where: { name: 'contested' }, data: { value: 0n } })
        },
        { attempts: 2 },
      )
      await expect(lost).rejects.toMatchObject({ extensions: { code: 'CONFLICT' } })
    })

    test('an error of the function itself is not retried, and leaves no trace', async () => {
      let runs = 0
      const failing = serializable(store.client, async (transaction) => {
        runs += 1
        await transaction.counter.create({ data: { name: 'never', value: 1n } })
        throw new Error('refused by a rule')
      })
      await expect(failing).rejects.toThrow('refused by a rule')
      expect(runs).toBe(1)
      const rows = await store.client.$queryRaw`SELECT 1 FROM conformance."Counter" WHERE name = 'never'`
      expect(rows).toEqual([])
    })

    test('an event is published by the transaction that makes the change, and by no other', async () => {
      const bus = await openEvents({ url: database.url, logger: silentLogger })
      const heard: string[] = []
      bus.subscribe({ group: 'test', types: ['counter.made'], handle: async (event) => void heard.push(event.key) })
      const make = (name: string) =>
        serializable(store.client, async (transaction) => {
          await bus.publish(transaction, { type: 'counter.made', key: name, payload: { name } })
          await transaction.counter.create({ data: { name, value: 0n } })
        })
      await make('told')
      await expect(make('told')).rejects.toMatchObject({ code: 'P2002' })
      await bus.settled()
      await bus.close()
      expect(heard).toEqual(['told'])
    })

    test('the check says whether the server answers', async () => {
      await expect(store.check()).resolves.toBeUndefined()
    })
  })
}

/** Lets callers pass only when all of them have come, once; later callers pass at once. */
function meeting(size: number): () => Promise<void> {
  let missing = size
  let open: () => void = () => {}
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return () => {
    missing -= 1
    if (missing <= 0) open()
    return all
  }
}
