import type { QueryPlan } from '@apollo/query-planner'
import { Kind } from 'graphql'
import { fetchedSelections } from './lost.ts'
import { fetchesOf } from './plans.ts'

/** A subgraph that is asked for entities which it does not look up by any key. */
export type Refused = { readonly service: string; readonly type: string }

/**
 * Finds a fetch of a plan that its subgraph must refuse. The planner returns to a subgraph for a field with `@requires`
 * by the key that it left by, also where that key is marked `resolvable: false`.
 *
 * In: the plan, and by subgraph the types that it has keys of but no key to look them up. Out: the first such fetch.
 */
export const findRefused = (
  plan: QueryPlan,
  unresolvable: ReadonlyMap<string, ReadonlySet<string>>,
): Refused | undefined => {
  if (unresolvable.size === 0) return undefined
  for (const { serviceName, operation, requires } of fetchesOf(plan)) {
    const types = unresolvable.get(serviceName)
    if (!requires || !types) continue
    for (const selection of fetchedSelections(operation).selections) {
      if (selection.kind !== Kind.INLINE_FRAGMENT) continue
      const type = selection.typeCondition?.name.value
      if (type !== undefined && types.has(type)) return { service: serviceName, type }
    }
  }
  return undefined
}
