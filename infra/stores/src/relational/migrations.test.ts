import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { silentLogger } from '@codai/runtime'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'

import type { TestDatabase } from '../testing/index.ts'
import { createTestDatabase } from '../testing/index.ts'
import { applyMigrations } from './migrations.ts'

let database: TestDatabase
let client: Client
let folder: string

beforeEach(async () => {
  database = await createTestDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  folder = await mkdtemp(join(tmpdir(), 'codai-migrations-'))
  await write('20260101000000_first', 'CREATE TABLE "shop"."item" (name text);')
})

afterEach(async () => {
  await client.end()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true })
  await writeFile(join(folder, name, 'migration.sql'), sql)
}

const migrate = () => applyMigrations({ url: database.url, service: 'shop', folder, logger: silentLogger })

async function recorded(): Promise<unknown[]> {
  const { rows } = await client.query(
    'SELECT migration_name AS name, finished_at IS NOT NULL AS finished FROM shop._prisma_migrations ORDER BY 1',
  )
  return rows
}

test('migrations are applied once, in the order of their names, into the schema of the service', async () => {
  await write('20260102000000_second', `INSERT INTO item VALUES ('apple'); ALTER TABLE item ADD price bigint;`)
  expect(await migrate()).toEqual(['20260101000000_first', '20260102000000_second'])
  expect(await migrate()).toEqual([])
  const { rows } = await client.query('SELECT * FROM shop.item')
  expect(rows).toEqual([{ name: 'apple', price: null }])
})

test('two services of one database do not see each other', async () => {
  await migrate()
  await write('20260101000000_first', 'CREATE TABLE item (other text);')
  await applyMigrations({ url: database.url, service: 'other', folder, logger: silentLogger })
  const { rows } = await client.query('SELECT * FROM other.item, shop.item')
  expect(rows).toEqual([])
})

test('a script that fails leaves nothing of itself, and runs again when it is repaired', async () => {
  await write('20260102000000_second', 'CREATE TABLE shop.half (id int);\nCREATE TABEL shop.other (id int);')
  const failure = migrate()
  await expect(failure).rejects.toMatchObject({ code: 'MIGRATION_FAILED' })
  await expect(failure).rejects.toThrow(/20260102000000_second of shop failed.*at line 2.*TABEL/s)
  expect(await recorded()).toEqual([{ name: '20260101000000_first', finished: true }])

  await write('20260102000000_second', 'CREATE TABLE shop.half (id int);')
  expect(await migrate()).toEqual(['20260102000000_second'])
})

test('a script edited after it was applied is refused with advice', async () => {
  await migrate()
  await write('20260101000000_first', 'CREATE TABLE "shop"."item" (name text, price bigint);')
  const failure = migrate()
  await expect(failure).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' })
  await expect(failure).rejects.toThrow(/edited after it had been applied.*new migration/)
})

test('line ends of another system are not an edit', async () => {
  await write('20260101000000_first', 'CREATE TABLE shop.item (\n  name text\n);\n')
  await migrate()
  await write('20260101000000_first', 'CREATE TABLE shop.item (\r\n  name text\r\n);\r\n')
  expect(await migrate()).toEqual([])
})

test('many processes may migrate at the same time: one does the work', async () => {
  const answers = await Promise.all([1, 2, 3, 4, 5].map(migrate))
  expect(answers.flat()).toEqual(['20260101000000_first'])
})

test("a migration that Prisma's own tool left unfinished stops everything", async () => {
  await migrate()
  await client.query('UPDATE shop._prisma_migrations SET finished_at = NULL')
  await expect(migrate()).rejects.toThrow('prisma migrate resolve')
})

test('an unreachable server is named without its password', async () => {
  const url = 'postgresql://someone:hush@127.0.0.1:1/shop'
  const failure = applyMigrations({ url, service: 'shop', folder, logger: silentLogger })
  await expect(failure).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  await expect(failure).rejects.toThrow(/someone@127\.0\.0\.1:1\/shop/)
  await expect(failure).rejects.not.toThrow(/hush/)
})
