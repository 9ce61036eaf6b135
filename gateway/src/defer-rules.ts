import { GraphQLError, Kind, OperationTypeNode } from 'graphql'
import type { ASTVisitor, DirectiveNode, ValidationContext, ValidationRule } from 'graphql'

/** What the proposal of incremental delivery asks of documents with `@defer`; graphql-js 16 does not know of it. */

const isDefer = ({ name }: DirectiveNode): boolean => name.value === 'defer'

const argumentOf = (directive: DirectiveNode, name: string) =>
  directive.arguments?.find((argument) => argument.name.value === name)?.value

/** Labels are texts in the document, and no two are the same. */
const labels: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const known = new Map<string, DirectiveNode>()
  return {
    Directive: (directive) => {
      const label = isDefer(directive) ? argumentOf(directive, 'label') : undefined
      if (!label || label.kind === Kind.NULL) return
      if (label.kind !== Kind.STRING) {
        context.reportError(new GraphQLError('The label of @defer must be a text in the document.', { nodes: label }))
        return
      }
      const other = known.get(label.value)
      known.set(label.value, directive)
      if (!other) return
      const message = `The label "${label.value}" of @defer is used twice.`
      context.reportError(new GraphQLError(message, { nodes: [other, directive] }))
    },
  }
}

/** The fields of a mutation's root run one after the other, and a subscription has no part that could come later. */
const roots: ValidationRule = (context: ValidationContext): ASTVisitor => ({
  Directive: (directive) => {
    const parent = context.getParentType()
    if (!isDefer(directive) || !parent) return
    const schema = context.getSchema()
    const operation = [OperationTypeNode.MUTATION, OperationTypeNode.SUBSCRIPTION].find(
      (one) => schema.getRootType(one) === parent,
    )
    if (!operation) return
    const message = `@defer cannot be used at the root of a ${operation}.`
    context.reportError(new GraphQLError(message, { nodes: directive }))
  },
})

export const deferRules: readonly ValidationRule[] = [labels, roots]
