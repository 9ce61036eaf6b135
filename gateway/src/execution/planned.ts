import type { Prepared, SubscriptionStart } from '@codai/engine'
import type { Subgraph } from '../graph/graph.ts'
import type { LiveRule } from '../graph/live.ts'
import type { Operation } from '../operation.ts'
import type { SubgraphResponse } from '../subgraphs/client.ts'
import { createMarkReader } from './live-fields.ts'
import type { Mark } from './live-fields.ts'

/** A subscription as planned on one graph. */
export type Planned = {
  readonly operation: Operation
  readonly prepared: Prepared
  readonly subgraph: Subgraph
  readonly start: SubscriptionStart
  readonly markOf: (event: SubgraphResponse) => Mark
}

export const planSubscription = async (
  operation: Operation,
  prepare: (operation: Operation) => Promise<Prepared>,
  rule: LiveRule | undefined,
): Promise<Planned> => {
  const prepared = await prepare(operation)
  const start = prepared.subscription
  if (!start) throw new Error('the operation is not a subscription that a subgraph can answer')
  const subgraph = operation.graph.subgraphs.get(start.service)
  if (!subgraph) throw new Error(`the plan names the subgraph ${start.service}, which the graph does not have`)
  return { operation, prepared, subgraph, start, markOf: createMarkReader(operation.document, rule) }
}

/** Whether what is open for one plan serves another. */
export const sameUpstream = (one: Planned, other: Planned): boolean =>
  one.subgraph.name === other.subgraph.name &&
  one.subgraph.url === other.subgraph.url &&
  one.start.query === other.start.query
