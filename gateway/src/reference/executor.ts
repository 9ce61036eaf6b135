import type { PlanNode } from '@apollo/query-planner'
import type { Logger } from '@codai/runtime'
import type { Executor } from '../executor.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Readmit } from '../readmit.ts'
import type { SubgraphClient } from '../subgraphs/client.ts'
import type { OpenUpstream } from '../subgraphs/upstream.ts'
import { createServices } from './data-source.ts'
import { runPlan, variableErrors } from './plans.ts'
import { createReferencePlanners } from './planner.ts'
import { createSubscribe } from './subscribe.ts'

export type ReferenceExecutorOptions = {
  readonly graphs: Graphs
  readonly client: SubgraphClient
  readonly openUpstream: OpenUpstream
  readonly readmit: Readmit
  readonly logger: Logger
}

/** The executor that stands on `@apollo/gateway`: the measure that a faster engine is held against. */
export const createReferenceExecutor = (options: ReferenceExecutorOptions): Executor => {
  const { client, logger } = options
  const plannerOf = createReferencePlanners()
  return {
    execute: async (operation, call) => {
      const errors = variableErrors(operation)
      if (errors.length > 0) return { errors }
      const { graph } = operation
      const planner = plannerOf(graph)
      const { node } = planner.plan(operation)
      return runPlan(
        node as PlanNode | undefined,
        createServices(graph, client, operation, call),
        operation,
        call,
        logger,
        planner,
      )
    },
    plan: async (operation) => plannerOf(operation.graph).plan(operation),
    subscribe: createSubscribe(options, plannerOf),
  }
}
