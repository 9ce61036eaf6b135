import mongoose from 'mongoose'
import { expect, test } from 'vitest'
import { failureOf } from './context.ts'
import type { ConformanceContext } from './context.ts'

const { Binary, BSONRegExp, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID } =
  mongoose.mongo

export const valuesConformance = (given: ConformanceContext): void => {
  test('every kind of value comes back as it was written', async () => {
    const collection = given.collection()
    const document = {
      _id: new ObjectId(),
      text: 'héllo 🌍 \u0000 end',
      int: new Int32(7),
      double: new Double(1.5),
      long: Long.fromString('-9223372036854775808'),
      decimal: Decimal128.fromString('1234567890.123456789012345678901234'),
      bool: false,
      nothing: null,
      date: new Date('1969-12-31T23:59:59.999Z'),
      bytes: new Binary(Buffer.from([0, 255, 1])),
      uuid: new UUID(),
      pattern: new BSONRegExp('^a.b', 'ix'),
      code: new Code('1 + 1'),
      timestamp: new Timestamp({ t: 5, i: 6 }),
      least: new MinKey(),
      greatest: new MaxKey(),
      empty: {},
      list: [1, [2, []], { a: [null] }],
      'with space': 1,
    }
    await collection.insertOne(document)
    const found = await collection.findOne({}, { promoteValues: false, promoteLongs: false, bsonRegExp: true })
    expect(mongoose.mongo.BSON.EJSON.stringify(found, { relaxed: false })).toBe(
      mongoose.mongo.BSON.EJSON.stringify(document, { relaxed: false }),
    )
  })

  test('a document is refused beyond 16 MiB, and one below is kept', async () => {
    const collection = given.collection()
    await collection.insertOne({ text: 'x'.repeat(15 * 1024 * 1024) })
    const growth = collection.updateOne({}, { $set: { more: 'x'.repeat(2 * 1024 * 1024) } })
    expect(await failureOf(growth)).toMatchObject({ code: expect.any(Number) })
    expect((await collection.findOne())?.['more']).toBeUndefined()
  })
}
