import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { Kind, OperationTypeNode } from 'graphql'
import type { DocumentNode, SelectionSetNode } from 'graphql'

/**
 * Refuses `@skip` and `@include` at the root of a subscription: without its only field there is no event stream (GraphQL
 * specification, section 5.2.4.1). Asked before validation, because graphql-js throws there when it meets one.
 */
export const conditionalRoot = ({ definitions }: DocumentNode): CodedError | undefined => {
  const visited = new Set<string>()

  const isConditional = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return true
      if (selection.kind === Kind.FIELD) return false
      if (selection.kind === Kind.INLINE_FRAGMENT) return isConditional(selection.selectionSet)
      const name = selection.name.value
      if (visited.has(name)) return false
      visited.add(name)
      const fragment = definitions.find((one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === name)
      return fragment?.kind === Kind.FRAGMENT_DEFINITION && isConditional(fragment.selectionSet)
    })

  const found = definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === OperationTypeNode.SUBSCRIPTION &&
      isConditional(definition.selectionSet),
  )
  if (!found) return undefined
  return codedError('GRAPHQL_VALIDATION_FAILED', "A subscription's root field cannot have @skip or @include.", {
    http: { status: errorStatus('GRAPHQL_VALIDATION_FAILED') },
  })
}
