import { refuse } from '../errors.ts'
import { writeBson } from '../records.ts'
import type { Document } from '../values.ts'
import { writeCursorReply } from '../wire.ts'

/** The results of queries that clients fetch batch by batch. */
export type Cursors = {
  /** Answers with the first batch, and keeps the rest. `single`: there will be no more. */
  open(query: {
    namespace: string
    documents: readonly Document[]
    batchSize?: number | undefined
    single?: boolean
  }): Uint8Array
  /** Answers with the next batch. Throws CursorNotFound. */
  next(id: bigint, namespace: string, batchSize: number | undefined): Uint8Array
  /** Drops a cursor; false when there is none. */
  kill(id: bigint): boolean
}

const FIRST_BATCH = 101
const MOST_BATCH_BYTES = 16 * 1024 * 1024
const IDLE_MS = 10 * 60 * 1_000

type OpenCursor = { namespace: string; documents: readonly Document[]; position: number; usedAt: number }

export const createCursors = (): Cursors => {
  const cursors = new Map<bigint, OpenCursor>()
  let lastId = 0n

  const forgetIdle = (): void => {
    const oldest = Date.now() - IDLE_MS
    for (const [id, { usedAt }] of cursors) if (usedAt < oldest) cursors.delete(id)
  }

  const take = (cursor: OpenCursor, count: number): Uint8Array[] => {
    const batch: Uint8Array[] = []
    let bytes = 0
    while (batch.length < count) {
      const document = cursor.documents[cursor.position]
      if (document === undefined) break
      const encoded = writeBson(document)
      if (batch.length > 0 && bytes + encoded.length > MOST_BATCH_BYTES) break
      batch.push(encoded)
      bytes += encoded.length
      cursor.position += 1
    }
    cursor.usedAt = Date.now()
    return batch
  }

  const isDone = ({ position, documents }: OpenCursor): boolean => position >= documents.length

  return {
    open: ({ namespace, documents, batchSize = FIRST_BATCH, single = false }) => {
      forgetIdle()
      const cursor: OpenCursor = { namespace, documents, position: 0, usedAt: 0 }
      const batch = take(cursor, batchSize)
      if (isDone(cursor) || single) return writeCursorReply({ id: 0n, namespace, batchName: 'firstBatch', batch })
      lastId += 1n
      cursors.set(lastId, cursor)
      return writeCursorReply({ id: lastId, namespace, batchName: 'firstBatch', batch })
    },
    next: (id, namespace, batchSize) => {
      const cursor = cursors.get(id)
      if (cursor === undefined || cursor.namespace !== namespace)
        throw refuse('CursorNotFound', `cursor id ${id} not found`)
      const batch = take(cursor, batchSize === undefined || batchSize === 0 ? Number.POSITIVE_INFINITY : batchSize)
      if (isDone(cursor)) cursors.delete(id)
      return writeCursorReply({ id: isDone(cursor) ? 0n : id, namespace, batchName: 'nextBatch', batch })
    },
    kill: (id) => cursors.delete(id),
  }
}
