import type { Model, QueryFilter, SortOrder } from 'mongoose'
import { z } from 'zod'

/** Where a row stands in its list: its time in milliseconds, and its id among rows of one time. */
export type Position = [at: number, id: string]

/** The shape of a position in a cursor. */
export const position: z.ZodType<Position> = z.tuple([z.number().int().min(0).max(8.64e15), z.string().max(200)])

/** A part of a list: at most `limit` rows behind `after`. */
export type Part = { limit: number; after: Position | undefined }

const orders = { newest: { sort: -1, behind: '$lt' }, oldest: { sort: 1, behind: '$gt' } } as const

/**
 * Reads a list part by part, in the order of a time: by position and not by number, so that rows which come or go
 * meanwhile make it neither skip nor repeat a row.
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
