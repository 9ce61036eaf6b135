// Not of the package as a whole, which brings the planner into this thread.
import { prettyFormatQueryPlan } from '@apollo/query-planner/dist/prettyFormatQueryPlan.js'
import type { QueryPlan } from '@apollo/query-planner'
import type { IncomingHttpHeaders } from 'node:http'

/** How a client wants to see the plan of its operation: as text, or as it is. */
export type PlanFormat = 'prettified' | 'internal'

const HEADER = 'apollo-query-plan-experimental'

/** Reads whether a client wants to see a plan, as Apollo Sandbox asks for it. */
export const planFormatOf = (headers: IncomingHttpHeaders): PlanFormat | undefined => {
  if (!headers[HEADER]) return undefined
  return headers[`${HEADER}-format`] === 'internal' ? 'internal' : 'prettified'
}

/** The extension in which Apollo Sandbox looks for a plan; `true` where nothing has to be fetched. */
export const planExtension = (plan: QueryPlan, format: PlanFormat): Record<string, unknown> => ({
  __queryPlanExperimental: format === 'internal' ? plan : !plan.node || prettyFormatQueryPlan(plan),
})
