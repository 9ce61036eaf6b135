import { Client } from 'pg'
import { expect, inject, test } from 'vitest'

import { createTestDatabase, prepareTemplate } from './index.ts'

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('two test databases do not see each other', async () => {
  const one = await createTestDatabase()
  const other = await createTestDatabase()
  await query(one.url, 'CREATE TABLE note (text text)')
  expect(await query(other.url, `SELECT to_regclass('note') AS found`)).toEqual([{ found: null }])
  await Promise.all([one.drop(), other.drop()])
})

test('a template is built once, however many ask for it at the same time, and its copies hold its data', async () => {
  const name = `once_${process.pid}`
  let built = 0
  const build = async (url: string) => {
    built += 1
    await query(url, `CREATE TABLE note (text text); INSERT INTO note VALUES ('hello')`)
  }
  await Promise.all([1, 2, 3].map(() => prepareTemplate(name, build)))
  const copies = await Promise.all([1, 2, 3].map(() => createTestDatabase({ from: name })))
  for (const copy of copies) expect(await query(copy.url, 'SELECT text FROM note')).toEqual([{ text: 'hello' }])
  expect(built).toBe(1)
  await Promise.all(copies.map((copy) => copy.drop()))
})

test('a dropped database is gone, even with connections left open', async () => {
  const database = await createTestDatabase()
  const left = new Client({ connectionString: database.url })
  left.on('error', () => {})
  await left.connect()
  await database.drop()
  await expect(query(database.url, 'SELECT 1')).rejects.toThrow('does not exist')
  expect(await query(inject('postgresUrl'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})
