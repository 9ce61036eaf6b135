import { codedError } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { validate } from 'graphql'
import type { Graph } from './graph/graph.ts'
import type { Call, Operation } from './operation.ts'
import type { Authorize } from './security/authorize.ts'

/**
 * Moves an operation that outlives its graph to the next one. Throws an error for the client when that graph no longer
 * has what the operation selects, or no longer lets this caller have it.
 */
export type Readmit = (operation: Operation, graph: Graph, call: Call) => Operation

export const createReadmit = (authorize: Authorize): Readmit => {
  // Thousands of subscriptions are readmitted in one go, and most of them are of few documents.
  const checked = new WeakMap<Graph, Map<string, CodedError | undefined>>()

  const misfit = (operation: Operation, graph: Graph): CodedError | undefined => {
    const byKey = checked.get(graph) ?? new Map<string, CodedError | undefined>()
    checked.set(graph, byKey)
    if (byKey.has(operation.key)) return byKey.get(operation.key)
    const [invalid] = validate(graph.schema, operation.document)
    const error = invalid && changedSchema(invalid)
    byKey.set(operation.key, error)
    return error
  }

  return (operation, graph, call) => {
    const moved = { ...operation, graph }
    const refusal = misfit(operation, graph) ?? authorize(moved, call.caller.identity)
    if (refusal) throw refusal
    return moved
  }
}

const changedSchema = (cause: Error): CodedError => {
  const message = `The schema changed and no longer allows this operation: ${cause.message}`
  return codedError('GRAPHQL_VALIDATION_FAILED', message, { cause })
}
