import type { FetchNode, QueryPlan } from '@apollo/query-planner'
import { Kind, getNamedType, isCompositeType, isInterfaceType, isObjectType } from 'graphql'
import type { GraphQLCompositeType, GraphQLSchema, SelectionSetNode } from 'graphql'
import { fetchedSelections } from './lost.ts'
import { fetchesOf } from './plans.ts'

/** A field that a subgraph is asked for, and that only others can answer. */
export type Foreign = { readonly service: string; readonly field: string }

/**
 * Finds a fetch of a field that its subgraph only knows from others. Where two subgraphs require of each other by turns,
 * the planner takes fetches for one that must follow each other, and the subgraph answers without its input.
 *
 * In: the plan, the supergraph's schema, and by subgraph the fields (`Type.field`) that are `@external` and never
 * provided. Out: the first such field.
 */
export const findForeign = (
  plan: QueryPlan,
  supergraph: GraphQLSchema,
  external: ReadonlyMap<string, ReadonlySet<string>>,
): Foreign | undefined => {
  for (const fetch of fetchesOf(plan)) {
    const fields = external.get(fetch.serviceName)
    const field = fields && firstForeign(fetch, supergraph, fields)
    if (field !== undefined) return { service: fetch.serviceName, field }
  }
  return undefined
}

const firstForeign = (
  { operation, operationKind, requires }: FetchNode,
  supergraph: GraphQLSchema,
  external: ReadonlySet<string>,
): string | undefined => {
  const visit = (parent: GraphQLCompositeType | undefined, { selections }: SelectionSetNode): string | undefined => {
    for (const selection of selections) {
      const found = inSelection(parent, selection)
      if (found !== undefined) return found
    }
    return undefined
  }

  const inSelection = (
    parent: GraphQLCompositeType | undefined,
    selection: SelectionSetNode['selections'][number],
  ): string | undefined => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return undefined
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition && supergraph.getType(selection.typeCondition.name.value)
      return visit(isCompositeType(condition) ? condition : parent, selection.selectionSet)
    }
    if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined
    const name = selection.name.value
    const coordinate = `${parent.name}.${name}`
    if (external.has(coordinate)) return coordinate
    const type = getNamedType(parent.getFields()[name]?.type)
    return selection.selectionSet && visit(isCompositeType(type) ? type : undefined, selection.selectionSet)
  }

  return visit(
    requires ? undefined : (supergraph.getRootType(operationKind) ?? undefined),
    fetchedSelections(operation),
  )
}
