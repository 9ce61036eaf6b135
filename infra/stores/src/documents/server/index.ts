import type { Predicate } from './conditions.ts'
import { refuse } from './errors.ts'
import { compileFilter } from './filter.ts'
import type { IndexSpecification } from './index-specification.ts'
import { parsePath, valuesAt } from './paths.ts'
import type { Path } from './paths.ts'
import { setField, valueKey } from './values.ts'
import type { Document } from './values.ts'

/** A hash index: finds documents by equal values of its first fields, and guards uniqueness. */
export type Index = {
  readonly specification: IndexSpecification
  readonly fields: readonly string[]
  add(document: Document): void
  remove(document: Document): void
  /** Throws DuplicateKey when a document other than `replaced` has the same key. */
  requireUnique(document: Document, replaced: Document | undefined, namespace: string): void
  /** The documents with these keys of the first fields. */
  find(keys: readonly string[]): ReadonlySet<Document>
}

type Entry = { key: string; value: unknown }

const NONE: ReadonlySet<Document> = new Set()
const SEPARATOR = '\u0000'

export const createIndex = (specification: IndexSpecification): Index => {
  const fields = Object.keys(specification.key)
  const paths = fields.map(parsePath)
  const filter: Predicate | undefined =
    specification.partialFilterExpression === undefined
      ? undefined
      : compileFilter(specification.partialFilterExpression)
  /** By the keys of the first field, of the first two, and so on. */
  const levels: Map<string, Set<Document>>[] = fields.map(() => new Map())

  const covers = (document: Document): boolean => {
    if (filter !== undefined && !filter(document)) return false
    return (
      !specification.sparse ||
      paths.some((path) => valuesAt(document, path, false).some((value) => value !== undefined))
    )
  }

  const eachKey = (document: Document, visit: (level: Map<string, Set<Document>>, key: string) => void): void => {
    let keys: string[] = ['']
    for (const [depth, level] of levels.entries()) {
      const entries = entriesOf(document, paths[depth] ?? [])
      keys = keys.flatMap((prefix) => entries.map(({ key }) => prefix + SEPARATOR + key))
      for (const key of keys) visit(level, key)
    }
  }

  return {
    specification,
    fields,
    add: (document) => {
      if (!covers(document)) return
      eachKey(document, (level, key) => {
        const documents = level.get(key)
        if (documents === undefined) level.set(key, new Set([document]))
        else documents.add(document)
      })
    },
    remove: (document) => {
      eachKey(document, (level, key) => {
        const documents = level.get(key)
        if (documents?.delete(document) === true && documents.size === 0) level.delete(key)
      })
    },
    requireUnique: (document, replaced, namespace) => {
      if (!specification.unique || !covers(document)) return
      const whole = levels.at(-1) ?? new Map<string, Set<Document>>()
      for (const entries of combinations(paths.map((path) => entriesOf(document, path)))) {
        const holders = whole.get(entries.map(({ key }) => SEPARATOR + key).join(''))
        const isTaken = holders !== undefined && Array.from(holders).some((holder) => holder !== replaced)
        if (isTaken) throw duplicate(specification, namespace, fields, entries)
      }
    },
    find: (keys) => levels[keys.length - 1]?.get(keys.map((key) => SEPARATOR + key).join('')) ?? NONE,
  }
}

/** What a document is filed under for one field: each element of an array, and the array itself; null when there is nothing. */
const entriesOf = (document: Document, path: Path): Entry[] => {
  const entries = new Map<string, Entry>()
  for (const value of valuesAt(document, path, true)) {
    const key = valueKey(value)
    if (!entries.has(key)) entries.set(key, { key, value })
  }
  return entries.size === 0 ? [{ key: 'null', value: null }] : Array.from(entries.values())
}

const combinations = (lists: readonly Entry[][]): Entry[][] =>
  lists.reduce<Entry[][]>((done, entries) => done.flatMap((row) => entries.map((entry) => [...row, entry])), [[]])

const duplicate = (
  { name, key }: IndexSpecification,
  namespace: string,
  fields: readonly string[],
  entries: readonly Entry[],
): Error => {
  const keyValue: Document = {}
  for (const [index, field] of fields.entries()) setField(keyValue, field, entries[index]?.value ?? null)
  const shown = fields.map((field, index) => `${field}: ${entries[index]?.key ?? 'null'}`).join(', ')
  return refuse(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${name} dup key: { ${shown} }`,
    { keyPattern: key, keyValue },
  )
}
