import mongoose from 'mongoose'
import { describe, expect, test } from 'vitest'
import type { ConformanceContext } from './context.ts'
import { failureOf } from './context.ts'

const times = <T>(count: number, run: (index: number) => Promise<T>): Promise<PromiseSettledResult<T>[]> =>
  Promise.allSettled(Array.from({ length: count }, (_, index) => run(index)))

const succeeded = (results: readonly PromiseSettledResult<unknown>[]): number =>
  results.filter(({ status }) => status === 'fulfilled').length

export const concurrencyConformance = (given: ConformanceContext): void => {
  describe('many clients at once', () => {
    test('two hundred increments all count', async () => {
      const collection = given.collection()
      await collection.insertOne({ _id: 'counter', n: 0 })
      await times(200, () => collection.updateOne({ _id: 'counter' }, { $inc: { n: 1 } }))
      expect(await collection.findOne()).toMatchObject({ n: 200 })
    })

    test('of fifty that want one unique value, one gets it', async () => {
      const collection = given.collection()
      await collection.createIndex({ name: 1 }, { unique: true })
      const results = await times(50, (index) => collection.insertOne({ name: 'wanted', index }))
      expect(succeeded(results)).toBe(1)
      expect(await collection.countDocuments({ name: 'wanted' })).toBe(1)
    })

    test('compare-and-set lets each version be taken once', async () => {
      const collection = given.collection()
      await collection.insertOne({ _id: 'seat', version: 0, owner: null })
      const results = await times(50, (owner) =>
        collection.findOneAndUpdate({ _id: 'seat', version: 0 }, { $set: { owner }, $inc: { version: 1 } }),
      )
      const winners = results.filter((result) => result.status === 'fulfilled' && result.value !== null)
      expect(winners).toHaveLength(1)
      expect(await collection.findOne()).toMatchObject({ version: 1 })
    })

    test('upserts on a unique key make one document', async () => {
      const collection = given.collection()
      await collection.createIndex({ key: 1 }, { unique: true })
      const attempt = () => collection.updateOne({ key: 'k' }, { $inc: { n: 1 } }, { upsert: true })
      // A MongoDB may refuse an upsert that lost the race; its caller then tries again.
      await times(30, () => attempt().catch(attempt))
      expect(await collection.find().toArray()).toMatchObject([{ key: 'k', n: 30 }])
    })

    test('a cursor that is open while documents change gives each at most once', async () => {
      const collection = given.collection()
      await collection.insertMany(Array.from({ length: 500 }, (_, index) => ({ _id: index, n: 0 })))
      const seen: unknown[] = []
      for await (const document of collection.find().sort({ _id: 1 }).batchSize(50)) {
        seen.push(document['_id'])
        if (seen.length === 100) await collection.updateMany({}, { $inc: { n: 1 } })
      }
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toHaveLength(500)
    })

    test('a transaction is either whole or refused, never silently without effect', async () => {
      const { connection } = given.documents()
      const collection = given.collection()
      await collection.insertOne({ _id: 1 })
      const session = await connection.startSession()
      try {
        const failure = await failureOf(
          session.withTransaction(async () => {
            await collection.insertOne({ _id: 2 }, { session })
            throw new Error('Changed my mind')
          }),
        )
        expect(failure).toBeInstanceOf(Error)
      } finally {
        await session.endSession()
      }
      expect(await collection.countDocuments()).toBe(1)
    })

    test('optimistic concurrency of mongoose refuses the second of two saves', async () => {
      const { connection } = given.documents()
      const schema = new mongoose.Schema(
        { title: String },
        { optimisticConcurrency: true, collection: given.collection().collectionName },
      )
      const Note = connection.model(`Note${Date.now()}`, schema)
      const { _id: id } = await Note.create({ title: 'first' })
      const [here, there] = await Promise.all([Note.findById(id).orFail(), Note.findById(id).orFail()])
      here.title = 'here'
      there.title = 'there'
      await here.save()
      expect(await failureOf(there.save())).toMatchObject({ name: 'VersionError' })
      expect(await Note.findById(id).lean()).toMatchObject({ title: 'here', __v: 1 })
    })
  })
}
