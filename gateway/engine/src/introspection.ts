import { Kind, OperationTypeNode, executeSync, visit } from 'graphql'
import type { DocumentNode, FieldNode } from 'graphql'
import type { ClientOperation } from './operation.ts'
import { appendJson } from './bytes.ts'
import type { Output } from './output.ts'

/** Compiles `__schema` or `__type`. In: the nodes that select it. Out: what writes the answer of graphql-js to them. */
export const compileIntrospection = (
  operation: ClientOperation,
  key: string,
  nodes: readonly FieldNode[],
): ((output: Output) => void) => {
  const document = introspectionDocument(operation, nodes)
  const usesVariables =
    (document.definitions[0] as { variableDefinitions?: unknown[] }).variableDefinitions?.length !== 0
  let remembered: string | undefined

  return (output) => {
    if (remembered !== undefined) return appendJson(output, remembered)
    const { schema } = operation
    const { data, errors = [] } = executeSync({ schema, document, variableValues: { ...output.variables } })
    output.errors.push(...errors)
    const text = JSON.stringify(data?.[key] ?? null)
    if (!usesVariables && errors.length === 0) remembered = text
    appendJson(output, text)
  }
}

const introspectionDocument = (
  { node, fragments }: ClientOperation,
  selections: readonly FieldNode[],
): DocumentNode => {
  const selectionSet = { kind: Kind.SELECTION_SET, selections } as const
  const usedFragments = new Set<string>()
  const usedVariables = new Set<string>()
  const note = (root: typeof selectionSet | FieldNode['selectionSet']): void => {
    if (!root) return
    visit(root, {
      Variable: ({ name }) => void usedVariables.add(name.value),
      FragmentSpread: ({ name }) => {
        if (usedFragments.has(name.value)) return
        usedFragments.add(name.value)
        note(fragments.get(name.value)?.selectionSet)
      },
    })
  }
  note(selectionSet)
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        variableDefinitions: (node.variableDefinitions ?? []).filter(({ variable }) =>
          usedVariables.has(variable.name.value),
        ),
        selectionSet,
      },
      ...[...fragments.values()].filter(({ name }) => usedFragments.has(name.value)),
    ],
  }
}
