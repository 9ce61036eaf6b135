import type { Logger } from '@codai/runtime'
import { Index, connect } from '@lancedb/lancedb'
import type { Connection, Table } from '@lancedb/lancedb'
import { StoreError } from '../relational/store-error.ts'
import { isOneOf, isSought, schemaOf } from './rows.ts'
import type { VectorCollection, Vectors } from './types.ts'

/** From so many entries on, an index is worth its making; below, all are compared, which is exact and takes milliseconds. */
const INDEX_FROM = 5_000
// Each write makes a file, and each file makes a search slower.
const MOST_FILES = 32
// What an index has found by its compressed vectors is compared once more by the whole ones.
const REFINE_FACTOR = 10
const NAME = /^[\w-]{1,100}$/

/** Where vectors are, and who is told of what. */
export type VectorsOptions = {
  /** A folder, or a place in object storage (`s3://…`, `gs://…`, `az://…`). */
  uri: string
  logger: Logger
  /** Tests make indexes of smaller collections. */
  indexFrom?: number
  /** Told of every operation. */
  onOperation?: (() => void) | undefined
}

/**
 * Opens vectors by LanceDB.
 * @throws StoreError STORE_UNREACHABLE when the place cannot be used
 */
export async function openLance({
  uri,
  logger,
  indexFrom = INDEX_FROM,
  onOperation,
}: VectorsOptions): Promise<Vectors> {
  // Every read looks for what other processes wrote.
  const connection = await explained(() => connect(uri, { readConsistencyInterval: 0 }))

  return {
    collection: (name) => {
      if (!NAME.test(name)) throw new Error(`"${name}" cannot be the name of a collection.`)
      return createCollection({ connection, name, indexFrom, logger, onOperation })
    },
    names: async () => {
      const names: string[] = []
      for (;;) {
        const startAfter = names.at(-1)
        const page = await connection.tableNames({ limit: 1_000, ...(startAfter !== undefined && { startAfter }) })
        names.push(...page)
        if (page.length < 1_000) return names
      }
    },
    check: async () => {
      await explained(() => connection.tableNames({ limit: 1 }))
    },
    close: async () => connection.close(),
  }
}

function createCollection(options: {
  connection: Connection
  name: string
  indexFrom: number
  logger: Logger
  onOperation: (() => void) | undefined
}): VectorCollection {
  const { connection, name, indexFrom, logger, onOperation } = options

  async function open(): Promise<Table | undefined> {
    try {
      return await connection.openTable(name)
    } catch (error) {
      // LanceDB has no other way to say it.
      if (error instanceof Error && error.message.includes('was not found')) return undefined
      throw error
    }
  }

  async function using<Result>(run: (table: Table) => Promise<Result>, empty: Result): Promise<Result> {
    onOperation?.()
    const table = await open()
    if (table === undefined) return empty
    try {
      return await run(table)
    } finally {
      table.close()
    }
  }

  /** Reads once more when what was being read was erased by another. */
  async function reading<Result>(run: (table: Table) => Promise<Result>, empty: Result): Promise<Result> {
    try {
      return await using(run, empty)
    } catch (error) {
      logger.debug({ err: error, name }, 'vectors are read once more')
      return using(run, empty)
    }
  }

  async function tend(table: Table): Promise<void> {
    const { numRows, fragmentStats } = await table.stats()
    if (fragmentStats.numFragments > MOST_FILES) await removeOldVersions(table)
    if (numRows < indexFrom) return
    const [index] = await table.listIndices()
    const unindexed = index ? ((await table.indexStats(index.name))?.numUnindexedRows ?? numRows) : numRows
    // What an index does not know is compared one by one: right, but ever slower.
    if (unindexed * 2 < numRows) return
    logger.debug({ name, numRows }, 'indexing vectors')
    await table.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine' }), replace: true })
    await removeOldVersions(table)
  }

  return {
    put: async (entries) => {
      const [first] = entries
      if (!first) return
      onOperation?.()
      const table = await connection.createEmptyTable(name, schemaOf(first.vector.length), { existOk: true })
      try {
        await table
          .mergeInsert('id')
          .whenMatchedUpdateAll()
          .whenNotMatchedInsertAll()
          .execute(entries.map(({ id, label, group, vector }) => ({ id, label, group, vector: [...vector] })))
        await tend(table)
      } finally {
        table.close()
      }
    },

    nearest: (vector, search) =>
      reading(async (table) => {
        const query = table
          .vectorSearch([...vector])
          .distanceType('cosine')
          .refineFactor(REFINE_FACTOR)
          .limit(search.limit)
        const condition = isSought(search)
        const filtered = condition === undefined ? query : query.where(condition)
        const rows = (await filtered.select(['id', '_distance']).toArray()) as { id: string; _distance: number }[]
        return rows.map(({ id, _distance }) => ({ id, score: 1 - _distance }))
      }, []),

    entries: (ids) =>
      reading(async (table) => {
        const rows = (await table.query().where(isOneOf('id', ids)).toArray()) as {
          id: string
          label: string
          group: string
          vector: Iterable<number>
        }[]
        return rows.map(({ id, label, group, vector }) => ({ id, label, group, vector: [...vector] }))
      }, []),

    ids: () =>
      reading(async (table) => {
        const rows = (await table.query().select(['id']).toArray()) as { id: string }[]
        return rows.map(({ id }) => id)
      }, []),

    erase: async (ids) => {
      if (ids.length === 0) return
      await using(async (table) => {
        const isGone = isOneOf('id', ids)
        if ((await table.countRows(`NOT (${isGone})`)) === 0) return connection.dropTable(name)
        if ((await table.countRows(isGone)) === 0) return removeOldVersions(table)
        // Deleting only marks rows, and compaction leaves large files with few marks as they are.
        const rest = await table.query().where(`NOT (${isGone})`).toArrow()
        const rewritten = await connection.createTable(name, rest, { mode: 'overwrite' })
        try {
          await tend(rewritten)
          await removeOldVersions(rewritten)
        } finally {
          rewritten.close()
        }
      }, undefined)
    },
  }
}

/** Merges small files, and removes all that only earlier versions need. */
async function removeOldVersions(table: Table): Promise<void> {
  // Nobody else writes the collection, so that no file can be one that is only just being written.
  await table.optimize({ cleanupOlderThan: new Date(), deleteUnverified: true })
}

async function explained<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError('STORE_UNREACHABLE', `The vectors cannot be used: ${reason}. Is VECTORS_URI right?`, { cause })
  }
}
