import type { QueryPlan } from '@apollo/query-planner'
import type { Call, Delivery, Operation, Result } from './operation.ts'

/**
 * What runs operations. The rest of the gateway knows only this: an engine takes the place of `reference/` by
 * implementing it. Operations arrive parsed, validated and authorized.
 */
export type Executor = {
  /** Runs a query or a mutation. Faults of single fields are in the result's errors, with the client's own paths. */
  execute(operation: Operation, call: Call): Promise<Result>
  /**
   * Runs a query or mutation with parts that come later (`deferral.ts`). Undefined where it cannot be done in parts; an
   * executor that never can has no such function.
   */
  deliver?(operation: Operation, call: Call): Promise<Delivery | undefined>
  /** How an operation is run. */
  plan(operation: Operation): Promise<QueryPlan>
  /**
   * Opens a subscription: one result per event, in the order of the events. `return()` ends the upstream at once, also
   * while a result is awaited. An end that the client must know about is a `CodedError` thrown by `next()`.
   */
  subscribe(operation: Operation, call: Call): AsyncGenerator<Result, void, undefined>
}
