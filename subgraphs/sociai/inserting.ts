import type { Model } from 'mongoose'
import { codedError } from '../_kit/index.ts'
import type { Repetition } from './drafts.ts'

const isDuplicate = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 11_000

/** Inserts a row; false when there is one of its id. */
export const insertNew = async <Row extends { _id: string }>(model: Model<Row>, row: Row): Promise<boolean> => {
  try {
    await model.insertOne(row as Parameters<typeof model.insertOne>[0])
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

type Repeatable = { _id: string; author: string; idempotencyKey?: string; contentHash?: string; deletedAt?: Date }

/**
 * Inserts a row once for each key of its author: the unique index decides between calls at the same time. With a key that
 * was used, gives the row that it stands for. CONFLICT when that has other content, or was deleted since.
 */
export const insertOnce = async <Row extends Repeatable>(
  model: Model<Row>,
  row: Row,
  repetition: Repetition | undefined,
): Promise<{ row: Row; created: boolean }> => {
  const { key, contentHash } = repetition ?? {}
  const complete: Row = key === undefined ? row : { ...row, idempotencyKey: key, contentHash }
  if (await insertNew(model, complete)) return { row: complete, created: true }
  const existing =
    key === undefined ? null : await model.findOne({ author: row.author, idempotencyKey: key }).lean<Row>()
  if (existing === null) throw new Error(`There is a row of the id ${row._id} already.`)
  if (existing.contentHash !== contentHash) {
    throw codedError('CONFLICT', 'This idempotency key was used for something else. Use a new key for new content.')
  }
  if (existing.deletedAt) {
    throw codedError('CONFLICT', 'What was written with this idempotency key was deleted since. Use a new key.')
  }
  return { row: existing, created: false }
}
