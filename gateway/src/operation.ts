import type { DocumentNode, ExecutionResult, GraphQLError, OperationDefinitionNode } from 'graphql'
import type { Cancellation } from './cancellation.ts'
import type { Values } from './generators.ts'
import type { Graph } from './graph/graph.ts'
import type { Caller } from './identity.ts'
import type { PlanFormat } from './query-plans.ts'

/** One operation, parsed and validated against one version of the graph. */
export type Operation = {
  readonly graph: Graph
  readonly document: DocumentNode
  /** The definition in the document that runs. */
  readonly node: OperationDefinitionNode
  /** As the client sent it; absent when the document has only one operation and the client named none. */
  readonly operationName: string | undefined
  /** As the client sent them: defaults are not filled in. */
  readonly variables: Readonly<Record<string, unknown>>
  /** Equal for equal documents and operation names, whatever the variables. */
  readonly key: string
  /** The labels of progressive overrides that hold for it. */
  readonly overrides?: readonly string[]
  /** Whether parts of it come later. */
  readonly isInParts?: boolean
}

/** Who asks, and under which id it is logged. */
export type Call = {
  readonly caller: Caller
  readonly requestId: string
  /** The client's trace, where the transport tells of none by itself. */
  readonly traceparent?: string | undefined
  /** Cancelled when nobody waits for the answer any more. */
  readonly cancellation?: Cancellation | undefined
  /** Asked for and allowed: the plan of the operation, beside its answer. */
  readonly planFormat?: PlanFormat | undefined
  /** Where what it cost is told. */
  readonly metering?: Metering | undefined
}

export type Metering = {
  /** Sets a header of the answer, where there is one. */
  readonly setHeader: (name: string, value: string) => void
  /** Whether the client asked to be told in the answer, by `extensions.cost`. */
  readonly wantsCost: boolean
}

export type Result = ExecutionResult<Record<string, unknown>>

/** A part of an answer that came later (GraphQL incremental delivery, of 2022-08-24). */
export type Patch = {
  readonly data: Record<string, unknown> | null
  /** Where the object is that it is a part of. */
  readonly path: readonly (string | number)[]
  readonly label?: string
  readonly errors?: readonly GraphQLError[]
}

/** Parts that came at the same moment. */
export type Increment = { readonly incremental: readonly Patch[]; readonly hasNext: boolean }

/** One of the things that a client gets for an operation: a result, which says so when parts of it come later, or parts. */
export type Answered = (Result & { readonly hasNext?: true }) | Increment

/** A first result, and the parts of it that come later, if any do. */
export type Delivery = { readonly first: Result; readonly rest: Values<Increment> | undefined }
