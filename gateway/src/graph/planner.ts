import { operationFromDocument } from '@apollo/federation-internals'
import type { Schema, Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { QueryPlan } from '@apollo/query-planner'
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
      const { document, operationName } = operation
      const planned = operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName })
      const plan = queryPlanner.buildQueryPlan(planned)
      plans.set(operation.key, plan)
      return plan
    },
  }
}
