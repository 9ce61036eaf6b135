import { describe, expect, test } from 'vitest'
import type { ConformanceContext } from './context.ts'
import { failureOf } from './context.ts'

const duplicate = { code: 11_000 }

export const indexesConformance = (given: ConformanceContext): void => {
  describe('indexes', () => {
    test('the _id is unique, and a duplicate names it', async () => {
      const collection = given.collection()
      await collection.insertOne({ _id: 'a' })
      expect(await failureOf(collection.insertOne({ _id: 'a' }))).toMatchObject({
        ...duplicate,
        keyPattern: { _id: 1 },
        keyValue: { _id: 'a' },
      })
    })

    test('a unique index refuses inserts, updates and upserts that repeat a value', async () => {
      const collection = given.collection()
      await collection.createIndex({ email: 1 }, { unique: true })
      await collection.insertMany([{ email: 'a' }, { email: 'b' }])
      const refused = { ...duplicate, keyPattern: { email: 1 }, keyValue: { email: 'a' } }
      expect(await failureOf(collection.insertOne({ email: 'a' }))).toMatchObject(refused)
      expect(await failureOf(collection.updateOne({ email: 'b' }, { $set: { email: 'a' } }))).toMatchObject(refused)
      expect(await failureOf(collection.replaceOne({ email: 'b' }, { email: 'a' }))).toMatchObject(duplicate)
      expect(await failureOf(collection.findOneAndUpdate({ email: 'b' }, { $set: { email: 'a' } }))).toMatchObject(
        duplicate,
      )
      expect(new Set(await collection.distinct('email'))).toEqual(new Set(['a', 'b']))
      await collection.updateOne({ email: 'a' }, { $set: { email: 'a', again: true } })
      await collection.deleteOne({ email: 'a' })
      await collection.insertOne({ email: 'a' })
      expect(await collection.countDocuments()).toBe(2)
    })

    test('a missing value counts as null, and a sparse index leaves it out', async () => {
      const collection = given.collection()
      await collection.createIndex({ a: 1 }, { unique: true })
      await collection.createIndex({ b: 1 }, { unique: true, sparse: true })
      await collection.insertOne({ x: 1 })
      expect(await failureOf(collection.insertOne({ a: null }))).toMatchObject(duplicate)
      await collection.insertOne({ a: 1 })
      await collection.insertOne({ a: 2, b: null })
      expect(await failureOf(collection.insertOne({ a: 3, b: null }))).toMatchObject(duplicate)
      expect(await collection.countDocuments({ b: null })).toBe(3)
    })

    test('a compound index is unique by all its fields together', async () => {
      const collection = given.collection()
      await collection.createIndex({ owner: 1, slug: 1 }, { unique: true })
      await collection.insertMany([
        { owner: 1, slug: 'a' },
        { owner: 1, slug: 'b' },
        { owner: 2, slug: 'a' },
      ])
      expect(await failureOf(collection.insertOne({ owner: 2, slug: 'a' }))).toMatchObject({
        ...duplicate,
        keyPattern: { owner: 1, slug: 1 },
        keyValue: { owner: 2, slug: 'a' },
      })
    })

    test('a partial index is unique among the documents that it covers', async () => {
      const collection = given.collection()
      await collection.createIndex({ slug: 1 }, { unique: true, partialFilterExpression: { published: true } })
      await collection.insertMany([{ slug: 'a' }, { slug: 'a' }, { slug: 'a', published: true }])
      expect(await failureOf(collection.insertOne({ slug: 'a', published: true }))).toMatchObject(duplicate)
      expect(await failureOf(collection.updateMany({ slug: 'a' }, { $set: { published: true } }))).toMatchObject(
        duplicate,
      )
      expect(await collection.countDocuments({ slug: 'a' })).toBe(3)
    })

    test('the elements of an array are unique across documents, not within one', async () => {
      const collection = given.collection()
      await collection.createIndex({ tags: 1 }, { unique: true })
      await collection.insertOne({ tags: ['a', 'b', 'a'] })
      expect(await failureOf(collection.insertOne({ tags: ['c', 'b'] }))).toMatchObject(duplicate)
      await collection.insertOne({ tags: ['c', 'd'] })
      expect(await collection.countDocuments({ tags: 'c' })).toBe(1)
    })

    test('numbers of different kinds are one value', async () => {
      const collection = given.collection()
      await collection.createIndex({ n: 1 }, { unique: true })
      await collection.insertOne({ n: 5 })
      expect(await failureOf(collection.insertOne({ n: 5n }))).toMatchObject(duplicate)
    })

    test('a unique index is not built over documents that break it', async () => {
      const collection = given.collection()
      await collection.insertMany([{ a: 1 }, { a: 1 }])
      expect(await failureOf(collection.createIndex({ a: 1 }, { unique: true }))).toMatchObject(duplicate)
      expect(await collection.indexes()).toHaveLength(1)
    })

    test('indexes are listed, made once, and dropped by name', async () => {
      const collection = given.collection()
      expect(await collection.createIndex({ a: 1, b: -1 }, { unique: true })).toBe('a_1_b_-1')
      await collection.createIndex({ a: 1, b: -1 }, { unique: true })
      expect(await collection.indexes()).toMatchObject([
        { name: '_id_', key: { _id: 1 } },
        { name: 'a_1_b_-1', key: { a: 1, b: -1 }, unique: true },
      ])
      expect(await failureOf(collection.createIndex({ c: 1 }, { name: 'a_1_b_-1' }))).toMatchObject({ code: 86 })
      expect(await failureOf(collection.dropIndex('none'))).toMatchObject({ code: 27 })
      await collection.dropIndex('a_1_b_-1')
      expect(await collection.indexes()).toHaveLength(1)
    })

    test('collections are listed and dropped with their indexes', async () => {
      const collection = given.collection()
      await collection.createIndex({ a: 1 })
      await collection.insertOne({ a: 1 })
      const names = async () => {
        const listed = await given.documents().connection.db?.listCollections().toArray()
        return (listed ?? []).map(({ name }) => name)
      }
      expect(await names()).toContain(collection.collectionName)
      await collection.drop()
      expect(await names()).not.toContain(collection.collectionName)
      expect(await collection.countDocuments()).toBe(0)
    })
  })
}
