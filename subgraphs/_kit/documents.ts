import { createHash } from 'node:crypto'
import type { Model, QueryFilter, SortOrder } from 'mongoose'
import { z } from 'zod'
import { codedError } from '@codai/runtime'
import { connection } from './connection.ts'
import type { Connection, ConnectionArguments } from './connection.ts'

/** Where a row stands in its list: its time in milliseconds, and its id among rows of one time. */
export type Position = [at: number, id: string]

/** The shape of a position in a cursor. */
export const position: z.ZodType<Position> = z.tuple([z.number().int().min(0).max(8.64e15), z.string().max(200)])

/** A part of a list: at most `limit` rows behind `after`. */
export type Part = { limit: number; after: Position | undefined }

const orders = { newest: { sort: -1, behind: '$lt' }, oldest: { sort: 1, behind: '$gt' } } as const

/**
 * Reads a list of documents part by part, in the order of a time: by position and not by number, so that rows which come
 * or go meanwhile make it neither skip nor repeat a row.
 */
export const partsOf =
  <Row extends { _id: string }>(model: Model<Row>, time: keyof Row & string, first: keyof typeof orders) =>
  async (filter: QueryFilter<Row>, { limit, after }: Part): Promise<Row[]> => {
    const { sort, behind } = orders[first]
    const order: Record<string, SortOrder> = { [time]: sort, _id: sort }
    const at = new Date(after?.[0] ?? 0)
    const rest = after && { $or: [{ [time]: { [behind]: at } }, { [time]: at, _id: { [behind]: after[1] } }] }
    const conditions = (rest ? { $and: [filter, rest] } : filter) as QueryFilter<Row>
    return model.find(conditions).sort(order).limit(limit).lean<Row[]>()
  }

/** A page of a list in the order of its creation, from what `partsOf` reads. */
export const creationPage = <Row extends { id: string; createdAt: Date }>(
  args: ConnectionArguments,
  fetch: (part: Part) => Promise<readonly Row[]>,
): Promise<Connection<Row>> =>
  connection(args, {
    position,
    positionOf: ({ createdAt, id }: Row): Position => [createdAt.getTime(), id],
    fetch: (limit, after) => fetch({ limit, after }),
  })

/** What makes a repeated call harmless: the caller's key, and a digest of what was sent with it. */
export type Repetition = { key: string; contentHash: string }

/** The repetition of a call with a key; `content` is all of it that has to be the same the next time. */
export const repetitionOf = (key: string, content: unknown): Repetition => ({
  key,
  contentHash: createHash('sha256').update(JSON.stringify(content)).digest('base64url'),
})

/** Whether a store refused to write a second document of one unique key. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 11_000

/** Inserts a document; false when there is one of its id, or of another unique key of it. */
export const insertNew = async <Row extends { _id: string }>(model: Model<Row>, row: Row): Promise<boolean> => {
  try {
    await model.insertOne(row as Parameters<typeof model.insertOne>[0])
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

/** A document that is written once for each key of somebody. Its collection needs `onceByKey` of that field. */
export type Repeatable = { _id: string; idempotencyKey?: string; contentHash?: string; deletedAt?: Date }

/** The unique index that lets the store itself decide between calls with one key at the same time. */
export const onceByKey = (field: string) =>
  [
    { [field]: 1, idempotencyKey: 1 } satisfies Record<string, 1>,
    { unique: true, partialFilterExpression: { idempotencyKey: { $exists: true } } },
  ] as const

/**
 * The document that somebody, whom the field `by` names, wrote with a key before; null when there is none. CONFLICT when it
 * has other content, or was deleted since.
 */
export const findRepeated = async <Row extends Repeatable>(
  model: Model<Row>,
  by: keyof Row & string,
  who: unknown,
  { key, contentHash }: Repetition,
): Promise<Row | null> => {
  const existing = await model.findOne({ [by]: who, idempotencyKey: key } as QueryFilter<Row>).lean<Row>()
  if (existing && existing.contentHash !== contentHash) {
    throw codedError('CONFLICT', 'This idempotency key was used for something else. Use a new key for new content.')
  }
  if (existing?.deletedAt) {
    throw codedError('CONFLICT', 'What was written with this idempotency key was deleted since. Use a new key.')
  }
  return existing
}

/**
 * Inserts a document once for each key of whom its field `by` names. With a key that was used, gives the document that it
 * stands for, or CONFLICT as `findRepeated`.
 */
export const insertOnce = async <Row extends Repeatable>(
  model: Model<Row>,
  by: keyof Row & string,
  row: Row,
  repetition: Repetition | undefined,
): Promise<{ row: Row; created: boolean }> => {
  const { key: idempotencyKey, contentHash } = repetition ?? {}
  const complete: Row = repetition ? { ...row, idempotencyKey, contentHash } : row
  if (await insertNew(model, complete)) return { row: complete, created: true }
  const existing = repetition ? await findRepeated(model, by, row[by], repetition) : null
  if (existing) return { row: existing, created: false }
  throw new Error(`There is a document of the id ${row._id} already.`)
}
