import type { Writes } from '@codai/engine'
import type { GraphFacts } from '../graph/facts.ts'

/** An operation to plan. All that is to be done with it before its plan can be compiled is done in the thread. */
export type PlanRequest = {
  /** The text of its document, which is valid. */
  readonly query: string
  readonly operationName: string | undefined
  /** What the variables of its `@skip` and `@include` are. */
  readonly conditions: Readonly<Record<string, boolean>>
  /** The fields that are selected of a subscription's events beside the client's, by their names there. */
  readonly liveFields: ReadonlyMap<string, string>
  /** The labels of progressive overrides that hold. */
  readonly overrides: readonly string[]
  /** Whether parts of it come later. */
  readonly isInParts: boolean
}

/** What becomes of an operation: a plan, or the reason for its author why subgraphs cannot answer it. */
export type PlanReply =
  | {
      /** As JSON: a text takes the event loop a tenth of the time that a cloned object does. */
      readonly plan: string
      readonly writes: readonly Writes[]
      /** Whether keys had to be renamed for planning (`renameKeys`). */
      readonly isRenamed: boolean
    }
  | { readonly refusal: string }

export type Request = { readonly kind: 'read' } | { readonly kind: 'plan'; readonly operation: PlanRequest }

/** What the thread is sent. */
export type Asked = { readonly id: number; readonly request: Request }

/** What the thread sends back; `error` where it failed. */
export type Answered = { readonly id: number } & (
  | { readonly facts: GraphFacts }
  | { readonly planned: PlanReply }
  | { readonly error: string }
)
