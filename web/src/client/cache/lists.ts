import { gql } from '@urql/core'
import type { Cache, Entity } from '@urql/exchange-graphcache'

/** A node as a mutation or a subscription gives it. */
export type Node = { readonly __typename: string; readonly id: string }

/** Which of the cached lists of a field are meant, by the arguments with which they were asked for. */
export type ListFilter = (args: Readonly<Record<string, unknown>>) => boolean

/** The node in a value that came from the graph; undefined when there is none. */
export const nodeIn = (value: unknown): Node | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const { __typename, id } = value as Partial<Node>
  return typeof __typename === 'string' && typeof id === 'string' ? { __typename, id } : undefined
}

type CachedList = {
  readonly connection: string
  readonly edges: readonly string[]
  readonly args: Record<string, unknown>
}

const cachedLists = (cache: Cache, owner: Entity, field: string): CachedList[] => {
  const lists: CachedList[] = []
  for (const { fieldName, arguments: args, fieldKey } of cache.inspectFields(owner)) {
    if (fieldName !== field) continue
    const connection = cache.resolve(owner, fieldKey)
    if (typeof connection !== 'string') continue
    const edges = cache.resolve(connection, 'edges')
    if (!Array.isArray(edges)) continue
    lists.push({
      connection,
      args: args ?? {},
      edges: edges.filter((edge): edge is string => typeof edge === 'string'),
    })
  }
  return lists
}

const hasMore = (cache: Cache, connection: string): boolean => {
  const pageInfo = cache.resolve(connection, 'pageInfo')
  return typeof pageInfo === 'string' && cache.resolve(pageInfo, 'hasNextPage') === true
}

/**
 * Puts a new node into the cached lists of a field, where it belongs: at the start of first pages, or at the end of last
 * ones. A list that has it already stays as it is.
 */
export const linkNode = (
  cache: Cache,
  owner: Entity,
  field: string,
  node: Node | undefined,
  place: 'start' | 'end' = 'start',
  fits: ListFilter = () => true,
): void => {
  if (node === undefined) return
  const type = `${node.__typename}Edge`
  const edge = cache.keyOfEntity({ __typename: type, node })
  if (edge === null) return
  for (const { connection, edges, args } of cachedLists(cache, owner, field)) {
    if (edges.includes(edge) || !fits(args)) continue
    if (place === 'start' ? Boolean(args['after']) : hasMore(cache, connection)) continue
    cache.writeFragment(
      gql(`fragment NewEdge on ${type} { __typename node { __typename id } }`),
      { __typename: type, node },
      {},
    )
    cache.link(connection, 'edges', place === 'start' ? [edge, ...edges] : [...edges, edge])
  }
}

/** Takes a node out of every cached list of a field. */
export const unlinkNode = (cache: Cache, owner: Entity, field: string, node: Node | undefined): void => {
  if (node === undefined) return
  const edge = cache.keyOfEntity({ __typename: `${node.__typename}Edge`, node })
  for (const { connection, edges } of cachedLists(cache, owner, field)) {
    if (edge !== null && edges.includes(edge))
      cache.link(
        connection,
        'edges',
        edges.filter((other) => other !== edge),
      )
  }
}

/** Forgets a field with whatever arguments: what shows it asks the graph again. */
export const forget = (cache: Cache, owner: Entity, ...fields: readonly string[]): void => {
  for (const { fieldName, fieldKey } of cache.inspectFields(owner)) {
    if (fields.includes(fieldName)) cache.invalidate(owner, fieldKey)
  }
}
