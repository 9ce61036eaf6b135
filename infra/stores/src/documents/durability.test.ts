import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { silentLogger } from '@codai/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDocuments } from './client.ts'
import type { Documents } from './client.ts'
import { startDocumentServer } from './server.ts'
import type { DocumentServer } from './server.ts'

const FIXTURE = fileURLToPath(new URL('durability.fixture.ts', import.meta.url))

let dataDir = ''
const children: ChildProcess[] = []
const cleanUps: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'codai-durability-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
  await rm(dataDir, { recursive: true, force: true })
})

const start = async (): Promise<DocumentServer> => {
  const server = await startDocumentServer({ dataDir, logger: silentLogger })
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= server.stop())
  cleanUps.push(stop)
  return { url: server.url, stop }
}

const startChild = async (): Promise<{ url: string; pid: number; kill(): Promise<void> }> => {
  const child = spawn(process.execPath, ['--import', 'tsx', FIXTURE, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {
    url,
    pid: child.pid ?? 0,
    kill: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

const connect = async (url: string): Promise<Documents> => {
  const documents = await openDocuments({ url, database: 'durable', logger: silentLogger })
  cleanUps.push(() => documents.close())
  return documents
}

const logFile = () => join(dataDir, 'documents.log')

test('every acknowledged write survives kill -9, and no increment counts twice', async () => {
  const child = await startChild()
  const collection = (await connect(child.url)).connection.collection('writes')
  await collection.createIndex({ writer: 1, n: 1 }, { unique: true })
  await collection.insertOne({ name: 'counter', value: 0 })
  const acknowledged: string[] = []
  let increments = 0

  let killing: Promise<void> | undefined
  const killed = () => (killing ??= child.kill())
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; ; n += 1) {
      await collection.insertOne({ writer, n })
      acknowledged.push(`${writer}:${n}`)
      await collection.updateOne({ name: 'counter' }, { $inc: { value: 1 } })
      increments += 1
      if (acknowledged.length >= 400) await killed()
    }
  }
  await Promise.allSettled(Array.from({ length: 8 }, (_, writer) => write(writer)))

  const restarted = await start()
  const found = (await connect(restarted.url)).connection.collection('writes')
  const kept = new Set(
    (await found.find({ writer: { $exists: true } }).toArray()).map(({ writer, n }) => `${writer}:${n}`),
  )
  expect(acknowledged.filter((written) => !kept.has(written))).toEqual([])
  const counter = await found.findOne({ name: 'counter' })
  expect(counter?.['value']).toBeGreaterThanOrEqual(increments)
  // Each of the eight writers may have had one increment on disk whose answer never came.
  expect(counter?.['value']).toBeLessThanOrEqual(increments + 8)
  expect(await found.indexes()).toHaveLength(2)
}, 60_000)

test('a record that a crash cut short is dropped, and the rest is kept', async () => {
  const first = await start()
  await (await connect(first.url)).connection.collection('c').insertMany([{ n: 1 }, { n: 2 }])
  await first.stop()
  const { size } = await stat(logFile())
  await truncate(logFile(), size - 3)

  const second = await start()
  const collection = (await connect(second.url)).connection.collection('c')
  expect((await collection.find().toArray()).map(({ n }) => n as unknown)).toEqual([1])
  await collection.insertOne({ n: 3 })
  await second.stop()

  const third = await start()
  const found = await (await connect(third.url)).connection.collection('c').find().toArray()
  expect(found.map(({ n }) => n as unknown)).toEqual([1, 3])
})

test('damage before the end of the log is told, and nothing is thrown away', async () => {
  const first = await start()
  await (await connect(first.url)).connection.collection('c').insertMany([{ text: 'x'.repeat(100) }, { n: 2 }])
  await first.stop()
  const bytes = await readFile(logFile())
  bytes.writeUInt8(bytes.readUInt8(60) ^ 0xff, 60)
  await writeFile(logFile(), bytes)
  await expect(start()).rejects.toThrow(/damaged at byte \d+/)
  expect(await readFile(logFile())).toEqual(bytes)
})

test('a log whose length field is nonsense is told, too', async () => {
  const first = await start()
  await (await connect(first.url)).connection.collection('c').insertOne({ n: 1 })
  await first.stop()
  await appendFile(logFile(), Buffer.alloc(64, 0xff))
  await expect(start()).rejects.toThrow('damaged')
})

test('collections, indexes and dropped things are as they were after a restart', async () => {
  const first = await start()
  const before = (await connect(first.url)).connection
  await before.collection('kept').createIndex({ a: 1 }, { unique: true, sparse: true })
  await before.collection('kept').insertMany([{ a: 1 }, { a: 2 }])
  await before.collection('kept').createIndex({ b: 1 })
  await before.collection('kept').dropIndex('b_1')
  await before.collection('kept').deleteOne({ a: 2 })
  await before.collection('gone').insertOne({})
  await before.collection('gone').drop()
  await first.stop()

  const second = await start()
  const after = (await connect(second.url)).connection
  expect((await after.db?.listCollections().toArray())?.map(({ name }) => name)).toEqual(['kept'])
  expect(await after.collection('kept').indexes()).toMatchObject([
    { name: '_id_' },
    { name: 'a_1', unique: true, sparse: true },
  ])
  await expect(after.collection('kept').insertOne({ a: 1 })).rejects.toThrow('E11000')
  await after.collection('kept').insertOne({ a: 2 })
})

test('the log is compacted at start when most of it is outdated', async () => {
  const first = await start()
  const collection = (await connect(first.url)).connection.collection('c')
  await collection.createIndex({ slot: 1 }, { unique: true })
  await collection.insertMany(Array.from({ length: 20 }, (_, slot) => ({ slot, n: 0 })))
  for (let round = 0; round < 100; round += 1) await collection.updateMany({}, { $inc: { n: 1 } })
  await first.stop()
  const { size: before } = await stat(logFile())

  await (await start()).stop()
  const { size: after } = await stat(logFile())
  expect(after).toBeLessThan(before / 20)

  const third = await start()
  const found = (await connect(third.url)).connection.collection('c')
  expect(await found.countDocuments({ n: 100 })).toBe(20)
  await expect(found.insertOne({ slot: 3 })).rejects.toThrow('E11000')
})

test('a second server on the same folder is refused, and says which process holds it', async () => {
  const child = await startChild()
  await expect(start()).rejects.toThrow(`in use by process ${child.pid}`)
  await child.kill()
  await start()
})

test('an address where nothing listens is told within seconds, with what to do', async () => {
  const failure = openDocuments({
    url: 'mongodb://user:hidden@127.0.0.1:1',
    database: 'notes',
    logger: silentLogger,
  }).catch((error: unknown) => error)
  expect(await failure).toMatchObject({ extensions: { code: 'UNAVAILABLE' } })
  expect(String(await failure)).toMatch(/mongodb:\/\/127\.0\.0\.1:1.*"notes".*MONGODB_URL/s)
  expect(String(await failure)).not.toContain('hidden')
}, 15_000)
