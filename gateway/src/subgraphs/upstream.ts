import { setTimeout as pause } from 'node:timers/promises'
import { IDENTITY_HEADER, codedError, isErrorCode } from '@codai/runtime'
import type { CodedError, Logger } from '@codai/runtime'
import { GraphQLError } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import { createClient } from 'graphql-ws/client'
import { WebSocket } from 'ws'
import type { Subgraph } from '../graph/graph.ts'
import type { Call } from '../operation.ts'
import { notAnswering } from './client.ts'
import type { SubgraphRequest, SubgraphResponse } from './client.ts'

export type UpstreamSink = {
  readonly next: (event: SubgraphResponse) => void
  /** The subgraph ended the subscription, or cannot be reached: with an error for the client, or without. */
  readonly end: (error?: Error) => void
}

/** Opens a subscription at a subgraph; returns what ends it at once. */
export type OpenUpstream = (subgraph: Subgraph, request: SubgraphRequest, call: Call, sink: UpstreamSink) => () => void

export type UpstreamOptions = {
  readonly logger: Logger
  /** How long a first connection may take, retries included, in milliseconds. */
  readonly connectBudgetMs?: number
  /** How long a lost connection is retried, in milliseconds. */
  readonly lostBudgetMs?: number
  /** How often a silent connection is asked for a sign of life, in milliseconds; the answer may take half as long. */
  readonly keepAliveMs?: number
}

const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000
/** The subgraph refuses the identity; asking again would not change its mind. */
const REFUSED = new Set([4401, 4403])

/**
 * Subscriptions at subgraphs over graphql-transport-ws, one socket each. A connection that is lost is opened again with
 * growing pauses and the subscription with it, without the client noticing more than a gap.
 */
export const createOpenUpstream = (options: UpstreamOptions): OpenUpstream => {
  const { logger, connectBudgetMs = 10_000, lostBudgetMs = 300_000, keepAliveMs = 10_000 } = options

  return (subgraph, request, call, sink) => {
    const { name } = subgraph
    const log = logger.child({ subgraph: name, requestId: call.requestId })
    const stopped = new AbortController()
    let credentials: string | undefined
    let connectedBefore = false
    let lostAt = Date.now()
    let lifeSign: NodeJS.Timeout | undefined

    const client = createClient({
      url: async () => {
        // Signed anew for every connection: an identity lives for a minute, a subscription for as long as it likes.
        credentials = await call.caller.credentials()
        return subgraph.url.replace(/^http/, 'ws')
      },
      webSocketImpl: withHeaders(() => ({
        'x-request-id': call.requestId,
        ...(credentials !== undefined && { [IDENTITY_HEADER]: credentials }),
      })),
      connectionParams: () => (credentials === undefined ? {} : { identity: credentials }),
      connectionAckWaitTimeout: keepAliveMs,
      keepAlive: keepAliveMs,
      retryAttempts: Infinity,
      shouldRetry: (reason) => {
        if (stopped.signal.aborted || REFUSED.has(closeCodeOf(reason) ?? 0)) return false
        const budgetMs = connectedBefore ? lostBudgetMs : connectBudgetMs
        return Date.now() - lostAt < budgetMs
      },
      retryWait: async (retries) => {
        const longest = Math.min(FIRST_PAUSE_MS * 2 ** retries, LONGEST_PAUSE_MS)
        await pause(longest * (0.5 + Math.random() / 2), undefined, { signal: stopped.signal }).catch(() => {})
      },
      on: {
        connected: (_socket, _payload, wasRetry) => {
          if (wasRetry && connectedBefore) log.info('a lost subscription is open again')
          connectedBefore = true
          lostAt = Infinity
        },
        closed: () => {
          clearTimeout(lifeSign)
          if (stopped.signal.aborted || lostAt !== Infinity) return
          lostAt = Date.now()
          log.warn('a subscription lost its connection and is retried')
        },
        ping: (received) => {
          if (!received) lifeSign = setTimeout(() => client.terminate(), keepAliveMs / 2)
        },
        pong: (received) => {
          if (received) clearTimeout(lifeSign)
        },
      },
    })

    const payload = { ...request, variables: { ...request.variables } }
    const unsubscribe = client.subscribe(payload, {
      next: ({ data, errors }) => {
        sink.next({ ...(data !== undefined && { data }), ...(errors && { errors: errors.map(formatted) }) })
      },
      error: (reason) => {
        if (!stopped.signal.aborted) sink.end(endOf(name, reason, log))
      },
      complete: () => {
        if (!stopped.signal.aborted) sink.end()
      },
    })

    return () => {
      stopped.abort()
      clearTimeout(lifeSign)
      unsubscribe()
    }
  }
}

/** The socket class that graphql-ws instantiates, with the headers of the moment. */
const withHeaders = (headers: () => Record<string, string>): typeof WebSocket =>
  new Proxy(WebSocket, {
    construct: (target, [url, protocols]: [string, string]) =>
      new target(url, protocols, { headers: headers(), handshakeTimeout: 5_000, perMessageDeflate: false }),
  })

const closeCodeOf = (reason: unknown): number | undefined =>
  typeof reason === 'object' && reason !== null && 'code' in reason && typeof reason.code === 'number'
    ? reason.code
    : undefined

const formatted = (error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError =>
  error instanceof GraphQLError ? error.toJSON() : error

/** A subgraph's own coded error is passed on; a connection that stays lost or is refused is the subgraph's absence. */
const endOf = (service: string, reason: unknown, logger: Logger): CodedError => {
  const [first] = Array.isArray(reason) ? (reason as readonly GraphQLFormattedError[]) : []
  logger.warn({ reason: first ?? describe(reason) }, 'a subscription ended at its subgraph')
  if (!first) return notAnswering(service, reason)
  const { code, ...extensions } = first.extensions ?? {}
  return codedError(isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR', first.message, { ...extensions, service })
}

const describe = (reason: unknown): string => {
  if (reason instanceof Error) return reason.message
  const code = closeCodeOf(reason)
  return code === undefined ? String(reason) : `closed with ${code}`
}
