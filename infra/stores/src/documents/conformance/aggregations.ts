import mongoose from 'mongoose'
import { describe, expect, test } from 'vitest'
import type { ConformanceContext, NativeCollection, TestDocument } from './context.ts'
import { failureOf } from './context.ts'

const { Decimal128, Long } = mongoose.mongo
type Stages = Record<string, unknown>[]

const ORDERS: readonly TestDocument[] = [
  {
    _id: 1,
    user: 'ada',
    total: 10,
    lines: [
      { sku: 'x', n: 1 },
      { sku: 'y', n: 2 },
    ],
    at: new Date('2026-01-05'),
  },
  { _id: 2, user: 'ada', total: 30, lines: [{ sku: 'x', n: 5 }], at: new Date('2026-02-05') },
  { _id: 3, user: 'bob', total: 20, lines: [], at: new Date('2026-02-15') },
  { _id: 4, user: 'cy', total: 40, at: new Date('2026-03-01') },
]

/** A pipeline over the orders, and its result. */
const CASES: readonly [string, Stages, unknown[]][] = [
  [
    '$group with accumulators',
    [
      {
        $group: {
          _id: '$user',
          sum: { $sum: '$total' },
          mean: { $avg: '$total' },
          n: { $sum: 1 },
          all: { $push: '$_id' },
        },
      },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 'ada', sum: 40, mean: 20, n: 2, all: [1, 2] },
      { _id: 'bob', sum: 20, mean: 20, n: 1, all: [3] },
      { _id: 'cy', sum: 40, mean: 40, n: 1, all: [4] },
    ],
  ],
  [
    '$group over everything',
    [
      {
        $group: {
          _id: null,
          least: { $min: '$total' },
          most: { $max: '$total' },
          first: { $first: '$user' },
          last: { $last: '$user' },
          n: { $count: {} },
        },
      },
    ],
    [{ _id: null, least: 10, most: 40, first: 'ada', last: 'cy', n: 4 }],
  ],
  [
    '$match, $sort, $skip and $limit',
    [
      { $match: { total: { $gt: 10 } } },
      { $sort: { total: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { total: 1 } },
    ],
    [{ _id: 2, total: 30 }],
  ],
  [
    '$unwind',
    [{ $unwind: '$lines' }, { $project: { _id: 1, sku: '$lines.sku' } }],
    [
      { _id: 1, sku: 'x' },
      { _id: 1, sku: 'y' },
      { _id: 2, sku: 'x' },
    ],
  ],
  [
    '$unwind that keeps empty arrays',
    [{ $unwind: { path: '$lines', preserveNullAndEmptyArrays: true } }, { $group: { _id: null, n: { $sum: 1 } } }],
    [{ _id: null, n: 5 }],
  ],
  ['$count', [{ $match: { user: 'ada' } }, { $count: 'orders' }], [{ orders: 2 }]],
  ['$count of nothing', [{ $match: { user: 'none' } }, { $count: 'orders' }], []],
  [
    '$addFields with expressions',
    [
      { $match: { _id: 1 } },
      { $addFields: { skus: '$lines.sku', pieces: { $sum: '$lines.n' }, 'meta.month': { $month: '$at' } } },
      { $project: { skus: 1, pieces: 1, meta: 1, _id: 0 } },
    ],
    [{ skus: ['x', 'y'], pieces: 3, meta: { month: 1 } }],
  ],
  [
    '$facet',
    [
      {
        $facet: { count: [{ $count: 'n' }], top: [{ $sort: { total: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }] },
      },
    ],
    [{ count: [{ n: 4 }], top: [{ _id: 4 }] }],
  ],
  [
    'conditions',
    [
      { $project: { _id: 1, size: { $cond: [{ $gte: ['$total', 30] }, 'big', 'small'] } } },
      { $group: { _id: '$size', n: { $sum: 1 } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 'big', n: 2 },
      { _id: 'small', n: 2 },
    ],
  ],
  ['$sortByCount', [{ $sortByCount: '$user' }, { $limit: 1 }], [{ _id: 'ada', count: 2 }]],
  [
    '$replaceRoot',
    [{ $match: { _id: 2 } }, { $unwind: '$lines' }, { $replaceRoot: { newRoot: '$lines' } }],
    [{ sku: 'x', n: 5 }],
  ],
  [
    '$bucket',
    [{ $bucket: { groupBy: '$total', boundaries: [0, 25, 50], output: { n: { $sum: 1 } } } }],
    [
      { _id: 0, n: 2 },
      { _id: 25, n: 2 },
    ],
  ],
  [
    '$map, $filter and $reduce',
    [
      { $match: { _id: 1 } },
      {
        $project: {
          _id: 0,
          doubled: { $map: { input: '$lines', as: 'line', in: { $multiply: ['$$line.n', 2] } } },
          many: { $filter: { input: '$lines', as: 'line', cond: { $gt: ['$$line.n', 1] } } },
          sum: { $reduce: { input: '$lines.n', initialValue: 0, in: { $add: ['$$value', '$$this'] } } },
        },
      },
    ],
    [{ doubled: [2, 4], many: [{ sku: 'y', n: 2 }], sum: 3 }],
  ],
  [
    'texts and dates',
    [
      { $match: { _id: 1 } },
      {
        $project: {
          _id: 0,
          label: { $concat: [{ $toUpper: '$user' }, '-', { $toString: '$total' }] },
          day: { $dateToString: { date: '$at', format: '%Y-%m-%d' } },
        },
      },
    ],
    [{ label: 'ADA-10', day: '2026-01-05' }],
  ],
]

export const aggregationsConformance = (given: ConformanceContext): void => {
  const orders = async (): Promise<NativeCollection> => {
    const collection = given.collection()
    await collection.insertMany(ORDERS.map((order) => ({ ...order })))
    return collection
  }

  describe('aggregations', () => {
    test.each(CASES)('%s', async (_, pipeline, expected) => {
      const collection = await orders()
      expect(await collection.aggregate(pipeline).toArray()).toEqual(expected)
    })

    test('$lookup by fields, and by a pipeline with variables', async () => {
      const collection = await orders()
      const users = given.collection()
      await users.insertMany([
        { _id: 'ada', limit: 20 },
        { _id: 'bob', limit: 5 },
      ])
      const joined = await collection
        .aggregate([
          { $lookup: { from: users.collectionName, localField: 'user', foreignField: '_id', as: 'owner' } },
          { $project: { owner: 1 } },
          { $sort: { _id: 1 } },
        ])
        .toArray()
      expect(joined.map(({ owner }: Record<string, unknown>) => (owner as unknown[]).length)).toEqual([1, 1, 1, 0])
      const above = await users
        .aggregate([
          {
            $lookup: {
              from: collection.collectionName,
              let: { user: '$_id', limit: '$limit' },
              pipeline: [
                { $match: { $expr: { $and: [{ $eq: ['$user', '$$user'] }, { $gt: ['$total', '$$limit'] }] } } },
                { $project: { _id: 1 } },
              ],
              as: 'above',
            },
          },
          { $sort: { _id: 1 } },
          { $project: { above: 1 } },
        ])
        .toArray()
      expect(above).toEqual([
        { _id: 'ada', above: [{ _id: 2 }] },
        { _id: 'bob', above: [{ _id: 3 }] },
      ])
    })

    test('$sample takes as many as asked, each once', async () => {
      const collection = await orders()
      const taken = await collection.aggregate([{ $sample: { size: 3 } }]).toArray()
      expect(new Set(taken.map(({ _id: id }: Record<string, unknown>) => id)).size).toBe(3)
    })

    test('sums of int64 are exact', async () => {
      const collection = given.collection()
      await collection.insertMany([{ n: Long.fromString('9007199254740993') }, { n: Long.fromNumber(2) }, { n: 1 }])
      const [sum] = await collection
        .aggregate([{ $group: { _id: null, n: { $sum: '$n' }, most: { $max: '$n' } } }], { promoteLongs: false })
        .toArray()
      expect([String(sum?.['n']), String(sum?.['most'])]).toEqual(['9007199254740996', '9007199254740993'])
    })

    test('decimals are kept exactly and compared by value', async () => {
      const collection = given.collection()
      await collection.insertMany([
        { _id: 1, n: Decimal128.fromString('0.1') },
        { _id: 2, n: Decimal128.fromString('10') },
        { _id: 3, n: 9 },
      ])
      const sorted = await collection.aggregate([{ $sort: { n: -1 } }]).toArray()
      expect(sorted.map(({ _id: id }: Record<string, unknown>) => id)).toEqual([2, 3, 1])
      expect(String(sorted[2]?.['n'])).toBe('0.1')
    })

    test.each<[string, Stages, number]>([
      ['a stage that does not exist', [{ $nothing: {} }], 40_324],
      ['an expression that does not exist', [{ $project: { a: { $nothing: 1 } } }], 168],
    ])('refuse %s, on an empty collection too', async (_, pipeline, code) => {
      expect(await failureOf(given.collection().aggregate(pipeline).toArray())).toMatchObject({
        code: expect.any(Number),
      })
      expect(await failureOf((await orders()).aggregate(pipeline).toArray())).toMatchObject({
        code: code === 168 ? expect.any(Number) : code,
      })
    })
  })
}
