import type { Reply } from '@codai/engine'
import { IDENTITY_HEADER, codedError } from '@codai/runtime'
import type { CodedError, Logger } from '@codai/runtime'
import type { GraphQLFormattedError } from 'graphql'
import type { Cancellation } from '../cancellation.ts'
import { createFlights } from '../flights.ts'
import type { Subgraph } from '../graph/graph.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Call } from '../operation.ts'
import { BodyTooLarge } from './body.ts'
import { Left, OutOfTime, createExchange } from './exchange.ts'
import type { PostRequest, Received } from './exchange.ts'
import { createResilience } from './resilience.ts'
import type { Resilience } from './resilience.ts'

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
  /** Sends one operation. Throws TIMEOUT, SUBGRAPH_UNAVAILABLE or LIMIT_EXCEEDED, in words for the client. */
  readonly send: (subgraph: Subgraph, request: SubgraphRequest, call: Call) => Promise<SubgraphResponse>
  /**
   * The same for a request that is JSON text already. Reads may be repeated, and identical ones that are under way at
   * once for the same identity share one request where they may; everybody reads objects of their own.
   * Reading throws SUBGRAPH_UNAVAILABLE where what came is no response.
   */
  readonly post: (subgraph: Subgraph, body: string, options: PostOptions) => Promise<Reply>
  /** Whether requests to a subgraph are refused at once, because most of them failed lately. */
  readonly isCutOff: (name: string) => boolean
  /** Ends all connections; requests under way are cut. */
  readonly stop: () => Promise<void>
}

export type PostOptions = {
  readonly call: Call
  readonly isRead: boolean
  /** Whether an answer to the same serves that was asked for before. */
  readonly mayShare: boolean
}

export type SubgraphClientOptions = {
  readonly logger: Logger
  readonly metrics: GatewayMetrics
  /** How long a subgraph may take for one answer, in milliseconds. */
  readonly budgetMs: number
  /** How large an answer may be. */
  readonly answerLimitBytes?: number
}

const CONNECTIONS_PER_SUBGRAPH = 128
const ANSWER_LIMIT_BYTES = 50_000_000
/** How much of large answers may be in memory at once, whoever asked for them. */
const ANSWERS_LIMIT_BYTES = 200_000_000

/** GraphQL over HTTP to subgraphs, on connections that are kept alive. */
export const createSubgraphClient = (options: SubgraphClientOptions): SubgraphClient => {
  const { logger, metrics, budgetMs, answerLimitBytes = ANSWER_LIMIT_BYTES } = options
  const { post: send, stop } = createExchange({
    budgetMs,
    limits: { one: answerLimitBytes, together: ANSWERS_LIMIT_BYTES },
    connections: CONNECTIONS_PER_SUBGRAPH,
  })
  const flights = createFlights<Received>()
  const resilience = new Map<string, Resilience>()

  const resilienceOf = (name: string): Resilience => {
    const known = resilience.get(name) ?? createResilience((isOpen) => metrics.subgraphCutOff(name, isOpen))
    resilience.set(name, known)
    return known
  }

  const exchange = async (name: string, request: PostRequest): Promise<Received> => {
    const observe = metrics.subgraphRequest(name)
    try {
      const received = await send(request)
      if (!looksLikeAnswer(received.text)) throw new Error(`status ${received.status} and a body that is not GraphQL`)
      observe('answered')
      return received
    } catch (error) {
      if (error instanceof Left) observe('cancelled')
      else observe(isTimeout(error) ? 'timeout' : 'unavailable')
      throw error
    }
  }

  const receive = (
    { name, url }: Subgraph,
    body: string,
    credentials: string | undefined,
    { call, isRead, mayShare }: PostOptions,
  ): Promise<Received> => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'x-request-id': call.requestId,
      ...(credentials !== undefined && { [IDENTITY_HEADER]: credentials }),
    }
    const run = (cancellation: Cancellation | undefined): Promise<Received> =>
      resilienceOf(name).run(() => exchange(name, { url, headers, body, cancellation }), {
        isRead,
        cancellation,
        isTrouble: (error) => !cancellation?.isCancelled() && !(error instanceof BodyTooLarge),
        mayRetry: isLostConnection,
      })
    // A mutation is never cut: its client could not tell whether it happened.
    if (!isRead) return run(undefined)
    return mayShare
      ? flights.join(`${url} ${credentials ?? ''} ${body}`, call.cancellation, run)
      : run(call.cancellation)
  }

  /** An error in words for the client; what it was, the log tells. */
  const failed = ({ name, url }: Subgraph, cause: unknown, { requestId, cancellation }: Call): CodedError => {
    const error = failureOf(name, cause, budgetMs)
    if (!cancellation?.isCancelled()) logger.warn({ err: cause, subgraph: name, url, requestId }, error.message)
    return error
  }

  const post: SubgraphClient['post'] = async (subgraph, body, options) => {
    const { call } = options
    let received: Received
    try {
      received = await receive(subgraph, body, await call.caller.credentials(), options)
    } catch (error) {
      throw failed(subgraph, error, call)
    }
    return {
      text: received.text,
      read: () => {
        try {
          return readResponse(received)
        } catch (error) {
          throw failed(subgraph, error, call)
        }
      },
    }
  }

  return {
    post,
    send: async (subgraph, body, call) =>
      (await post(subgraph, JSON.stringify(body), { call, isRead: false, mayShare: false })).read(),
    isCutOff: (name) => resilience.get(name)?.isOpen() ?? false,
    stop,
  }
}

/** SUBGRAPH_UNAVAILABLE, in words for the client. */
export const notAnswering = (service: string, cause?: unknown): CodedError =>
  codedError('SUBGRAPH_UNAVAILABLE', `${service} is not answering.`, { service, cause })

const failureOf = (service: string, cause: unknown, budgetMs: number): CodedError => {
  if (cause instanceof BodyTooLarge) {
    return codedError('LIMIT_EXCEEDED', `${service} answered with ${cause.message}; ask for less at once.`, {
      service,
      cause,
    })
  }
  if (!isTimeout(cause)) return notAnswering(service, cause)
  return codedError('TIMEOUT', `${service} did not answer within ${budgetMs / 1000} seconds.`, { service, cause })
}

const isTimeout = (error: unknown): boolean =>
  error instanceof Error && (error instanceof OutOfTime || error.name === 'ConnectTimeoutError')

/** A subgraph that answered, or that is busy, is not asked again: that would make it no less busy. */
const isLostConnection = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && LOST_CONNECTION.has(error.code)

const LOST_CONNECTION = new Set<unknown>(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Looks only as far as it must to tell a subgraph's answer from a proxy's page. */
const looksLikeAnswer = (text: string): boolean => text.trimStart().startsWith('{')

const readResponse = ({ text, status }: Received): SubgraphResponse => {
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
