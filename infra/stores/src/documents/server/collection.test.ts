import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCollection } from './collection.ts'
import type { Collection, Journal } from './collection.ts'
import { DocumentServerError } from './errors.ts'
import { readIndexSpecification } from './index-specification.ts'
import { compileUpdate } from './update.ts'
import { valueKey } from './values.ts'
import type { Document } from './values.ts'

const ignoring: Journal = {
  put: () => undefined,
  remove: () => undefined,
  createCollection: () => undefined,
  createIndex: () => undefined,
  dropIndex: () => undefined,
}

const small = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', null, 2n))
const field = fc.oneof(
  small,
  fc.array(small, { maxLength: 2 }),
  fc.record({ c: small }),
  fc.array(fc.record({ c: small }), { maxLength: 2 }),
)
const content: fc.Arbitrary<Document> = fc
  .record({ a: field, b: field }, { requiredKeys: [] })
  .map((document) => ({ ...document }))
const operand = fc.oneof(
  field,
  fc.array(small, { maxLength: 3 }).map(($in) => ({ $in })),
  small.map(($eq) => ({ $eq })),
)
const filter: fc.Arbitrary<Document> = fc
  .record({ a: operand, b: operand, 'a.c': small, _id: fc.integer({ min: 0, max: 9 }) }, { requiredKeys: [] })
  .map((given) => ({ ...given }))
type Step = { kind: 'insert' | 'update' | 'remove'; id: number; content: Document }
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('insert', 'update', 'remove'),
  id: fc.integer({ min: 0, max: 9 }),
  content,
})

const run = (collection: Collection, { kind, id, content }: Step): void => {
  const [existing] = collection.find({ _id: id })
  if (kind === 'insert' && existing === undefined) collection.insert({ _id: id, ...content })
  if (existing === undefined) return
  if (kind === 'remove') collection.remove(existing)
  if (kind === 'update') {
    collection.replace(
      existing,
      compileUpdate({ $set: { ...content, seen: true } }, { filter: {}, arrayFilters: [] })(existing, false),
    )
  }
}

const keysOf = (documents: Iterable<Document>): string[] =>
  Array.from(documents, valueKey).toSorted((a, b) => a.localeCompare(b))

test('an index never changes what is found, whatever was written', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.array(filter, { minLength: 1, maxLength: 5 }),
      (steps, filters) => {
        const plain = createCollection('test.plain', ignoring)
        const indexed = createCollection('test.indexed', ignoring)
        indexed.createIndex(readIndexSpecification({ key: { a: 1 }, sparse: true }))
        indexed.createIndex(readIndexSpecification({ key: { b: 1, a: -1 } }))
        indexed.createIndex(readIndexSpecification({ key: { 'a.c': 1 } }))
        for (const each of steps) for (const collection of [plain, indexed]) run(collection, each)
        for (const each of filters) expect(keysOf(indexed.find(each))).toEqual(keysOf(plain.find(each)))
      },
    ),
  )
})

test('a unique index holds after every write, and a refused write leaves no trace', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const collection = createCollection('test.unique', ignoring)
      collection.createIndex(readIndexSpecification({ key: { a: 1 }, unique: true, sparse: true }))
      for (const each of steps) {
        const before = keysOf(collection.documents())
        try {
          run(collection, each)
        } catch (error) {
          expect(error).toBeInstanceOf(DocumentServerError)
          expect(keysOf(collection.documents())).toEqual(before)
        }
        const values = Array.from(collection.documents()).filter((document) => document['a'] !== undefined)
        const keys = values.flatMap(({ a }) => {
          const elements = Array.isArray(a) && a.length > 0 ? a : [a]
          return Array.from(new Set(elements.map(valueKey)))
        })
        expect(new Set(keys).size).toBe(keys.length)
      }
    }),
  )
})
