import { codedError, currentTraceparent, isErrorCode } from '@codai/runtime'
import type { CodedError, Logger } from '@codai/runtime'
import { GraphQLError } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import type { Subgraph } from '../graph/graph.ts'
import type { Call } from '../operation.ts'
import { notAnswering } from './client.ts'
import type { SubgraphRequest, SubgraphResponse } from './client.ts'
import { closeCodeOf, createConnection } from './connection.ts'
import type { UpstreamConnection } from './connection.ts'

export type UpstreamSink = {
  /** An event, and how many bytes it came in. */
  readonly next: (event: SubgraphResponse, bytes: number) => void
  /** The subgraph ended the subscription, or cannot be reached: with an error for the client, or without. */
  readonly end: (error?: Error) => void
}

/** Opens a subscription at a subgraph; returns what ends it at once. */
export type OpenUpstream = (subgraph: Subgraph, request: SubgraphRequest, call: Call, sink: UpstreamSink) => () => void

export type UpstreamOptions = {
  readonly logger: Logger
  /** How long a subscription may wait for its first connection, retries included, in milliseconds. */
  readonly connectBudgetMs?: number
  /** How long a lost connection is retried, in milliseconds. */
  readonly lostBudgetMs?: number
  /** How often a silent connection is asked for a sign of life, in milliseconds; the answer may take half as long. */
  readonly keepAliveMs?: number
  /** How large an event may be. */
  readonly eventLimitBytes?: number
}

const EVENT_LIMIT_BYTES = 50_000_000

/** A connection, and how many subscriptions are on it. */
type Shared = { readonly connection: UpstreamConnection; subscriptions: number }

/**
 * Subscriptions at subgraphs, on one socket for each subgraph and identity: a subgraph learns who asks when a socket is
 * opened. When it is lost, it is opened again and the subscriptions with it, without clients noticing more than a gap.
 */
export const createOpenUpstream = (options: UpstreamOptions): OpenUpstream => {
  const { logger, connectBudgetMs = 10_000, lostBudgetMs = 300_000, keepAliveMs = 10_000 } = options
  const { eventLimitBytes = EVENT_LIMIT_BYTES } = options
  const shared = new Map<string, Shared>()

  const take = (subgraph: Subgraph, call: Call): { connection: UpstreamConnection; release: () => void } => {
    const key = JSON.stringify([subgraph.name, subgraph.url, call.caller.identity])
    const known = shared.get(key)
    const log = logger.child({ subgraph: subgraph.name, connection: call.requestId })
    const entry = known ?? {
      connection: createConnection({ subgraph, call, logger: log, keepAliveMs, limitBytes: eventLimitBytes }),
      subscriptions: 0,
    }
    if (!known) shared.set(key, entry)
    entry.subscriptions += 1
    const release = (): void => {
      entry.subscriptions -= 1
      if (entry.subscriptions > 0) return
      if (shared.get(key) === entry) shared.delete(key)
      entry.connection.stop()
    }
    return { connection: entry.connection, release }
  }

  return (subgraph, { query, operationName, variables }, call, sink) => {
    const { name } = subgraph
    const log = logger.child({ subgraph: name, requestId: call.requestId })
    const traceparent = currentTraceparent()
    const { connection, release } = take(subgraph, call)
    let budget: NodeJS.Timeout | undefined
    let isDone = false

    const finish = (): boolean => {
      if (isDone) return false
      isDone = true
      clearTimeout(budget)
      stopWatching()
      return true
    }
    /** Ends it for the client when the connection does not come in time. */
    const give = (budgetMs: number): void => {
      budget = setTimeout(() => {
        const cause = new Error(`no connection within ${budgetMs / 1000} seconds`)
        stop()
        sink.end(endOf(name, cause, log))
      }, budgetMs)
    }
    const stopWatching = connection.watch({
      onOpen: () => clearTimeout(budget),
      onLost: () => give(lostBudgetMs),
    })
    if (!connection.isOpen()) give(connectBudgetMs)

    const unsubscribe = connection.client.subscribe(
      {
        query,
        operationName,
        variables: { ...variables },
        // The socket is shared, and its headers are those of the request that opened it.
        extensions: { requestId: call.requestId, ...(traceparent !== undefined && { traceparent }) },
      },
      {
        next: ({ data, errors }) => {
          if (isDone) return
          const event = { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(formatted) }) }
          sink.next(event, connection.messageBytes())
        },
        error: (reason) => {
          if (!finish()) return
          release()
          sink.end(connection.isTooLarge() ? tooLarge(name, eventLimitBytes) : endOf(name, reason, log))
        },
        complete: () => {
          if (!finish()) return
          release()
          sink.end()
        },
      },
    )

    const stop = (): void => {
      if (!finish()) return
      unsubscribe()
      release()
    }
    return stop
  }
}

/** LIMIT_EXCEEDED: all that share the socket end, as it is not known whose event it was. */
const tooLarge = (service: string, bytes: number): CodedError =>
  codedError('LIMIT_EXCEEDED', `${service} sent an event of more than the ${bytes} bytes that are allowed.`, {
    service,
  })

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
