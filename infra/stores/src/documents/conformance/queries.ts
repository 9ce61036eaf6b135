import mongoose from 'mongoose'
import { describe, expect, test } from 'vitest'
import type { ConformanceContext, NativeCollection } from './context.ts'
import { failureOf } from './context.ts'

const { Decimal128, Long, ObjectId, Binary } = mongoose.mongo
type Filter = Record<string, unknown>

const id = new ObjectId('650000000000000000000001')
const noon = new Date('2026-01-31T12:00:00Z')

/** Documents by number, and for each filter the numbers that match. */
const STOCK: readonly Filter[] = [
  { _id: 1, name: 'Ada', age: 36, tags: ['a', 'b'], born: { year: 1815 }, ref: id },
  { _id: 2, name: 'Grace', age: 85, tags: [], born: { year: 1906, place: null } },
  {
    _id: 3,
    name: 'alan',
    age: null,
    tags: ['b', 'c'],
    items: [
      { sku: 'x', count: 2 },
      { sku: 'y', count: 9 },
    ],
  },
  { _id: 4, name: 'Edsger', tags: 'b', items: [{ sku: 'x', count: 9 }], at: noon },
  { _id: 5, age: Long.fromString('9007199254740993'), items: [], bytes: new Binary(Buffer.from('hi')) },
  { _id: 6, age: Decimal128.fromString('36.0'), nested: [[1, 2], [3]], born: 'unknown' },
]

const CASES: readonly [string, Filter, number[]][] = [
  ['equality', { name: 'Ada' }, [1]],
  ['equality on an element of an array', { tags: 'b' }, [1, 3, 4]],
  ['equality on a whole array, in order', { tags: ['a', 'b'] }, [1]],
  ['no equality on a whole array in another order', { tags: ['b', 'a'] }, []],
  ['an empty array', { tags: [] }, [2]],
  ['equality on a nested array', { nested: [1, 2] }, [6]],
  ['a dotted path', { 'born.year': 1815 }, [1]],
  ['a whole sub-document, in order', { born: { year: 1906, place: null } }, [2]],
  ['no sub-document in another order', { born: { place: null, year: 1906 } }, []],
  ['a path into an array of documents', { 'items.count': 9 }, [3, 4]],
  ['a path with an index', { 'items.0.sku': 'x' }, [3, 4]],
  ['null, which a missing field equals', { age: null }, [3, 4]],
  ['null by type, which a missing field is not', { age: { $type: 'null' } }, [3]],
  ['$exists', { age: { $exists: true } }, [1, 2, 3, 5, 6]],
  ['$exists: false', { age: { $exists: false } }, [4]],
  ['$ne', { name: { $ne: 'Ada' } }, [2, 3, 4, 5, 6]],
  ['$ne on an array, where no element may equal', { tags: { $ne: 'b' } }, [2, 5, 6]],
  ['numbers of all kinds as one', { age: 36 }, [1, 6]],
  ['$gt within numbers only', { age: { $gt: 36 } }, [2, 5]],
  ['$lte across kinds of number', { age: { $lte: 36 } }, [1, 6]],
  ['int64 exactly', { age: Long.fromString('9007199254740993') }, [5]],
  ['not the neighbour of an int64', { age: Long.fromString('9007199254740992') }, []],
  ['a decimal that equals an integer', { age: Decimal128.fromString('36') }, [1, 6]],
  ['$gte null, which only null equals', { age: { $gte: null } }, [3, 4]],
  ['$in', { name: { $in: ['Ada', 'alan'] } }, [1, 3]],
  ['$in with null', { name: { $in: [null] } }, [5, 6]],
  ['$in with a pattern', { name: { $in: [/^G/, 'Ada'] } }, [1, 2]],
  ['$nin', { tags: { $nin: ['a', 'c'] } }, [2, 4, 5, 6]],
  ['$all', { tags: { $all: ['b', 'c'] } }, [3]],
  ['$all on a value that is no array', { tags: { $all: ['b'] } }, [1, 3, 4]],
  ['$size', { tags: { $size: 2 } }, [1, 3]],
  ['$elemMatch, on one and the same element', { items: { $elemMatch: { sku: 'x', count: 9 } } }, [4]],
  ['two paths, on whichever elements', { 'items.sku': 'x', 'items.count': 9 }, [3, 4]],
  ['$elemMatch on values', { tags: { $elemMatch: { $gt: 'b' } } }, [3]],
  ['$not', { age: { $not: { $gt: 40 } } }, [1, 3, 4, 6]],
  ['$and, $or', { $and: [{ tags: 'b' }, { $or: [{ name: 'Ada' }, { 'items.count': 9 }] }] }, [1, 3, 4]],
  ['$nor', { $nor: [{ tags: 'b' }, { age: { $exists: true } }] }, []],
  ['a pattern', { name: /^a/i }, [1, 3]],
  ['$regex with options', { name: { $regex: 'ADA', $options: 'i' } }, [1]],
  ['$not with a pattern', { name: { $not: /a/ } }, [4, 5, 6]],
  ['$mod', { age: { $mod: [5, 0] } }, [2]],
  ['$type of an element', { tags: { $type: 'string' } }, [1, 3, 4]],
  ['$type array', { tags: { $type: 'array' } }, [1, 2, 3]],
  ['$type long and decimal', { age: { $type: ['long', 'decimal'] } }, [5, 6]],
  ['an ObjectId', { ref: id }, [1]],
  ['a date range', { at: { $gt: new Date(0), $lt: new Date('2027-01-01') } }, [4]],
  ['bytes', { bytes: new Binary(Buffer.from('hi')) }, [5]],
  ['$expr comparing two fields', { $expr: { $eq: [{ $size: { $ifNull: ['$items', []] } }, 2] } }, [3]],
  ['$comment, which changes nothing', { name: 'Ada', $comment: 'why' }, [1]],
  ['null behind a value that is no document', { 'born.year': null }, [3, 4, 5, 6]],
]

