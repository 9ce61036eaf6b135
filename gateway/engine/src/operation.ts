import { Kind } from 'graphql'
import type {
  DirectiveNode,
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
} from 'graphql'
import type { Variables } from './types.ts'

/** A client's operation, validated against the schema that clients see. */
export type ClientOperation = {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly node: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
}

/** In: the schema that clients see, a document and the operation in it. Out: the operation with its fragments at hand. */
export const readOperation = (
  schema: GraphQLSchema,
  document: DocumentNode,
  node: OperationDefinitionNode,
): ClientOperation => {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  return { schema, document, node, fragments }
}

/** Tells whether a directive says when something is selected. */
export const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include'

/** Tells whether `@skip` and `@include` leave a selection in the operation. */
export const isSelected = ({ directives }: SelectionNode, variables: Variables): boolean => {
  if (!directives || directives.length === 0) return true
  return directives.every((directive) => {
    if (!isCondition(directive)) return true
    const { name, arguments: given } = directive
    const value = given?.find((argument) => argument.name.value === 'if')?.value
    const condition =
      value?.kind === Kind.VARIABLE ? variables[value.name.value] : value?.kind === Kind.BOOLEAN && value.value
    return name.value === 'skip' ? condition !== true : condition === true
  })
}

/** The variables that `@skip` and `@include` ask anywhere in the operation, in a fixed order. */
export const conditionVariables = ({ node, fragments }: ClientOperation): readonly string[] => {
  const names = new Set<string>()
  const visit = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      for (const directive of selection.directives ?? []) {
        if (!isCondition(directive)) continue
        for (const { value } of directive.arguments ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) visit(selection.selectionSet.selections)
    }
  }
  visit(node.selectionSet.selections)
  for (const fragment of fragments.values()) visit(fragment.selectionSet.selections)
  return [...names]
}
