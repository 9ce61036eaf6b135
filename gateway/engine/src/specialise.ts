import { Kind, visit } from 'graphql'
import type {
  DocumentNode,
  InlineFragmentNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from 'graphql'
import { deferLabel } from './deferring.ts'
import { isCondition, isSelected } from './operation.ts'
import type { Variables } from './types.ts'

/**
 * What is left of an operation for certain values of the variables that its `@skip` and `@include` ask. Plans are made of
 * this: a plan that keeps conditions fetches inputs of fields under a condition only under it, and where they are
 * missing asks for nothing of the object at all. And they are made of `... @defer { ... on Book }` for `... on Book
 * @defer`: otherwise they find out at once whether an object is a book, where that alone takes a fetch.
 *
 * In: the operation, and those values. Out: an operation to be planned, without `@skip` and `@include`.
 */
export const specialise = (
  document: DocumentNode,
  node: OperationDefinitionNode,
  conditions: Variables,
): { readonly document: DocumentNode; readonly node: OperationDefinitionNode } => {
  const index = document.definitions.indexOf(node)
  const rest = (selection: SelectionNode): SelectionNode | null | undefined => {
    if (!selection.directives?.some(isCondition)) return undefined
    if (!isSelected(selection, conditions)) return null
    return { ...selection, directives: selection.directives.filter((directive) => !isCondition(directive)) }
  }
  const specialised = visit(document, {
    Field: { enter: rest },
    InlineFragment: { enter: rest, leave: deferOutside },
    FragmentSpread: { enter: rest },
    SelectionSet: { leave: (set) => (set.selections.length === 0 ? NOTHING : undefined) },
  })
  const definition = specialised.definitions[index]
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the operation is not in its document')
  return { document: specialised, node: definition }
}

const deferOutside = (fragment: InlineFragmentNode): InlineFragmentNode | undefined => {
  const { typeCondition, directives = [], selectionSet } = fragment
  if (!typeCondition || deferLabel(fragment) === undefined) return undefined
  const inside = { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet } as const
  return {
    kind: Kind.INLINE_FRAGMENT,
    directives,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [inside] },
  }
}

/** A selection set may not be empty; the name of the type is known without asking for more. */
const NOTHING: SelectionSetNode = {
  kind: Kind.SELECTION_SET,
  selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }],
}
