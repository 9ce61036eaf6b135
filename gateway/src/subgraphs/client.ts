import { IDENTITY_HEADER, codedError } from '@codai/runtime'
import type { CodedError, Logger } from '@codai/runtime'
import type { GraphQLFormattedError } from 'graphql'
import { Agent, request } from 'undici'
import type { Subgraph } from '../graph/graph.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Call } from '../operation.ts'

export type SubgraphRequest = {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly operationName?: string | undefined
}

export type SubgraphResponse = {
  readonly data?: Record<string, unknown> | null
  readonly errors?: readonly GraphQLFormattedError[]
}

export type SubgraphClient = {
  /** Sends one operation. Throws TIMEOUT or SUBGRAPH_UNAVAILABLE, in words for the client. */
  readonly send: (subgraph: Subgraph, request: SubgraphRequest, call: Call) => Promise<SubgraphResponse>
  /** Ends all connections; requests under way are cut. */
  readonly stop: () => Promise<void>
}

export type SubgraphClientOptions = {
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  /** How long a subgraph may take for one answer, in milliseconds. */
  readonly budgetMs: number
}

const CONNECTIONS_PER_SUBGRAPH = 128

/** GraphQL over HTTP to subgraphs, on connections that are kept alive. */
export const createSubgraphClient = ({ logger, metrics, budgetMs }: SubgraphClientOptions): SubgraphClient => {
  const agent = new Agent({ connections: CONNECTIONS_PER_SUBGRAPH, keepAliveTimeout: 30_000, connectTimeout: budgetMs })

  const exchange = async (subgraph: Subgraph, body: SubgraphRequest, call: Call): Promise<SubgraphResponse> => {
    const credentials = await call.caller.credentials()
    const signal = AbortSignal.timeout(budgetMs)
    const response = await request(subgraph.url, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'x-request-id': call.requestId,
        ...(credentials !== undefined && { [IDENTITY_HEADER]: credentials }),
      },
      body: JSON.stringify(body),
      signal,
    })
    const text = await response.body.text()
    return readResponse(text, response.statusCode)
  }

  return {
    send: async (subgraph, body, call) => {
      const observe = metrics.subgraphRequest(subgraph.name)
      try {
        const response = await exchange(subgraph, body, call)
        observe('answered')
        return response
      } catch (cause) {
        const error = failureOf(subgraph.name, cause, budgetMs)
        observe(error.code === 'TIMEOUT' ? 'timeout' : 'unavailable')
        logger.warn(
          { err: cause, subgraph: subgraph.name, url: subgraph.url, requestId: call.requestId },
          error.message,
        )
        throw error
      }
    },
    stop: () => agent.destroy(),
  }
}

/** SUBGRAPH_UNAVAILABLE, in words for the client. */
export const notAnswering = (service: string, cause?: unknown): CodedError =>
  codedError('SUBGRAPH_UNAVAILABLE', `${service} is not answering.`, { service, cause })

const failureOf = (service: string, cause: unknown, budgetMs: number): CodedError => {
  const timedOut = cause instanceof Error && (cause.name === 'TimeoutError' || cause.name === 'ConnectTimeoutError')
  if (!timedOut) return notAnswering(service, cause)
  return codedError('TIMEOUT', `${service} did not answer within ${budgetMs / 1000} seconds.`, { service, cause })
}

const readResponse = (text: string, status: number): SubgraphResponse => {
  const body: unknown = parseJson(text)
  if (typeof body !== 'object' || body === null || !('data' in body || 'errors' in body)) {
    throw new Error(`status ${status} and a body that is not a GraphQL response`)
  }
  const { data, errors } = body as SubgraphResponse
  if (errors !== undefined && !Array.isArray(errors)) throw new Error('a GraphQL response whose errors are not a list')
  return { ...(data !== undefined && { data }), ...(errors && { errors }) }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
