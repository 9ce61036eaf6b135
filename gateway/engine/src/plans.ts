import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner'

/** A fetch of a plan, and the path to the objects that it is about, such as `['books', '@', 'author|[Person]']`. */
export type PlacedFetch = { readonly fetch: FetchNode; readonly path: readonly string[] }

/** Lists what a plan fetches. In: a plan. Out: its fetches, in its order. */
export const fetchesOf = ({ node }: QueryPlan): readonly FetchNode[] =>
  node ? placedFetchesOf(node).map(({ fetch }) => fetch) : []

/** The same with their places. In: a node of a plan, and the path to it. */
export const placedFetchesOf = (
  node: PlanNode | SubscriptionNode,
  path: readonly string[] = [],
): readonly PlacedFetch[] => {
  const below = (...nodes: readonly (PlanNode | undefined)[]): readonly PlacedFetch[] =>
    nodes.flatMap((child) => (child ? placedFetchesOf(child, path) : []))

  switch (node.kind) {
    case 'Fetch':
      return [{ fetch: node, path }]
    case 'Flatten':
      return placedFetchesOf(node.node, [...path, ...node.path.map(String)])
    case 'Sequence':
    case 'Parallel':
      return below(...node.nodes)
    case 'Condition':
      return below(node.ifClause, node.elseClause)
    case 'Subscription':
      return below(node.primary, node.rest)
    case 'Defer':
      return below(node.primary.node, ...node.deferred.map((part) => part.node))
    default:
      return []
  }
}

/** Lists what a plan fetches later. In: a plan. Out: the labels of its parts. */
export const labelsOf = ({ node }: QueryPlan): ReadonlySet<string> => new Set(node ? labelsBelow(node) : [])

const labelsBelow = (node: PlanNode | SubscriptionNode): readonly string[] => {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(labelsBelow)
    case 'Defer':
      return node.deferred.flatMap(({ label, node: part }) => [label ?? '', ...(part ? labelsBelow(part) : [])])
    case 'Fetch':
    case 'Flatten':
    case 'Condition':
    case 'Subscription':
    default:
      return []
  }
}
