import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import { describe, expect, test } from 'vitest'
import type { ConformanceContext } from './context.ts'
import { failureOf } from './context.ts'

/** An article as a service would keep it. */
const articleSchema = (collection: string) =>
  new mongoose.Schema(
    {
      slug: { type: String, required: true, unique: true },
      title: { type: String, required: true },
      author: { type: mongoose.Schema.Types.ObjectId, required: true },
      tags: { type: [String], default: [] },
      versions: [{ body: String, at: Date }],
      views: { type: Number, default: 0 },
      price: BigInt,
    },
    { timestamps: true, collection },
  )

export const mongooseConformance = (given: ConformanceContext): void => {
  const articles = async () => {
    const Article = given
      .documents()
      .connection.model(`Article${randomUUID()}`, articleSchema(`articles${randomUUID()}`))
    await given.documents().buildIndexes([Article])
    return Article
  }
  const author = new mongoose.Types.ObjectId()

  describe('models', () => {
    test('a document is created, found, changed, saved and removed', async () => {
      const Article = await articles()
      const made = await Article.create({ slug: 'a', title: 'A', author, price: 9_007_199_254_740_993n })
      made.tags.push('new')
      made.versions.push({ body: 'text', at: new Date(0) })
      await made.save()
      const found = await Article.findOne({ tags: 'new' }).orFail()
      expect(found).toMatchObject({ slug: 'a', title: 'A', views: 0, price: 9_007_199_254_740_993n })
      expect(found.createdAt).toBeInstanceOf(Date)
      await found.deleteOne()
      expect(await Article.exists({ slug: 'a' })).toBeNull()
    })

    test('indexes that the schema declares are built when asked', async () => {
      const Article = await articles()
      await Article.create({ slug: 'same', title: 'A', author })
      expect(await failureOf(Article.create({ slug: 'same', title: 'B', author }))).toMatchObject({
        code: 11_000,
        keyValue: { slug: 'same' },
      })
    })

    test('fields that the schema does not have are refused in documents and updates, and left out of filters', async () => {
      const Article = await articles()
      await Article.create({ slug: 'a', title: 'A', author })
      await expect(Article.create({ slug: 'b', title: 'B', author, nope: 1 } as never)).rejects.toThrow('nope')
      await expect(Article.updateOne({ slug: 'a' }, { $set: { nope: 1 } })).rejects.toThrow('nope')
      expect(await Article.countDocuments({ nope: 1 } as never)).toBe(1)
    })

    test('pages, lean reads, counters and bulk writes', async () => {
      const Article = await articles()
      await Article.insertMany(
        Array.from({ length: 30 }, (_, index) => ({ slug: `s${String(index).padStart(2, '0')}`, title: 'T', author })),
      )
      const page = await Article.find({ slug: { $gt: 's09' } })
        .sort({ slug: 1 })
        .limit(5)
        .select('slug')
        .lean()
      expect(page.map(({ slug }) => slug)).toEqual(['s10', 's11', 's12', 's13', 's14'])
      const after = await Article.findOneAndUpdate({ slug: 's01' }, { $inc: { views: 3 } }, { returnDocument: 'after' })
      expect(after?.views).toBe(3)
      const result = await Article.bulkWrite([
        { updateMany: { filter: { views: 0 }, update: { $set: { title: 'unread' } } } },
        { deleteOne: { filter: { slug: 's00' } } },
      ])
      expect(result).toMatchObject({ modifiedCount: 29, deletedCount: 1 })
    })
  })
}
