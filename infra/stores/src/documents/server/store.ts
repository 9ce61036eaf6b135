import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '@codai/runtime'
import { createCollection } from './collection.ts'
import type { Collection, Journal } from './collection.ts'
import { refuse } from './errors.ts'
import { ID_INDEX, readIndexSpecification } from './index-specification.ts'
import type { IndexSpecification } from './index-specification.ts'
import { takeLock } from './lock.ts'
import { openLog } from './log.ts'
import { readChange, writeChange } from './records.ts'
import type { Change } from './records.ts'
import { valueKey } from './values.ts'
import type { Document } from './values.ts'

/** All collections of a data folder, by namespace: `database.collection`. */
export type Store = {
  get(namespace: string): Collection | undefined
  /** The collection, made when it does not exist. Throws InvalidNamespace for a name that cannot be one. */
  ensure(namespace: string): Collection
  drop(namespace: string): boolean
  namespaces(): readonly string[]
  /** Resolves when every change made so far is on disk. */
  synced(): Promise<void>
  close(): Promise<void>
}

/** How many records the log may have beyond those that are needed, before it is rewritten. */
const SPARE_RECORDS_AT_START = 1_000
const SPARE_RECORDS = 100_000

/** Opens the store of a folder, which this process then holds alone. */
export const openStore = async ({ dataDir, logger }: { dataDir: string; logger: Logger }): Promise<Store> => {
  await mkdir(dataDir, { recursive: true })
  const unlock = await takeLock(join(dataDir, 'server.lock'), `The document store ${dataDir}`)
  try {
    return await openLocked(dataDir, logger, unlock)
  } catch (error) {
    await unlock()
    throw error
  }
}

const openLocked = async (dataDir: string, logger: Logger, unlock: () => Promise<void>): Promise<Store> => {
  const found = new Map<string, Contents>()
  let records = 0
  const log = await openLog(join(dataDir, 'documents.log'), (record) => {
    records += 1
    replay(found, readChange(record))
  })

  const collections = new Map<string, Collection>()
  let rewriting: Promise<void> | undefined
  let replaying = true

  const write = (change: Change): void => {
    if (replaying) return
    log.append(writeChange(change))
    records += 1
    if (rewriting === undefined && records > SPARE_RECORDS && records > 2 * needed() + SPARE_RECORDS) compact()
  }
  const needed = (): number =>
    Array.from(collections.values()).reduce((sum, collection) => sum + collection.size + collection.indexes().length, 0)

  const compact = (): void => {
    records = needed()
    rewriting = log
      .rewrite(snapshot(collections))
      .then(() => logger.debug({ bytes: log.size, records }, 'Compacted the document log'))
      .catch((error: unknown) => logger.error({ err: error }, 'The document log could not be compacted'))
      .finally(() => {
        rewriting = undefined
      })
  }

  const journal: Journal = {
    put: (namespace, document) => write({ kind: 'put', namespace, body: document }),
    remove: (namespace, id) => write({ kind: 'remove', namespace, body: { _id: id } }),
    createCollection: (namespace) => write({ kind: 'createCollection', namespace, body: {} }),
    createIndex: (namespace, specification) => write({ kind: 'createIndex', namespace, body: specification }),
    dropIndex: (namespace, name) => write({ kind: 'dropIndex', namespace, body: { name } }),
  }

  for (const [namespace, { documents, indexes }] of found) {
    const collection = createCollection(namespace, journal)
    for (const document of documents.values()) collection.insert(document)
    for (const specification of indexes.values()) collection.createIndex(specification)
    collections.set(namespace, collection)
  }
  replaying = false
  if (records > 2 * needed() + SPARE_RECORDS_AT_START) compact()

  return {
    get: (namespace) => collections.get(namespace),
    ensure: (namespace) => {
      const existing = collections.get(namespace)
      if (existing !== undefined) return existing
      requireNamespace(namespace)
      journal.createCollection(namespace)
      const collection = createCollection(namespace, journal)
      collections.set(namespace, collection)
      return collection
    },
    drop: (namespace) => {
      if (!collections.delete(namespace)) return false
      write({ kind: 'dropCollection', namespace, body: {} })
      return true
    },
    namespaces: () => Array.from(collections.keys()),
    synced: () => log.synced(),
    close: async () => {
      await rewriting
      await log.close()
      await unlock()
    },
  }
}

/** What the log says of a collection; uniqueness holds at the end, not always on the way. */
type Contents = { documents: Map<string, Document>; indexes: Map<string, IndexSpecification> }

const replay = (found: Map<string, Contents>, { kind, namespace, body }: Change): void => {
  if (kind === 'dropCollection') return void found.delete(namespace)
  const contents = found.get(namespace) ?? { documents: new Map(), indexes: new Map() }
  found.set(namespace, contents)
  switch (kind) {
    case 'put':
      contents.documents.set(valueKey(body['_id']), body)
      return
    case 'remove':
      contents.documents.delete(valueKey(body['_id']))
      return
    case 'createIndex':
      contents.indexes.set(String(body['name']), readIndexSpecification(body))
      return
    case 'dropIndex':
      contents.indexes.delete(String(body['name']))
      return
    case 'createCollection':
      return
  }
}

/** The records that make up everything there is. */
function* snapshot(collections: ReadonlyMap<string, Collection>): Generator<Uint8Array> {
  for (const [namespace, collection] of collections) {
    yield writeChange({ kind: 'createCollection', namespace, body: {} })
    for (const specification of collection.indexes()) {
      if (specification.name !== ID_INDEX.name)
        yield writeChange({ kind: 'createIndex', namespace, body: specification })
    }
    for (const document of collection.documents()) yield writeChange({ kind: 'put', namespace, body: document })
  }
}

const requireNamespace = (namespace: string): void => {
  const [database = '', ...rest] = namespace.split('.')
  const name = rest.join('.')
  const valid = /^[^/\\. "$*<>:|?\0]{1,63}$/.test(database) && /^[^$\0]+$/.test(name) && !name.startsWith('.')
  if (!valid || namespace.length > 255) throw refuse('InvalidNamespace', `Invalid namespace specified '${namespace}'`)
}
