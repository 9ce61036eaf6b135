import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { CodedError, codedError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { OperationTypeNode } from 'graphql'
import type { ExecutionArgs, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import { CloseCode, makeServer } from 'graphql-ws'
import type { Context, SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Documents } from '../documents.ts'
import { toGraphqlError } from '../errors.ts'
import type { ErrorFormatter } from '../errors.ts'
import type { Graphs } from '../graph/graphs.ts'
import { tokenExpired } from '../identity.ts'
import type { Caller, Identify } from '../identity.ts'
import type { GatewayMetrics } from '../metrics.ts'
import type { Call, Operation, Result } from '../operation.ts'
import type { Operations } from '../operations.ts'
import { createWrittenMessages } from './messages.ts'
import { streamOfOne, untilEnd } from './results.ts'

export type GraphqlSocketsOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly identify: Identify
  readonly operations: Operations
  readonly formatError: ErrorFormatter
  readonly metrics: GatewayMetrics
  readonly logger: Logger
  /** How many operations one socket may have open at once. */
  readonly maxOperations?: number
  /** How long a client may take to introduce itself, in milliseconds. */
  readonly initTimeoutMs?: number
}

/** What is known of one socket. */
type Session = {
  readonly webSocket: WebSocket
  readonly address: string
  /** The ids under which its operations are logged, by the ids that the client gave them. */
  readonly requestIds: Map<string, string>
  caller?: Caller
  expiry?: NodeJS.Timeout
}

type SocketContext = Context<Record<string, unknown>, Session>

type Prepared = {
  readonly operation: Operation
  readonly call: Call
  /** The results to come, where the operation is a subscription. */
  readonly results?: AsyncGenerator<Result, void, undefined>
}

/** Ends a socket with a code and a reason that the client can read. */
class SocketRefusal extends Error {
  override readonly name = 'SocketRefusal'
  readonly code: number

  constructor(code: number, reason: string) {
    super(reason)
    this.code = code
  }
}

const TRY_AGAIN_LATER = 1013
/** setTimeout takes no longer delay (2^31 - 1 ms); a token that lives longer is looked at again then. */
const LONGEST_DELAY_MS = 2_147_483_647

/** Speaks graphql-transport-ws with one client at a time; the promises to clients are in the README. */
export const createGraphqlSockets = (
  options: GraphqlSocketsOptions,
): ((webSocket: WebSocket, request: IncomingMessage) => void) => {
  const { graphs, documents, identify, operations, formatError, metrics, logger } = options
  const { maxOperations = 100, initTimeoutMs = 5_000 } = options
  const messages = createWrittenMessages()

  const introduce = async (context: SocketContext): Promise<boolean> => {
    const { connectionParams, extra } = context
    const given = connectionParams?.['authorization'] ?? connectionParams?.['Authorization']
    const authorization = typeof given === 'string' ? given : undefined
    if (given !== undefined && given !== null && authorization === undefined) {
      throw new SocketRefusal(CloseCode.Forbidden, 'The token is not valid')
    }
    try {
      extra.caller = await identify({ authorization, address: extra.address })
    } catch (error) {
      throw refusalOf(error)
    }
    endWhenTokenExpires(context)
    return true
  }

  const endWhenTokenExpires = (context: SocketContext): void => {
    const { extra } = context
    const identity = extra.caller?.identity
    if (identity?.kind !== 'user' || identity.expiresAt === undefined) return
    const left = identity.expiresAt * 1000 - Date.now()
    if (left > 0) {
      extra.expiry = setTimeout(() => endWhenTokenExpires(context), Math.min(left, LONGEST_DELAY_MS))
      return
    }
    for (const [id, running] of Object.entries(context.subscriptions)) {
      delete context.subscriptions[id]
      const payload = [formatError(tokenExpired(), randomUUID())]
      extra.webSocket.send(JSON.stringify({ id, type: 'error', payload }))
      if (running && 'return' in running) void running.return(undefined)
    }
    extra.webSocket.close(CloseCode.Unauthorized, 'The token has expired')
  }

  const prepare = (
    context: SocketContext,
    { query, operationName, variables }: SubscribePayload,
  ): Prepared | readonly GraphQLError[] => {
    const { caller } = context.extra
    if (!caller) throw new SocketRefusal(CloseCode.Unauthorized, 'Unauthorized')
    if (Object.keys(context.subscriptions).length > maxOperations) {
      return [codedError('LIMIT_EXCEEDED', `One socket may have ${maxOperations} operations open.`)]
    }
    const operation = documents.prepare(graphs.current(), { query, operationName, variables })
    if (isErrors(operation)) return operation
    const call = { caller, requestId: randomUUID() }
    if (operation.node.operation !== OperationTypeNode.SUBSCRIPTION) return { operation, call }
    try {
      const results = untilEnd(operations.subscribe(operation, call), metrics.subscriptionOpened)
      return { operation, call, results }
    } catch (error) {
      return [toGraphqlError(error)]
    }
  }

  const run = async ({ operation, call }: Prepared): Promise<Result> => {
    try {
      return await operations.run(operation, call)
    } catch (error) {
      return { errors: [toGraphqlError(error)] }
    }
  }

  const formatAll = (errors: readonly unknown[], requestId: string): GraphQLFormattedError[] =>
    errors.map((error) => formatError(error, requestId))

  const server = makeServer<Record<string, unknown>, Session>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect: introduce,
    onSubscribe: (context, id, payload): ExecutionArgs | readonly GraphQLError[] => {
      const prepared = prepare(context, payload)
      if (isErrors(prepared)) return prepared
      context.extra.requestIds.set(id, prepared.call.requestId)
      const { graph, document, operationName } = prepared.operation
      return { schema: graph.schema, document, operationName, contextValue: prepared }
    },
    execute: ({ contextValue }) => {
      const { operation, call } = contextValue as Prepared
      return streamOfOne((cancellation) => run({ operation, call: { ...call, cancellation } }))
    },
    subscribe: ({ contextValue }) => (contextValue as Required<Prepared>).results,
    onNext: (_context, _id, _payload, { contextValue }, { data, errors }): FormattedExecutionResult => {
      const { requestId } = (contextValue as Prepared).call
      return messages.payload({
        ...(data !== undefined && { data }),
        ...(errors && { errors: formatAll(errors, requestId) }),
      })
    },
    onError: ({ extra }, id, _payload, errors) => formatAll(errors, extra.requestIds.get(id) ?? randomUUID()),
    onComplete: ({ extra }, id) => void extra.requestIds.delete(id),
  })

  return (webSocket, request) => {
    const address = request.socket.remoteAddress ?? ''
    const session: Session = { webSocket, address, requestIds: new Map() }
    const closed = server.opened(
      {
        protocol: webSocket.protocol,
        send: (message) =>
          new Promise((resolve, reject) => {
            const encoded = messages.encode(message)
            if (webSocket.readyState !== webSocket.OPEN) return resolve()
            webSocket.send(encoded, { binary: false }, (error) => (error ? reject(error) : resolve()))
          }),
        close: (code, reason) => webSocket.close(code, reason),
        onMessage: (listener) =>
          webSocket.on('message', (data: Buffer) => {
            listener(data.toString()).catch((error: unknown) => {
              if (error instanceof SocketRefusal) return webSocket.close(error.code, error.message)
              logger.error({ err: error }, 'a WebSocket message could not be handled')
              webSocket.close(CloseCode.InternalServerError, 'Internal server error')
            })
          }),
      },
      session,
    )
    webSocket.once('close', (code, reason) => {
      clearTimeout(session.expiry)
      closed(code, reason.toString()).catch((error: unknown) => logger.error({ err: error }, 'a WebSocket failed'))
    })
  }
}

/** A token that is past its end asks for a fresh one, any other bad one for a sign-in. */
const refusalOf = (error: unknown): Error => {
  if (!(error instanceof CodedError)) return error instanceof Error ? error : new Error(String(error))
  if (error.code === 'TOKEN_EXPIRED') return new SocketRefusal(CloseCode.Unauthorized, 'The token has expired')
  if (error.code === 'UNAVAILABLE') return new SocketRefusal(TRY_AGAIN_LATER, error.message)
  return new SocketRefusal(CloseCode.Forbidden, 'The token is not valid')
}

const isErrors = (value: object): value is readonly GraphQLError[] => Array.isArray(value)
