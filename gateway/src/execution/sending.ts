import { codedError, errorStatus, traced } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import type { Send, Written } from '@codai/engine'
import { AnswerTooLargeError } from '@codai/engine'
import type { Graph } from '../graph/graph.ts'
import type { Caller } from '../identity.ts'
import type { Call, Result } from '../operation.ts'
import type { SubgraphClient } from '../subgraphs/client.ts'
import { writtenData } from '../written.ts'
import { createIsImpersonal } from './impersonal.ts'

/** How the engine's requests reach the subgraphs of a graph, for a caller. */
export type Sending = (graph: Graph, call: Call) => Send

export type SendingOptions = {
  readonly client: SubgraphClient
  /** The caller in whose name is asked what is the same for everyone. */
  readonly nobody: Caller
}

export const createSending = ({ client, nobody }: SendingOptions): Sending => {
  const isImpersonal = createIsImpersonal()
  return (graph, call) =>
    async ({ service, body, query, isRead, mayShare }) => {
      const subgraph = graph.subgraphs.get(service)
      if (!subgraph) throw new Error(`the plan names the subgraph ${service}, which the graph does not have`)
      const asker = isRead && isImpersonal(graph, query) ? { ...call, caller: nobody } : call
      return traced('graphql.fetch', { 'graphql.subgraph': service }, () =>
        client.post(subgraph, body, { call: asker, isRead, mayShare }),
      )
    }
}

/** Waits for what the engine has written; an answer that is too large becomes an error for the client. */
export const resultOf = async (written: Promise<Written>): Promise<Result> => {
  try {
    return toResult(await written)
  } catch (error) {
    if (!(error instanceof AnswerTooLargeError)) throw error
    return { errors: [tooLarge(error.message)] }
  }
}

/** LIMIT_EXCEEDED, in the words of the engine. */
export const tooLarge = (message: string): CodedError =>
  codedError('LIMIT_EXCEEDED', `${message} Ask for less at once.`, {
    http: { status: errorStatus('LIMIT_EXCEEDED') },
  })

const toResult = ({ data, errors }: Written): Result => ({
  ...(data !== undefined && { data: data === null ? null : writtenData(data) }),
  ...(errors.length > 0 && { errors }),
})
