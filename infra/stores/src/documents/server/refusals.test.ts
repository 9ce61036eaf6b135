import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '@codai/runtime'
import mongoose from 'mongoose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureOf } from '../conformance/context.ts'
import { startDocumentServer } from '../server.ts'
import type { DocumentServer } from '../server.ts'

const { Decimal128, Long, MongoClient } = mongoose.mongo

let server: DocumentServer
let client: mongoose.mongo.MongoClient
let dataDir = ''
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'codai-refusals-'))
  server = await startDocumentServer({ dataDir, logger: silentLogger })
  client = await MongoClient.connect(server.url)
})
afterAll(async () => {
  await client.close()
  await server.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const run = (command: mongoose.mongo.Document) => client.db('test').command(command)

test.each<[string, mongoose.mongo.Document, number]>([
  ['a command that does not exist', { makeCoffee: 1 }, 59],
  ['a change stream', { aggregate: 'c', pipeline: [{ $changeStream: {} }], cursor: {} }, 115],
  ['a stage that it does not have', { aggregate: 'c', pipeline: [{ $graphLookup: {} }], cursor: {} }, 115],
  ['a field that a command does not have', { find: 'c', filter: {}, tailable: true }, 40_415],
  ['a collation', { find: 'c', filter: {}, collation: { locale: 'de' } }, 40_415],
  ['acknowledgement by more than one server', { insert: 'c', documents: [{}], writeConcern: { w: 2 } }, 2],
  [
    'an index that expires documents',
    { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', expireAfterSeconds: 5 }] },
    67,
  ],
  ['an index on text', { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a' }] }, 67],
  ['a capped collection', { create: 'c', capped: true, size: 1 }, 40_415],
  [
    'a transaction',
    {
      insert: 'c',
      documents: [{}],
      txnNumber: Long.fromNumber(1),
      startTransaction: true,
      autocommit: false,
      lsid: { id: new mongoose.mongo.UUID() },
    },
    20,
  ],
  ['code in a query', { find: 'c', filter: { $where: 'true' } }, 2],
  ['code in an expression', { aggregate: 'c', pipeline: [{ $project: { a: { $function: {} } } }], cursor: {} }, 168],
])('it refuses %s', async (_, command, code) => {
  expect(await failureOf(run(command))).toMatchObject({ code })
})

test('it refuses an option of one write among many, and tells which', async () => {
  const updates = [
    { q: {}, u: { $set: { a: 1 } } },
    { q: {}, u: { $set: { a: 1 } }, sort: { a: 1 } },
  ]
  expect(await run({ update: 'c', updates })).toMatchObject({ ok: 1, writeErrors: [{ index: 1, code: 40_415 }] })
})

test('an update that finds nothing does not make a collection', async () => {
  await client
    .db('test')
    .collection('phantom')
    .updateOne({ a: 1 }, { $set: { b: 1 } })
  await client
    .db('test')
    .collection('phantom')
    .findOneAndUpdate({ a: 1 }, { $set: { b: 1 } })
  expect(await client.db('test').listCollections({ name: 'phantom' }).toArray()).toEqual([])
})

test('arithmetic that would round is refused: on decimals, and by operators that calculate with doubles', async () => {
  const collection = client.db('test').collection('exact')
  await collection.insertOne({ price: Decimal128.fromString('0.10'), long: Long.fromString('9007199254740993') })
  expect(await failureOf(collection.updateOne({}, { $inc: { price: 1 } }))).toMatchObject({ code: 14 })
  const divided = collection.aggregate([{ $project: { half: { $divide: ['$long', 2] } } }]).toArray()
  expect(await failureOf(divided)).toMatchObject({ code: 14 })
  const summed = collection.aggregate([{ $group: { _id: null, sum: { $sum: '$price' } } }]).toArray()
  expect(await failureOf(summed)).toMatchObject({ code: 14 })
  expect(String((await collection.findOne())?.['price'])).toBe('0.10')
})

test('bytes that are no message close their connection and no other', async () => {
  const port = Number(new URL(server.url).port)
  const socket = createConnection(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const closed = once(socket, 'close')
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await closed
  expect(await run({ ping: 1 })).toMatchObject({ ok: 1 })
})

test('field names cannot reach what objects inherit', async () => {
  const collection = client.db('test').collection('names')
  await collection.insertOne({ constructor: 1, toString: 'x' })
  expect(await collection.countDocuments({ constructor: 1 })).toBe(1)
  expect(await collection.countDocuments({ hasOwnProperty: { $exists: true } })).toBe(0)
  await collection.updateOne({}, { $set: { '__proto__.polluted': true } })
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})
