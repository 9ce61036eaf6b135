import { Kind, visit } from 'graphql'
import type { DocumentNode, FieldNode, OperationDefinitionNode } from 'graphql'

/** An operation under keys that are in nobody's way, and the way back to the client's. */
export type Renamed = {
  readonly document: DocumentNode
  readonly node: OperationDefinitionNode
  /** The client's key for one of the operation. */
  readonly clientKey: (key: string) => string
  /** Whether any key had to be renamed. */
  readonly isRenamed: boolean
}

/**
 * Renames response keys that a plan's own fields would share. The planner takes a key or an input of `@requires` for
 * fetched where the client uses its name for something else (`email: name`, `comments(limit: 1)`): it sends the wrong
 * input, or answers the client with it.
 *
 * In: the operation, and the names of the fields that plans add. Out: the same operation under other keys.
 */
export const renameKeys = (
  document: DocumentNode,
  node: OperationDefinitionNode,
  addedByPlans: ReadonlySet<string>,
): Renamed => {
  const used = new Set<string>()
  const ambiguous = new Set<string>()
  visitAnswered(document, (field) => {
    const key = keyOf(field)
    used.add(key)
    const isOther = field.name.value !== key || (field.arguments?.length ?? 0) > 0
    if (isOther && addedByPlans.has(key)) ambiguous.add(key)
    return undefined
  })
  if (ambiguous.size === 0) return { document, node, clientKey: (key) => key, isRenamed: false }

  const renamed = new Map([...ambiguous].map((key) => [key, freshKey(key, used)]))
  const back = new Map([...renamed].map(([key, fresh]) => [fresh, key]))
  const rewritten = visitAnswered(document, (field) => {
    const value = renamed.get(keyOf(field))
    return value === undefined ? undefined : { ...field, alias: { kind: Kind.NAME, value } }
  })
  const index = document.definitions.indexOf(node)
  const definition = rewritten.definitions[index]
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the operation is not in its document')
  return { document: rewritten, node: definition, clientKey: (key) => back.get(key) ?? key, isRenamed: true }
}

const keyOf = ({ alias, name }: FieldNode): string => alias?.value ?? name.value

const freshKey = (key: string, used: ReadonlySet<string>): string => {
  let fresh = `${key}__asked`
  while (used.has(fresh)) fresh += '_'
  return fresh
}

/** Visits the fields that subgraphs answer: introspection is answered here, by others than plans. */
const visitAnswered = (document: DocumentNode, change: (field: FieldNode) => FieldNode | undefined): DocumentNode =>
  visit(document, {
    FragmentDefinition: ({ typeCondition }) => (typeCondition.name.value.startsWith('__') ? false : undefined),
    Field: {
      enter: (field) => (field.name.value.startsWith('__') ? false : undefined),
      leave: (field) => (field.name.value.startsWith('__') ? undefined : change(field)),
    },
  })
