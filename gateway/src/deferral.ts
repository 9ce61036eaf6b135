import { deferring, mayDefer, withoutDefer } from '@codai/engine'
import type { DocumentNode, GraphQLFormattedError, OperationDefinitionNode } from 'graphql'
import type { Answered, Operation } from './operation.ts'

/** Past this many, planning would take long: everything comes at once. */
const MOST_PARTS = 50

export type Deferrals = {
  /** Whether anything of an operation may come later. */
  readonly mayDefer: (document: DocumentNode) => boolean
  /** The operation without `@defer`; the same where it has none. */
  readonly whole: (operation: Operation) => Operation
  /** The operation with the parts that come later under labels of their own; undefined where none does. */
  readonly parts: (operation: Operation) => Operation | undefined
}

/** Tells what of operations comes later, each document looked at once. */
export const createDeferrals = (): Deferrals => {
  const known = new WeakMap<DocumentNode, boolean>()
  const wholes = new WeakMap<OperationDefinitionNode, Pick<Operation, 'document' | 'node'>>()

  const isDeferring = (document: DocumentNode): boolean => {
    const before = known.get(document)
    if (before !== undefined) return before
    const may = mayDefer(document)
    known.set(document, may)
    return may
  }

  return {
    mayDefer: isDeferring,
    whole: (operation) => {
      const { document, node, key } = operation
      if (!isDeferring(document)) return operation
      const made = wholes.get(node) ?? withoutDefer(document, node)
      wholes.set(node, made)
      return { ...operation, ...made, key: `${key} whole` }
    },
    parts: (operation) => {
      const { document, node, variables, key } = operation
      if (!isDeferring(document)) return undefined
      const parts = deferring(document, node, variables)
      if (!parts || parts.key.length > MOST_PARTS) return undefined
      return { ...operation, document: parts.document, node: parts.node, key: `${key} ${parts.key}`, isInParts: true }
    },
  }
}

/** What clients are sent of an answer. */
export type FormattedAnswer = {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly GraphQLFormattedError[]
  readonly extensions?: Readonly<Record<string, unknown>>
  readonly incremental?: readonly FormattedPatch[]
  readonly hasNext?: boolean
}

type FormattedPatch = {
  readonly data: Record<string, unknown> | null
  readonly path: readonly (string | number)[]
  readonly label?: string
  readonly errors?: readonly GraphQLFormattedError[]
}

/** Makes errors fit for the client, wherever they are in an answer. */
export const formatAnswer = (answer: Answered, format: (error: unknown) => GraphQLFormattedError): FormattedAnswer => {
  if (!('incremental' in answer)) {
    const { errors, ...rest } = answer
    return { ...rest, ...(errors && { errors: errors.map(format) }) }
  }
  const incremental = answer.incremental.map(({ errors, ...patch }) => ({
    ...patch,
    ...(errors && { errors: errors.map(format) }),
  }))
  return { ...(incremental.length > 0 && { incremental }), hasNext: answer.hasNext }
}
