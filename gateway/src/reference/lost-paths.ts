import { Kind, parse } from 'graphql'
import type { SelectionSetNode } from 'graphql'
import type { Operation } from '../operation.ts'

export type LostFetch = {
  /** The document that was to be fetched. */
  readonly query: string
  /** The entities it was about; undefined for a fetch at the root. */
  readonly representations: unknown
  /** Where its result was to go in the client's response, `@` standing for every item of a list. */
  readonly at: readonly (string | number)[]
  readonly operation: Operation
}

/**
 * The paths, as the subgraph would have answered them, of what a failed fetch leaves empty: every field of every
 * entity, so that a client can tell each missing value from a null. The executor turns them into the client's own.
 * What the client did not select itself (keys, inputs of `@requires`) counts for the entity it belongs to.
 */
export const lostPaths = ({ query, representations, at, operation }: LostFetch): (string | number)[][] => {
  const [definition] = parse(query).definitions
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return [[]]
  const position = at.filter((step) => typeof step === 'string' && step !== '@')
  const selected = selectedKeys(operation, position)

  if (!Array.isArray(representations)) {
    const keys = responseKeys(definition.selectionSet, undefined).filter((key) => selected.has(key))
    return keys.length > 0 ? keys.map((key) => [key]) : [[]]
  }
  const entities = definition.selectionSet.selections.find((selection) => selection.kind === Kind.FIELD)
  return representations.flatMap((representation: unknown, index) => {
    const keys = entities?.selectionSet ? responseKeys(entities.selectionSet, typenameOf(representation)) : []
    const visible = keys.filter((key) => selected.has(key))
    const entity = ['_entities', index]
    return visible.length > 0 ? visible.map((key) => [...entity, key]) : [entity]
  })
}

const typenameOf = (representation: unknown): string | undefined => {
  if (typeof representation !== 'object' || representation === null) return undefined
  const { __typename } = representation as { readonly __typename?: unknown }
  return typeof __typename === 'string' ? __typename : undefined
}

/** The response keys of a fetched selection; a fragment on another type than the entity's is left out. */
const responseKeys = ({ selections }: SelectionSetNode, typename: string | undefined): string[] => {
  const keys = selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.alias?.value ?? selection.name.value]
    if (selection.kind === Kind.FRAGMENT_SPREAD) return []
    const condition = selection.typeCondition?.name.value
    const applies = typename === undefined || condition === undefined || condition === typename
    return applies ? responseKeys(selection.selectionSet, typename) : []
  })
  return [...new Set(keys)].filter((key) => key !== '__typename')
}

/** The response keys that the client selected at a position of its response. */
const selectedKeys = ({ document, node }: Operation, position: readonly (string | number)[]): ReadonlySet<string> => {
  const fieldsOf = (selectionSets: readonly SelectionSetNode[], visited: ReadonlySet<string>): FieldsByKey => {
    const fields: FieldsByKey = new Map()
    const add = (key: string, below: readonly SelectionSetNode[]): void =>
      void fields.set(key, [...(fields.get(key) ?? []), ...below])
    for (const selection of selectionSets.flatMap(({ selections }) => selections)) {
      if (selection.kind === Kind.FIELD) {
        add(selection.alias?.value ?? selection.name.value, selection.selectionSet ? [selection.selectionSet] : [])
        continue
      }
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined
      if (name !== undefined && visited.has(name)) continue
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name)
      if (!fragment || !('selectionSet' in fragment) || !fragment.selectionSet) continue
      const inside = fieldsOf([fragment.selectionSet], name === undefined ? visited : new Set([...visited, name]))
      for (const [key, below] of inside) add(key, below)
    }
    return fields
  }

  let fields = fieldsOf([node.selectionSet], new Set())
  for (const step of position) fields = fieldsOf(fields.get(String(step)) ?? [], new Set())
  return new Set(fields.keys())
}

type FieldsByKey = Map<string, readonly SelectionSetNode[]>
