import { Supergraph } from '@apollo/federation-internals'
import type { Schema } from '@apollo/federation-internals'
import type { QueryPlan } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { createCache } from '../cache.ts'
import { SUPPORTED_FEATURES } from '../graph/features.ts'
import type { Graph } from '../graph/graph.ts'
import type { Operation } from '../operation.ts'
import { createPlanDocument } from '../planner/plan-operation.ts'
import type { Planner } from '../planner/planner.ts'

/** A planner as `@apollo/gateway` has it: on the event loop. */
export type ReferencePlanner = {
  /** What clients see, in the planner's own model. */
  readonly apiSchema: Schema
  /** All there is. */
  readonly supergraphSchema: GraphQLSchema
  readonly plan: (operation: Operation) => QueryPlan
}

const REMEMBERED_PLANS = 1_000

/** Makes a planner for each supergraph that is planned over; plans are remembered by document and operation name. */
export const createReferencePlanners = (): ((graph: Graph) => ReferencePlanner) => {
  // By what views of one graph share.
  const planners = new WeakMap<Planner, ReferencePlanner>()
  return ({ planner, sdl }) => {
    const known = planners.get(planner) ?? createReferencePlanner(sdl)
    planners.set(planner, known)
    return known
  }
}

const createReferencePlanner = (sdl: string): ReferencePlanner => {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: SUPPORTED_FEATURES })
  const planDocument = createPlanDocument(supergraph)
  const plans = createCache<QueryPlan>(REMEMBERED_PLANS)

  return {
    apiSchema: supergraph.apiSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    plan: (operation) => {
      const known = plans.get(operation.key)
      if (known) return known
      const plan = planDocument(operation.document, operation.operationName, operation.overrides)
      plans.set(operation.key, plan)
      return plan
    },
  }
}
