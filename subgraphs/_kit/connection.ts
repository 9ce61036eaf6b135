import { badInput } from '@codai/runtime'
import type { z } from 'zod'

/** The arguments of every connection field. */
export type ConnectionArguments = { first?: number | null | undefined; after?: string | null | undefined }

/** A page as the Relay connection specification has it. */
export type Connection<Node, Extra = object> = {
  edges: ({ cursor: string; node: Node } & Extra)[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

const largestPage = 100

const encodeCursor = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url')

const decodeCursor = <Position>(cursor: string, shape: z.ZodType<Position>): Position => {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw badInput('`after` is not a cursor of this list. Pass an `endCursor` as it was given.', { field: 'after' })
  }
}

/**
 * A page over a keyset query: stable while rows come and go, and as fast on the last page as on the first.
 * `position` is the shape of what a cursor carries (the sort key with a tie-breaker); `fetch` gives at most `limit`
 * rows behind the position, in order. At most 100 rows a page: more is BAD_USER_INPUT.
 */
export const connection = async <Row, Position, Node = Row, Extra = object>(
  { first, after }: ConnectionArguments,
  list: {
    position: z.ZodType<Position>
    positionOf: (row: Row) => Position
    fetch: (limit: number, after: Position | undefined) => Promise<readonly Row[]>
    node?: (row: Row) => Node
    extra?: (row: Row) => Extra
  },
): Promise<Connection<Node, Extra>> => {
  const limit = first ?? 20
  if (limit < 0 || limit > largestPage) throw badInput(`\`first\` is between 0 and ${largestPage}.`, { field: 'first' })
  const rows = await list.fetch(limit + 1, after == null ? undefined : decodeCursor(after, list.position))
  const edges = rows.slice(0, limit).map((row) => ({
    cursor: encodeCursor(list.positionOf(row)),
    node: list.node ? list.node(row) : (row as unknown as Node),
    ...(list.extra?.(row) as Extra),
  }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > limit,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}
