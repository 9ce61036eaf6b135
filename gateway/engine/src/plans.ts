import type { FetchNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner'

/** All fetches of a plan, in its order. */
export const fetchesOf = ({ node }: QueryPlan): readonly FetchNode[] => (node ? below(node) : [])

const below = (node: PlanNode | SubscriptionNode): readonly FetchNode[] => {
  switch (node.kind) {
    case 'Fetch':
      return [node]
    case 'Flatten':
      return below(node.node)
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(below)
    case 'Condition':
      return optional(node.ifClause, node.elseClause)
    case 'Subscription':
      return optional(node.primary, node.rest)
    case 'Defer':
    default:
      return []
  }
}

const optional = (...nodes: readonly (PlanNode | undefined)[]): readonly FetchNode[] =>
  nodes.flatMap((node) => (node ? below(node) : []))
