import { Kind, parse, visit } from 'graphql'
import type { FragmentDefinitionNode, GraphQLSchema, SelectionSetNode } from 'graphql'
import { selectionAt } from './selection.ts'
import type { Selection } from './selection.ts'
import { isOfType } from './type-conditions.ts'

/**
 * The response keys of an object, of a type or of any, that the client selected and that a fetch was to bring: where an
 * error belongs when the fetch fails. Keys and inputs of `@requires`, which nobody selected, are not among them.
 */
export type LostKeys = (typename: string | undefined, selection: Selection) => readonly string[]

export type LostKeysOptions = {
  /** The document that is fetched. */
  readonly query: string
  /** The keys to the objects that it is about. */
  readonly position: readonly string[]
  readonly supergraph: GraphQLSchema
  readonly clientKey: (key: string) => string
}

/** Compiles, when first needed, which keys a fetch brings. In: the fetch. Out: the keys by type. */
export const compileLostKeys = ({ query, position, supergraph, clientKey }: LostKeysOptions): LostKeys => {
  let fetched: SelectionSetNode | undefined

  return (typename, selection) => {
    fetched ??= fetchedSelections(query)
    const selected = selectionAt(selection, position)?.keys
    if (!selected) return []
    const keys = new Set<string>()
    collectKeys(fetched, typename, supergraph, keys)
    const clientKeys = new Set([...keys].map(clientKey))
    return [...clientKeys].filter((key) => key !== '__typename' && selected.has(key))
  }
}

/** What a fetch selects on the objects that it is about (the root, or entities), its fragments written out. */
export const fetchedSelections = (query: string): SelectionSetNode => {
  const { definitions } = parse(query, { noLocation: true })
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const definition = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a plan with a fetch that is no operation')
  const [first] = definition.selectionSet.selections
  const isAboutEntities = first?.kind === Kind.FIELD && first.name.value === '_entities'
  const selectionSet = isAboutEntities && first.selectionSet ? first.selectionSet : definition.selectionSet
  if (fragments.size === 0) return selectionSet
  return visit(selectionSet, {
    FragmentSpread: ({ name }) => {
      const fragment = fragments.get(name.value)
      return fragment && { ...fragment, kind: Kind.INLINE_FRAGMENT }
    },
  })
}

const collectKeys = (
  { selections }: SelectionSetNode,
  typename: string | undefined,
  schema: GraphQLSchema,
  keys: Set<string>,
): void => {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) keys.add(selection.alias?.value ?? selection.name.value)
    if (selection.kind !== Kind.INLINE_FRAGMENT) continue
    const condition = selection.typeCondition?.name.value
    const applies = typename === undefined || condition === undefined || isOfType(schema, typename, condition)
    if (applies) collectKeys(selection.selectionSet, typename, schema, keys)
  }
}
