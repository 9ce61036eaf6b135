import mongoose from 'mongoose'
import { describe, expect, test } from 'vitest'
import type { ConformanceContext } from './context.ts'
import { failureOf } from './context.ts'

const { Long, ObjectId } = mongoose.mongo
type Fields = Record<string, unknown>

/** A document, an update, and what it becomes. */
const CASES: readonly [string, Fields, Fields, Fields][] = [
  ['$set a field and a path', { a: 1 }, { $set: { a: 2, 'b.c': 3 } }, { a: 2, b: { c: 3 } }],
  ['$set an element', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
  ['$set beyond an array, padding with null', { a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
  ['$unset a field and an element', { a: 1, b: [1, 2] }, { $unset: { a: '', 'b.0': '' } }, { b: [null, 2] }],
  ['$inc, also of a missing field', { a: 1 }, { $inc: { a: 2, b: -1 } }, { a: 3, b: -1 }],
  ['$mul, also of a missing field', { a: 3 }, { $mul: { a: 2, b: 5 } }, { a: 6, b: 0 }],
  ['$min and $max', { a: 5, b: 5 }, { $min: { a: 3, c: 1 }, $max: { b: 3 } }, { a: 3, b: 5, c: 1 }],
  ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c', missing: 'd' } }, { b: 2, c: 1 }],
  ['$push', { a: [1] }, { $push: { a: 2, b: 'x' } }, { a: [1, 2], b: ['x'] }],
  ['$push an array as one element', { a: [1] }, { $push: { a: [2, 3] } }, { a: [1, [2, 3]] }],
  [
    '$push with $each, $position, $sort and $slice',
    { a: [5, 1], b: [1, 2] },
    { $push: { a: { $each: [4, 9], $sort: -1, $slice: 3 }, b: { $each: [0], $position: 0 } } },
    { a: [9, 5, 4], b: [0, 1, 2] },
  ],
  [
    '$push sorted by a field',
    { a: [{ n: 2 }] },
    { $push: { a: { $each: [{ n: 3 }, { n: 1 }], $sort: { n: 1 } } } },
    { a: [{ n: 1 }, { n: 2 }, { n: 3 }] },
  ],
  ['$addToSet', { a: [1, { b: 1 }] }, { $addToSet: { a: { $each: [1, 2, { b: 1 }] } } }, { a: [1, { b: 1 }, 2] }],
  ['$pull a value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull by condition', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  ['$pull documents', { a: [{ n: 1, m: 1 }, { n: 2 }] }, { $pull: { a: { n: 1 } } }, { a: [{ n: 2 }] }],
  ['$pullAll', { a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  ['$pop at both ends', { a: [1, 2, 3], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [2] }],
  ['$bit', { a: 12 }, { $bit: { a: { and: 10 } } }, { a: 8 }],
  ['every element', { a: [1, 2] }, { $inc: { 'a.$[]': 10 } }, { a: [11, 12] }],
  [
    'a field of every element',
    { a: [{ n: 1 }, { n: 2 }] },
    { $set: { 'a.$[].m': 0 } },
    {
      a: [
        { n: 1, m: 0 },
        { n: 2, m: 0 },
      ],
    },
  ],
]

/** A document, an update that is refused, and MongoDB's code for it. */
const REFUSED: readonly [string, Fields, Fields, number][] = [
  ['an unknown operator', { a: 1 }, { $increment: { a: 1 } }, 9],
  ['$inc of a text', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['$inc by a text', { a: 1 }, { $inc: { a: 'x' } }, 14],
  ['$push onto a number', { a: 1 }, { $push: { a: 1 } }, 2],
  ['a path through a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['a change of _id', { a: 1 }, { $set: { _id: 'other' } }, 66],
  ['two operators on one path', { a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a path and one inside it', { a: {} }, { $set: { a: {}, 'a.b': 1 } }, 40],
  ['$[name] without its filter', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
]

export const updatesConformance = (given: ConformanceContext): void => {
  describe('updates', () => {
    test.each(CASES)('%s', async (_, before, update, after) => {
      const collection = given.collection()
      await collection.insertOne({ _id: 'one', ...before })
      expect(await collection.updateOne({ _id: 'one' }, update)).toMatchObject({
        matchedCount: 1,
        modifiedCount: 1,
      })
      const { _id: id, ...fields } = (await collection.findOne()) ?? {}
      expect(id).toBe('one')
      expect(fields).toEqual(after)
    })

    test.each(REFUSED)('refuse %s, and leave the document as it was', async (_, before, update, code) => {
      const collection = given.collection()
      await collection.insertOne({ _id: 'one', ...before })
      expect(await failureOf(collection.updateOne({ _id: 'one' }, update))).toMatchObject({ code })
      expect(await collection.findOne()).toEqual({ _id: 'one', ...before })
    })

    test('an update that changes nothing matches and modifies nothing', async () => {
      const collection = given.collection()
      await collection.insertOne({ a: 1 })
      expect(await collection.updateOne({}, { $set: { a: 1 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 })
    })

    test('the positional operator changes the element that the query matched', async () => {
      const collection = given.collection()
      await collection.insertOne({
        items: [
          { sku: 'a', n: 1 },
          { sku: 'b', n: 1 },
        ],
      })
      await collection.updateOne({ 'items.sku': 'b' }, { $inc: { 'items.$.n': 5 } })
      await collection.updateOne({ items: { $elemMatch: { sku: 'a', n: 1 } } }, { $set: { 'items.$.hit': true } })
      expect((await collection.findOne())?.['items']).toEqual([
        { sku: 'a', n: 1, hit: true },
        { sku: 'b', n: 6 },
      ])
    })

    test('array filters choose elements', async () => {
      const collection = given.collection()
      await collection.insertOne({ grades: [{ mark: 40 }, { mark: 90 }], scores: [1, 8] })
      await collection.updateOne(
        {},
        { $set: { 'grades.$[low].retry': true, 'scores.$[high]': 10 } },
        { arrayFilters: [{ 'low.mark': { $lt: 50 } }, { high: { $gt: 5 } }] },
      )
      const found = await collection.findOne()
      expect(found?.['grades']).toEqual([{ mark: 40, retry: true }, { mark: 90 }])
      expect(found?.['scores']).toEqual([1, 10])
    })

    test('updateMany changes all that match, updateOne the first', async () => {
      const collection = given.collection()
      await collection.insertMany(Array.from({ length: 5 }, (_, index) => ({ n: index, done: false })))
      expect(await collection.updateMany({ n: { $gt: 1 } }, { $set: { done: true } })).toMatchObject({
        modifiedCount: 3,
      })
      expect(await collection.updateOne({ done: false }, { $set: { done: true } })).toMatchObject({ modifiedCount: 1 })
      expect(await collection.countDocuments({ done: true })).toBe(4)
    })

    test('$currentDate sets a date', async () => {
      const collection = given.collection()
      await collection.insertOne({ a: 1 })
      await collection.updateOne({}, { $currentDate: { at: true } })
      expect((await collection.findOne())?.['at']).toBeInstanceOf(Date)
    })

    test('an upsert takes over what the filter says, and inserts once', async () => {
      const collection = given.collection()
      const upsert = () =>
        collection.updateOne(
          { key: 'k', 'deep.field': 1, n: { $gt: 3 } },
          { $set: { value: 1 }, $setOnInsert: { first: true }, $inc: { n: 5 } },
          { upsert: true },
        )
      const made = await upsert()
      expect(made).toMatchObject({ matchedCount: 0, upsertedCount: 1 })
      expect(made.upsertedId).toBeInstanceOf(ObjectId)
      expect(await upsert()).toMatchObject({ matchedCount: 1, upsertedCount: 0 })
      const { _id: id, ...fields } = (await collection.findOne()) ?? {}
      expect(id).toEqual(made.upsertedId)
      expect(fields).toEqual({ key: 'k', deep: { field: 1 }, value: 1, first: true, n: 10 })
    })

    test('replacing keeps the _id and nothing else', async () => {
      const collection = given.collection()
      await collection.insertOne({ _id: 1, a: 1, b: 2 })
      await collection.replaceOne({ a: 1 }, { c: 3 })
      expect(await collection.findOne()).toEqual({ _id: 1, c: 3 })
    })

    test('a pipeline computes from the document', async () => {
      const collection = given.collection()
      await collection.insertOne({ _id: 1, price: 5, count: 3 })
      await collection.updateOne({}, [{ $set: { total: { $multiply: ['$price', '$count'] } } }, { $unset: 'price' }])
      expect(await collection.findOne()).toEqual({ _id: 1, count: 3, total: 15 })
    })

    test('findOneAndUpdate gives the document before or after, sorted and projected', async () => {
      const collection = given.collection()
      await collection.insertMany([
        { _id: 1, n: 1, rank: 2 },
        { _id: 2, n: 1, rank: 1 },
      ])
      const before = await collection.findOneAndUpdate({ n: 1 }, { $inc: { n: 1 } }, { sort: { rank: 1 } })
      expect(before).toEqual({ _id: 2, n: 1, rank: 1 })
      const after = await collection.findOneAndUpdate(
        { _id: 2 },
        { $inc: { n: 1 } },
        { returnDocument: 'after', projection: { n: 1, _id: 0 } },
      )
      expect(after).toEqual({ n: 3 })
      expect(await collection.findOneAndUpdate({ n: 'none' }, { $set: { n: 0 } })).toBeNull()
      const made = await collection.findOneAndUpdate(
        { n: 9 },
        { $set: { m: 1 } },
        { upsert: true, returnDocument: 'after' },
      )
      expect(made).toMatchObject({ n: 9, m: 1 })
      expect(await collection.findOneAndDelete({ n: 9 })).toMatchObject({ m: 1 })
      expect(await collection.findOneAndReplace({ _id: 1 }, { z: 1 }, { returnDocument: 'after' })).toEqual({
        _id: 1,
        z: 1,
      })
      expect(await collection.countDocuments()).toBe(2)
    })

    test('deleteOne removes one, deleteMany all', async () => {
      const collection = given.collection()
      await collection.insertMany([{ a: 1 }, { a: 1 }, { a: 1 }])
      expect(await collection.deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 })
      expect(await collection.deleteMany({ a: 1 })).toMatchObject({ deletedCount: 2 })
    })

    test('a bulk write tells what was done, and stops at the first error when it is ordered', async () => {
      const collection = given.collection()
      const operations = [
        { insertOne: { document: { _id: 1 } } },
        { insertOne: { document: { _id: 1 } } },
        { insertOne: { document: { _id: 2 } } },
      ]
      expect(await failureOf(collection.bulkWrite(operations))).toMatchObject({ code: 11_000, insertedCount: 1 })
      expect(await failureOf(collection.bulkWrite(operations, { ordered: false }))).toMatchObject({ insertedCount: 1 })
      expect(await collection.countDocuments()).toBe(2)
    })

    test('int64 stays exact, and an overflow is refused', async () => {
      const collection = given.collection()
      const longs = { promoteLongs: false }
      await collection.insertOne({ _id: 1, n: Long.fromString('9007199254740993') })
      await collection.updateOne({}, { $inc: { n: 2 } })
      expect(String((await collection.findOne({}, longs))?.['n'])).toBe('9007199254740995')
      await collection.updateOne({}, { $mul: { n: Long.fromNumber(3) } })
      expect(String((await collection.findOne({}, longs))?.['n'])).toBe('27021597764222985')
      await collection.updateOne({}, { $set: { n: Long.MAX_VALUE } })
      expect(await failureOf(collection.updateOne({}, { $inc: { n: 1 } }))).toMatchObject({ code: 2 })
      expect(String((await collection.findOne({}, longs))?.['n'])).toBe('9223372036854775807')
    })

    test('an int32 that grows beyond its range becomes an int64', async () => {
      const collection = given.collection()
      await collection.insertOne({ n: 2_147_483_647 })
      await collection.updateOne({}, { $inc: { n: 1 } })
      expect(await collection.countDocuments({ n: { $type: 'long' } })).toBe(1)
      expect((await collection.findOne())?.['n']).toBe(2_147_483_648)
    })
  })
}
