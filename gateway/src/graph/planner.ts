import { operationFromDocument } from '@apollo/federation-internals'
import type { Schema, Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { QueryPlan } from '@apollo/query-planner'
import { badInput } from '@codai/runtime'
import { OperationTypeNode } from 'graphql'
import { createCache } from '../cache.ts'
import type { Operation } from '../operation.ts'

export type Planner = { plan(operation: Operation): QueryPlan }

const REMEMBERED_PLANS = 1_000

/** Plans operations over one supergraph; plans are remembered by document and operation name. */
export const createPlanner = (supergraph: Supergraph, apiSchema: Schema): Planner => {
  const queryPlanner = new QueryPlanner(supergraph)
  const plans = createCache<QueryPlan>(REMEMBERED_PLANS)

  return {
    plan: (operation) => {
      const known = plans.get(operation.key)
      if (known) return known
      refuseConditionalRoot(operation)
      const { document, operationName } = operation
      const planned = operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName })
      const plan = queryPlanner.buildQueryPlan(planned)
      plans.set(operation.key, plan)
      return plan
    },
  }
}

/** A subscription whose only field may be absent has no event stream to plan (GraphQL 2025, section 5.2.4.1). */
const refuseConditionalRoot = ({ node }: Operation): void => {
  if (node.operation !== OperationTypeNode.SUBSCRIPTION) return
  const conditional = node.selectionSet.selections.some(({ directives }) =>
    directives?.some(({ name }) => name.value === 'skip' || name.value === 'include'),
  )
  if (conditional) throw badInput("A subscription's root field cannot have @skip or @include.")
}
