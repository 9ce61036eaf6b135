import { codedError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import mongoose from 'mongoose'
import type { Connection, Model } from 'mongoose'

const SERVER_SELECTION_MS = 5_000

export type Documents = {
  /** For this caller alone: mongoose's global connection is never used. */
  readonly connection: Connection
  /**
   * Makes the indexes that the schemas of these models declare, and leaves others alone.
   * Throws when documents break a unique one. Nothing builds indexes by itself.
   */
  buildIndexes(models: readonly Pick<Model<never>, 'createIndexes' | 'modelName'>[]): Promise<void>
  /** Throws UNAVAILABLE when the database does not answer. */
  check(): Promise<void>
  close(): Promise<void>
}

/**
 * Connects to a database of documents. Its models refuse fields that their schemas do not have (`strict: 'throw'`), and
 * leave unknown fields out of filters (`strictQuery`).
 * Throws UNAVAILABLE within 5 seconds, saying what cannot be reached and what to do.
 */
export const openDocuments = async (options: {
  url: string
  database: string
  logger: Logger
  /** Told of every command that is sent. Tests count them. */
  onCommand?: () => void
}): Promise<Documents> => {
  const { url, database, logger, onCommand } = options
  const address = withoutPassword(url)
  const unreachable = (error: unknown): Error =>
    codedError(
      'UNAVAILABLE',
      `MongoDB at ${address}, needed for the documents of "${database}", is unreachable (${describe(error)}). ` +
        'Start it, correct MONGODB_URL, or unset MONGODB_URL to use the embedded document server.',
      { cause: error },
    )

  const connection = mongoose.createConnection(url, {
    dbName: database,
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    autoIndex: false,
    autoCreate: false,
    monitorCommands: onCommand !== undefined,
  })
  connection.plugin((schema) => {
    schema.set('strict', 'throw')
    schema.set('strictQuery', true)
  })
  connection.on('error', (error: unknown) => logger.warn({ err: error, address }, 'The connection to MongoDB failed'))
  try {
    await connection.asPromise()
  } catch (error) {
    await connection.close().catch(() => undefined)
    throw unreachable(error)
  }

  if (onCommand) connection.getClient().on('commandStarted', onCommand)

  return {
    connection,
    buildIndexes: async (models) => {
      for (const model of models) {
        await model.createIndexes()
        logger.debug({ model: model.modelName }, 'Built the indexes of a model')
      }
    },
    check: async () => {
      try {
        await connection.db?.command({ ping: 1 })
      } catch (error) {
        throw unreachable(error)
      }
    },
    close: () => connection.close(),
  }
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** MongoDB addresses may name several hosts, which `URL` cannot read. */
const withoutPassword = (url: string): string => url.replace(/\/\/[^@/]*@/, '//')
