import { codedError } from '@codai/runtime'
import { validate } from 'graphql'
import type { Graph } from './graph/graph.ts'
import type { Call, Operation } from './operation.ts'
import type { Authorize } from './security/authorize.ts'

/**
 * Moves an operation that outlives its graph to the next one. Throws an error for the client when that graph no longer
 * has what the operation selects, or no longer lets this caller have it.
 */
export type Readmit = (operation: Operation, graph: Graph, call: Call) => Operation

export const createReadmit =
  (authorize: Authorize): Readmit =>
  (operation, graph, call) => {
    const [invalid] = validate(graph.schema, operation.document)
    if (invalid) {
      const message = `The schema changed and no longer allows this operation: ${invalid.message}`
      throw codedError('GRAPHQL_VALIDATION_FAILED', message, { cause: invalid })
    }
    const moved = { ...operation, graph }
    const refusal = authorize(moved, call.caller.identity)
    if (refusal) throw refusal
    return moved
  }
