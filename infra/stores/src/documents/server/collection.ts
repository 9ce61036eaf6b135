import { ObjectId } from 'bson'
import { compileFilter } from './filter.ts'
import { refuse } from './errors.ts'
import { createIndex } from './index.ts'
import type { Index } from './index.ts'
import { ID_INDEX, sameIndex } from './index-specification.ts'
import type { IndexSpecification } from './index-specification.ts'
import { requiredConditions } from './matched-element.ts'
import { isPattern } from './patterns.ts'
import { isOperatorDocument } from './query-operators.ts'
import { isDocument, sameValues, typeOrder, valueKey } from './values.ts'
import type { Document } from './values.ts'

/** Where changes are written down before they are acknowledged. */
export type Journal = {
  put(namespace: string, document: Document): void
  remove(namespace: string, id: unknown): void
  createCollection(namespace: string): void
  createIndex(namespace: string, specification: IndexSpecification): void
  dropIndex(namespace: string, name: string): void
}

/** The documents of one collection in memory. Every change is made whole, at once, and told to the journal. */
export type Collection = {
  readonly namespace: string
  readonly size: number
  documents(): Iterable<Document>
  /** The documents that match, found through an index where the filter asks for equality. */
  find(filter: Document): Iterable<Document>
  /** Adds a document, with an `_id` when it has none. Throws DuplicateKey. */
  insert(document: Document): Document
  /** Puts the new form in the old one's place; false when nothing changed. Throws DuplicateKey. */
  replace(old: Document, updated: Document): boolean
  remove(document: Document): void
  indexes(): readonly IndexSpecification[]
  /** False when the index was there already. Throws DuplicateKey when the documents break it. */
  createIndex(specification: IndexSpecification): boolean
  dropIndex(name: string): void
}

const MOST_INDEX_LOOKUPS = 1_000

export const createCollection = (namespace: string, journal: Journal): Collection => {
  const byId = new Map<string, Document>()
  const indexes = new Map<string, Index>()

  const file = (document: Document): void => {
    byId.set(valueKey(document['_id']), document)
    for (const index of indexes.values()) index.add(document)
  }

  const requireUnique = (document: Document, replaced: Document | undefined): void => {
    for (const index of indexes.values()) index.requireUnique(document, replaced, namespace)
  }

  const insert = (given: Document): Document => {
    const document = withId(given)
    const key = valueKey(document['_id'])
    if (byId.has(key)) {
      const message = `E11000 duplicate key error collection: ${namespace} index: _id_ dup key: { _id: ${key} }`
      throw refuse('DuplicateKey', message, { keyPattern: ID_INDEX.key, keyValue: { _id: document['_id'] } })
    }
    requireUnique(document, undefined)
    journal.put(namespace, document)
    file(document)
    return document
  }

  const replace = (old: Document, given: Document): boolean => {
    const updated = withId(given)
    if (sameValues(old, updated)) return false
    requireUnique(updated, old)
    journal.put(namespace, updated)
    for (const index of indexes.values()) index.remove(old)
    file(updated)
    return true
  }

  const candidates = (filter: Document): Iterable<Document> => {
    const keys = equalityKeys(filter)
    const ids = keys.get('_id')
    if (ids !== undefined) return ids.map((key) => byId.get(key)).filter((document) => document !== undefined)
    const best = Array.from(indexes.values(), (index) => lookups(index, keys))
      .filter((found) => found !== undefined)
      .toSorted((left, right) => right.depth - left.depth)[0]
    if (best === undefined) return byId.values()
    return new Set(best.keys.flatMap((key) => Array.from(best.index.find(key))))
  }

  const createNewIndex = (specification: IndexSpecification): boolean => {
    if (specification.name === ID_INDEX.name || isIdKey(specification.key)) return false
    const named = indexes.get(specification.name)?.specification
    if (named !== undefined && sameIndex(named, specification)) return false
    if (named !== undefined) {
      throw refuse('IndexKeySpecsConflict', `An existing index has the same name as the requested index: ${named.name}`)
    }
    const same = Array.from(indexes.values()).find(({ specification: other }) =>
      sameIndex({ ...other, unique: false, sparse: false }, { ...specification, unique: false, sparse: false }),
    )
    if (same !== undefined) {
      throw refuse('IndexOptionsConflict', `Index already exists with a different name: ${same.specification.name}`)
    }
    const index = createIndex(specification)
    for (const document of byId.values()) {
      index.requireUnique(document, undefined, namespace)
      index.add(document)
    }
    journal.createIndex(namespace, specification)
    indexes.set(specification.name, index)
    return true
  }

  return {
    namespace,
    get size() {
      return byId.size
    },
    documents: () => byId.values(),
    find: (filter) => {
      const predicate = compileFilter(filter)
      return Array.from(candidates(filter)).filter((document) => predicate(document))
    },
    insert,
    replace,
    remove: (document) => {
      journal.remove(namespace, document['_id'])
      byId.delete(valueKey(document['_id']))
      for (const index of indexes.values()) index.remove(document)
    },
    indexes: () => [ID_INDEX, ...Array.from(indexes.values(), ({ specification }) => specification)],
    createIndex: createNewIndex,
    dropIndex: (name) => {
      if (name === ID_INDEX.name) throw refuse('InvalidOptions', 'cannot drop _id index')
      if (!indexes.delete(name)) throw refuse('IndexNotFound', `index not found with name [${name}]`)
      journal.dropIndex(namespace, name)
    },
  }
}

const isIdKey = (key: Document): boolean => Object.keys(key).length === 1 && '_id' in key

/** A document with its `_id` first, as MongoDB keeps it. */
const withId = (document: Document): Document => {
  if (Object.keys(document)[0] === '_id') return requireId(document)
  const { _id: id = new ObjectId(), ...rest } = document
  return requireId({ _id: id, ...rest })
}

const requireId = (document: Document): Document => {
  const type = typeOrder(document['_id'])
  if (type === 5 || type === 11) throw refuse('InvalidIdField', "The '_id' value cannot be an array or a regex")
  return document
}

/** The keys that fields must be equal to, for the filter to match. */
const equalityKeys = (filter: Document): Map<string, string[]> => {
  const keys = new Map<string, string[]>()
  for (const [path, operand] of requiredConditions(filter)) {
    const values = equalValuesOf(operand)
    if (values !== undefined) keys.set(path, Array.from(new Set(values.map(valueKey))))
  }
  return keys
}

const equalValuesOf = (operand: unknown): readonly unknown[] | undefined => {
  if (isPattern(operand)) return undefined
  if (!isDocument(operand) || !isOperatorDocument(operand)) return [operand]
  if ('$eq' in operand) return [operand['$eq']]
  const { $in: options } = operand
  return Array.isArray(options) && !options.some(isPattern) ? options : undefined
}

type Lookups = { index: Index; depth: number; keys: string[][] }

/** How an index serves equality on its first fields; undefined when it cannot, or might not hold all that match. */
const lookups = (index: Index, equal: ReadonlyMap<string, string[]>): Lookups | undefined => {
  if (index.specification.partialFilterExpression !== undefined) return undefined
  let keys: string[][] = [[]]
  let depth = 0
  let certain = !index.specification.sparse
  for (const field of index.fields) {
    const options = equal.get(field)
    if (options === undefined || options.length * keys.length > MOST_INDEX_LOOKUPS) break
    if (!options.includes('null')) certain = true
    keys = keys.flatMap((prefix) => options.map((option) => [...prefix, option]))
    depth += 1
  }
  return depth > 0 && certain ? { index, depth, keys } : undefined
}
