import { refuse } from '../errors.ts'
import { compileFilter } from '../filter.ts'
import { ID_INDEX, readIndexSpecification } from '../index-specification.ts'
import type { IndexSpecification } from '../index-specification.ts'
import type { Store } from '../store.ts'
import { equalValues, isDocument, isTrue } from '../values.ts'
import type { Document } from '../values.ts'
import { arrayField, collectionOf, countField, databaseOf, documentField, namespaceOf, ok } from './command.ts'
import type { Command } from './command.ts'

const shownIndex = ({ name, key, unique, sparse, partialFilterExpression }: IndexSpecification): Document => ({
  v: 2,
  key,
  name,
  ...(unique && name !== ID_INDEX.name ? { unique } : {}),
  ...(sparse ? { sparse } : {}),
  ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
})

const namesIn = (store: Store, database: string): string[] =>
  store
    .namespaces()
    .filter((namespace) => namespace.startsWith(`${database}.`))
    .map((namespace) => namespace.slice(database.length + 1))

const createIndexes: Command = {
  fields: ['indexes', 'commitQuorum'],
  run: (command, { store }) => {
    const namespace = namespaceOf(command)
    const specifications = arrayField(command, 'indexes').map(readIndexSpecification)
    const createdCollectionAutomatically = store.get(namespace) === undefined
    const collection = store.ensure(namespace)
    const numIndexesBefore = collection.indexes().length
    for (const specification of specifications) collection.createIndex(specification)
    const numIndexesAfter = collection.indexes().length
    const note = numIndexesAfter === numIndexesBefore ? { note: 'all indexes already exist' } : {}
    return ok({ numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ...note })
  },
}

const listIndexes: Command = {
  fields: ['cursor'],
  run: (command, context) => {
    const namespace = namespaceOf(command)
    const collection = collectionOf(command, context)
    if (collection === undefined) throw refuse('NamespaceNotFound', `ns does not exist: ${namespace}`)
    return context.cursors.open({
      namespace,
      documents: collection.indexes().map(shownIndex),
      batchSize: countField(documentField(command, 'cursor'), 'batchSize'),
    })
  },
}

const dropIndexes: Command = {
  fields: ['index'],
  run: (command, context) => {
    const collection = collectionOf(command, context)
    if (collection === undefined) throw refuse('NamespaceNotFound', 'ns not found')
    const before = collection.indexes()
    for (const name of indexNames(command['index'], before)) collection.dropIndex(name)
    return ok({ nIndexesWas: before.length })
  },
}

/** Indexes may be named by their names, by their keys, or all but that of `_id` by `*`. */
const indexNames = (given: unknown, existing: readonly IndexSpecification[]): string[] => {
  if (given === '*') return existing.map(({ name }) => name).filter((name) => name !== ID_INDEX.name)
  if (Array.isArray(given)) return given.map(String)
  if (!isDocument(given)) return [String(given)]
  const found = existing.find(({ key }) => equalValues(key, given))
  if (found === undefined) throw refuse('IndexNotFound', `can't find index with key: ${JSON.stringify(given)}`)
  return [found.name]
}

const create: Command = {
  fields: [],
  run: (command, { store }) => {
    const namespace = namespaceOf(command)
    if (store.get(namespace) !== undefined) throw refuse('NamespaceExists', `Collection ${namespace} already exists.`)
    store.ensure(namespace)
    return ok()
  },
}

const drop: Command = {
  fields: [],
  run: (command, { store }) => {
    const namespace = namespaceOf(command)
    const indexes = store.get(namespace)?.indexes().length
    store.drop(namespace)
    return indexes === undefined ? ok() : ok({ nIndexesWas: indexes, ns: namespace })
  },
}

const dropDatabase: Command = {
  fields: [],
  run: (command, { store }) => {
    const database = databaseOf(command)
    for (const name of namesIn(store, database)) store.drop(`${database}.${name}`)
    return ok({ dropped: database })
  },
}

const listCollections: Command = {
  fields: ['filter', 'nameOnly', 'cursor', 'authorizedCollections'],
  run: (command, { store, cursors }) => {
    const database = databaseOf(command)
    const matches = compileFilter(documentField(command, 'filter'))
    const documents = namesIn(store, database)
      .map((name) => ({
        name,
        type: 'collection',
        ...(isTrue(command['nameOnly'])
          ? {}
          : { options: {}, info: { readOnly: false }, idIndex: { v: 2, key: ID_INDEX.key, name: ID_INDEX.name } }),
      }))
      .filter((document) => matches(document))
    return cursors.open({
      namespace: `${database}.$cmd.listCollections`,
      documents,
      batchSize: countField(documentField(command, 'cursor'), 'batchSize'),
    })
  },
}

const listDatabases: Command = {
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run: (command, { store }) => {
    const matches = compileFilter(documentField(command, 'filter'))
    const names = new Set(store.namespaces().map((namespace) => namespace.split('.')[0] ?? ''))
    const databases = Array.from(names, (name) => ({ name, sizeOnDisk: 0, empty: false })).filter((database) =>
      matches(database),
    )
    return ok({ databases, totalSize: 0 })
  },
}

export const ADMINISTRATION_COMMANDS: Readonly<Record<string, Command>> = {
  createIndexes,
  listIndexes,
  dropIndexes,
  create,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
}
