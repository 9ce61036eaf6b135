import { operationFromDocument } from '@apollo/federation-internals'
import type { Schema, Supergraph } from '@apollo/federation-internals'
import { QueryPlanner } from '@apollo/query-planner'
import type { QueryPlan } from '@apollo/query-planner'
import type { DocumentNode } from 'graphql'
import { createCache } from '../cache.ts'
import type { Operation } from '../operation.ts'

export type Planner = { plan(operation: Operation): QueryPlan }

const REMEMBERED_PLANS = 1_000

/** Plans operations over one supergraph; plans are remembered by document and operation name. */
export const createPlanner = (supergraph: Supergraph, apiSchema: Schema): Planner => {
  const planDocument = createPlanDocument(supergraph, apiSchema)
  const plans = createCache<QueryPlan>(REMEMBERED_PLANS)

  return {
    plan: (operation) => {
      const known = plans.get(operation.key)
      if (known) return known
      const plan = planDocument(operation.document, operation.operationName, operation.overrides)
      plans.set(operation.key, plan)
      return plan
    },
  }
}

/** Plans an operation of a document that is valid. It may take long, and nothing else runs meanwhile. */
export type PlanDocument = (
  document: DocumentNode,
  operationName: string | undefined,
  overrides?: readonly string[],
) => QueryPlan

export const createPlanDocument = (supergraph: Supergraph, apiSchema: Schema): PlanDocument => {
  // Made when first needed: where another thread plans, this one need not know how.
  let queryPlanner: QueryPlanner | undefined

  return (document, operationName, overrides = []) => {
    queryPlanner ??= new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: true } })
    const operation = operationFromDocument(apiSchema, document, operationName === undefined ? {} : { operationName })
    return queryPlanner.buildQueryPlan(operation, {
      overrideConditions: new Map(overrides.map((label) => [label, true])),
    })
  }
}