const REFUSED: readonly [string, Filter, number][] = [
  ['an unknown operator', { name: { $like: 'A' } }, 2],
  ['an unknown top-level operator', { $near: [] }, 2],
  ['$in without an array', { name: { $in: 'Ada' } }, 2],
  ['an empty $or', { $or: [] }, 2],
]

export const queriesConformance = (given: ConformanceContext): void => {
  const stocked = async (): Promise<NativeCollection> => {
    const collection = given.collection()
    await collection.insertMany(STOCK.map((document) => ({ ...document })))
    return collection
  }
  const idsOf = (documents: readonly Filter[]): unknown[] => documents.map((document) => document['_id'])

  describe('queries', () => {
    test.each(CASES)('find %s', async (_, filter, expected) => {
      const collection = await stocked()
      expect(idsOf(await collection.find(filter).sort({ _id: 1 }).toArray())).toEqual(expected)
      expect(await collection.countDocuments(filter)).toBe(expected.length)
    })

    test('find the same by index as without', async () => {
      const collection = await stocked()
      await collection.createIndex({ name: 1, age: -1 })
      await collection.createIndex({ tags: 1 })
      await collection.createIndex({ age: 1 }, { sparse: true })
      await collection.createIndex({ 'items.sku': 1, 'items.count': 1 })
      for (const [, filter, expected] of CASES) {
        const ids = idsOf(await collection.find(filter).sort({ _id: 1 }).toArray())
        expect({ filter, ids }).toEqual({ filter, ids: expected })
      }
    })

    test.each(REFUSED)('refuse %s', async (_, filter, code) => {
      const collection = await stocked()
      expect(await failureOf(collection.find(filter).toArray())).toMatchObject({ code })
    })

    test('sort by MongoDB’s order of types, arrays by their least or greatest element', async () => {
      const collection = given.collection()
      const ordered = [null, -1, Long.fromNumber(5), 7.5, 'Z', 'a', { a: 1 }, Buffer.from('x'), id, false, true, noon]
      await collection.insertMany(ordered.map((value, index) => ({ _id: index, value })).toReversed())
      const ascending = await collection.find().sort({ value: 1 }).toArray()
      expect(idsOf(ascending)).toEqual(ordered.map((_, index) => index))
      expect(idsOf(await collection.find().sort({ value: -1 }).toArray())).toEqual(idsOf(ascending).toReversed())

      const arrays = given.collection()
      await arrays.insertMany([
        { _id: 1, v: [5, 1] },
        { _id: 2, v: [3] },
        { _id: 3, v: 2 },
        { _id: 4, v: [] },
      ])
      expect(idsOf(await arrays.find().sort({ v: 1 }).toArray())).toEqual([4, 1, 3, 2])
      expect(idsOf(await arrays.find().sort({ v: -1 }).toArray())).toEqual([1, 2, 3, 4])
    })

    test('sort by several fields, skip and limit', async () => {
      const collection = given.collection()
      await collection.insertMany(
        Array.from({ length: 20 }, (_, index) => ({ _id: index, group: index % 3, rank: 20 - index })),
      )
      const page = await collection.find().sort({ group: -1, rank: 1 }).skip(2).limit(3).toArray()
      expect(idsOf(page)).toEqual([11, 8, 5])
    })

    test.each<[string, Filter, unknown]>([
      ['included fields', { name: 1, 'born.year': 1 }, { _id: 1, name: 'Ada', born: { year: 1815 } }],
      ['no _id', { _id: 0, name: 1 }, { name: 'Ada' }],
      ['excluded fields', { name: 0, age: 0, tags: 0, 'born.year': 0, ref: 0 }, { _id: 1, born: {} }],
      ['$slice beside included fields', { name: 1, tags: { $slice: -1 } }, { _id: 1, name: 'Ada', tags: ['b'] }],
      ['$elemMatch', { tags: { $elemMatch: { $gt: 'a' } } }, { _id: 1, tags: ['b'] }],
      ['computed fields', { _id: 0, next: { $add: ['$age', 1] } }, { next: 37 }],
    ])('project %s', async (_, projection, expected) => {
      const collection = await stocked()
      expect(await collection.findOne({ _id: 1 }, { projection })).toEqual(expected)
    })

    test('project the matched element of an array', async () => {
      const collection = await stocked()
      const found = await collection.findOne({ 'items.sku': 'y' }, { projection: { 'items.$': 1 } })
      expect(found).toEqual({ _id: 3, items: [{ sku: 'y', count: 9 }] })
    })

    test('refuse a projection that includes and excludes', async () => {
      const collection = await stocked()
      expect(await failureOf(collection.findOne({}, { projection: { name: 1, age: 0 } }))).toMatchObject({
        code: expect.any(Number),
      })
    })

    test('fetch a large result in batches, each document once', async () => {
      const collection = given.collection()
      await collection.insertMany(Array.from({ length: 2_500 }, (_, index) => ({ _id: index })))
      const seen: unknown[] = []
      for await (const document of collection.find().sort({ _id: 1 }).batchSize(100)) seen.push(document['_id'])
      expect(seen).toEqual(Array.from({ length: 2_500 }, (_, index) => index))
    })

    test('a cursor that is closed early is gone', async () => {
      const collection = given.collection()
      await collection.insertMany(Array.from({ length: 500 }, (_, index) => ({ _id: index })))
      const cursor = collection.find().batchSize(10)
      await cursor.next()
      const { id } = cursor
      await cursor.close()
      const more = given.documents().connection.db?.command({ getMore: id, collection: collection.collectionName })
      expect(await failureOf(more ?? Promise.resolve())).toMatchObject({ code: 43 })
    })

    test('count and list distinct values', async () => {
      const collection = await stocked()
      expect(await collection.estimatedDocumentCount()).toBe(6)
      expect(await collection.countDocuments({ tags: 'b' }, { skip: 1, limit: 1 })).toBe(1)
      expect(new Set(await collection.distinct('tags'))).toEqual(new Set(['a', 'b', 'c']))
      expect(await collection.distinct('items.count', { name: 'alan' })).toEqual([2, 9])
    })

    test('a collection that does not exist is empty', async () => {
      const collection = given.collection()
      expect(await collection.find().toArray()).toEqual([])
      expect(await collection.countDocuments()).toBe(0)
      expect(await collection.deleteMany({})).toMatchObject({ deletedCount: 0 })
    })
  })
}
