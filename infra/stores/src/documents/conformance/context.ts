import { randomUUID } from 'node:crypto'
import type { Logger } from '@codai/runtime'
import type mongoose from 'mongoose'
import { openDocuments } from '../client.ts'
import type { Documents } from '../client.ts'

export type TestDocument = mongoose.mongo.Document & { _id?: string | number | mongoose.mongo.ObjectId }
export type NativeCollection = mongoose.mongo.Collection<TestDocument>

/** What each part of the suite works with: a database of its own, through mongoose and through the driver below it. */
export type ConformanceContext = {
  documents(): Documents
  /** A collection that nothing was written to. */
  collection(): NativeCollection
}

/** Opens a database that is dropped again by `close`. */
export const openContext = async (
  url: string,
  logger: Logger,
): Promise<{ context: ConformanceContext; close(): Promise<void> }> => {
  const documents = await openDocuments({ url, database: `codai-test-${randomUUID()}`, logger })
  return {
    context: {
      documents: () => documents,
      collection: () => {
        const { db } = documents.connection
        if (db === undefined) throw new Error('The connection is not open')
        return db.collection(`c${randomUUID()}`)
      },
    },
    close: async () => {
      await documents.connection.dropDatabase()
      await documents.close()
    },
  }
}

/** The error that a promise is rejected with. */
export const failureOf = async (promise: Promise<unknown>): Promise<Record<string, unknown>> => {
  try {
    await promise
  } catch (error) {
    return error as Record<string, unknown>
  }
  throw new Error('Expected a rejection')
}
