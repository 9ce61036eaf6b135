import { Kind, getNamedType, isAbstractType, isCompositeType, parse } from 'graphql'
import type { DocumentNode, GraphQLNamedType, SelectionSetNode } from 'graphql'
import type { Graph } from '../graph/graph.ts'
import { rememberPerGraph } from '../graph/per-graph.ts'
import { fragmentsOf } from '../selections.ts'

/**
 * Tells whether a read of a subgraph asks only for what its services promised to be the same for everyone. It can then be
 * sent in nobody's name, and its answer serves all who ask the same.
 */
export type IsImpersonal = (graph: Graph, query: string) => boolean

const REMEMBERED_READS = 2_000

/** Looks at each document once per graph. */
export const createIsImpersonal = (): IsImpersonal => {
  const remembered = rememberPerGraph<boolean>(REMEMBERED_READS)
  return (graph, query) =>
    graph.live.sameForEveryone.size > 0 &&
    remembered(graph, query, () => asksForNothingPersonal(graph, parse(query, { noLocation: true })))
}

/** Whether a field is promised to be the same, on every object that may answer. What is secured never is. */
export const isPromised = ({ schema, live, security }: Graph, parent: GraphQLNamedType, name: string): boolean => {
  const objects = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent]
  return objects.every((object) => {
    const field = `${object.name}.${name}`
    if (security.types.has(object.name) || security.fields.has(field)) return false
    // Also where nothing but its `__typename` is asked of it, or it is a scalar.
    const type = 'getFields' in object ? getNamedType(object.getFields()[name]?.type) : undefined
    if (type && security.types.has(type.name)) return false
    return isAbstractType(object) || live.sameForEveryone.has(field)
  })
}

const asksForNothingPersonal = (graph: Graph, document: DocumentNode): boolean => {
  const { schema } = graph
  const fragments = fragmentsOf(document)

  const selectsNothingPersonal = (set: SelectionSetNode, parent: GraphQLNamedType | undefined): boolean =>
    set.selections.every((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value
        return selectsNothingPersonal(
          selection.selectionSet,
          condition === undefined ? parent : schema.getType(condition),
        )
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)
        if (!fragment) return false
        return selectsNothingPersonal(fragment.selectionSet, schema.getType(fragment.typeCondition.name.value))
      }
      const name = selection.name.value
      if (name === '__typename') return true
      // Below it, every entity has its type as a condition.
      if (name === '_entities') return selectsNothingPersonal(selection.selectionSet ?? NOTHING, undefined)
      // What clients do not see counts as personal, too: nothing is known of it here.
      if (!isCompositeType(parent) || !('getFields' in parent) || !isPromised(graph, parent, name)) return false
      const type = getNamedType(parent.getFields()[name]?.type)
      return !selection.selectionSet || selectsNothingPersonal(selection.selectionSet, type)
    })

  return document.definitions.every(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      selectsNothingPersonal(definition.selectionSet, schema.getQueryType() ?? undefined),
  )
}

const NOTHING: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] }
