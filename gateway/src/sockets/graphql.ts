import { randomUUID } from 'node:crypto'
import { CodedError, codedError, requestIdFrom } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import type { ExecutionArgs, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import { CloseCode, makeServer } from 'graphql-ws'
import type { Context, SubscribePayload } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Answer } from '../answers.ts'
import { formatAnswer } from '../deferral.ts'
import type { Documents } from '../documents.ts'
import { toGraphqlError } from '../errors.ts'
import type { ErrorFormatter } from '../errors.ts'
import type { Graphs } from '../graph/graphs.ts'
import { tokenExpired } from '../identity.ts'
import type { Caller, Identify } from '../identity.ts'
import type { Values } from '../generators.ts'
import type { Answered, Operation } from '../operation.ts'
import { onTokenEnd } from '../token-end.ts'
import { createWrittenMessages } from './messages.ts'

/** Takes a WebSocket over that comes from an address. */
export type OpenSocket = (webSocket: WebSocket, address: string) => void

/** Writes out the document that a payload names by its hash. Throws an error for the client where there is none. */
export type ResolveDocument = (
  payload: Readonly<Record<string, unknown>>,
  caller: Caller,
) => Promise<Readonly<Record<string, unknown>>>

export type GraphqlSocketsOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly identify: Identify
  readonly answer: Answer
  readonly formatError: ErrorFormatter
  readonly resolveDocument?: ResolveDocument | undefined
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
  /** Ends the waiting for the end of the caller's token. */
  stopWaiting?: () => void
}

type SocketContext = Context<Record<string, unknown>, Session>

type Prepared = {
  readonly operation: Operation
  readonly requestId: string
  readonly results: Values<Answered>
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

/** Speaks graphql-transport-ws with one client at a time; the promises to clients are in the README. */
export const createGraphqlSockets = (options: GraphqlSocketsOptions): OpenSocket => {
  const { graphs, documents, identify, answer, formatError, resolveDocument, logger } = options
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
      const apiKey = connectionParams?.['x-api-key']
      extra.caller = await identify({ authorization, apiKey, address: extra.address })
    } catch (error) {
      throw refusalOf(error)
    }
    extra.stopWaiting = onTokenEnd(extra.caller.identity, () => expire(context))
    return true
  }

  /** Ends what runs and then the socket, with a code that asks for a fresh token. */
  const expire = ({ extra, subscriptions }: SocketContext): void => {
    for (const [id, running] of Object.entries(subscriptions)) {
      delete subscriptions[id]
      const payload = [formatError(tokenExpired(), randomUUID())]
      extra.webSocket.send(JSON.stringify({ id, type: 'error', payload }))
      if (running && 'return' in running) void running.return(undefined)
    }
    extra.webSocket.close(CloseCode.Unauthorized, 'The token has expired')
  }

  const prepare = async (
    context: SocketContext,
    payload: SubscribePayload,
  ): Promise<Prepared | readonly GraphQLError[]> => {
    const { caller } = context.extra
    if (!caller) throw new SocketRefusal(CloseCode.Unauthorized, 'Unauthorized')
    if (Object.keys(context.subscriptions).length > maxOperations) {
      return [codedError('LIMIT_EXCEEDED', `One socket may have ${maxOperations} operations open.`)]
    }
    const requestId = requestIdFrom(payload.extensions?.['requestId'])
    const given = payload.extensions?.['traceparent']
    const traceparent = typeof given === 'string' ? given : undefined
    try {
      const { operationName, variables, extensions } = payload
      const { query } = (await resolveDocument?.({ ...payload }, caller)) ?? payload
      const graph = graphs.current()
      await documents.check(graph, String(query))
      const operation = documents.prepare(graph, { query: String(query), operationName, variables })
      if (isErrors(operation)) return operation
      const metering = { setHeader: () => {}, wantsCost: extensions?.['cost'] === true }
      return { operation, requestId, results: answer(operation, { caller, requestId, metering, traceparent }) }
    } catch (error) {
      return [toGraphqlError(error)]
    }
  }

  const formatAll = (errors: readonly unknown[], requestId: string): GraphQLFormattedError[] =>
    errors.map((error) => formatError(error, requestId))

  const server = makeServer<Record<string, unknown>, Session>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect: introduce,
    onSubscribe: async (context, id, payload): Promise<ExecutionArgs | readonly GraphQLError[]> => {
      const prepared = await prepare(context, payload)
      if (isErrors(prepared)) return prepared
      context.extra.requestIds.set(id, prepared.requestId)
      const { graph, document, operationName } = prepared.operation
      return { schema: graph.schema, document, operationName, contextValue: prepared }
    },
    execute: ({ contextValue }) => (contextValue as Prepared).results,
    subscribe: ({ contextValue }) => (contextValue as Prepared).results,
    onNext: (_context, _id, _payload, { contextValue }, answer): FormattedExecutionResult => {
      const { requestId } = contextValue as Prepared
      return messages.payload(formatAnswer(answer as Answered, (error) => formatError(error, requestId)))
    },
    onError: ({ extra }, id, _payload, errors) => formatAll(errors, extra.requestIds.get(id) ?? randomUUID()),
    onComplete: ({ extra }, id) => void extra.requestIds.delete(id),
  })

  return (webSocket, address) => {
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
      session.stopWaiting?.()
      closed(code, reason.toString()).catch((error: unknown) => logger.error({ err: error }, 'a WebSocket failed'))
    })
  }
}

/** A token that is past its end asks for a fresh one, any other bad one for a sign-in. */
const refusalOf = (error: unknown): Error => {
  if (!(error instanceof CodedError)) return error instanceof Error ? error : new Error(String(error))
  if (error.code === 'TOKEN_EXPIRED') return new SocketRefusal(CloseCode.Unauthorized, 'The token has expired')
  if (error.code === 'UNAVAILABLE' || error.code === 'RATE_LIMITED')
    return new SocketRefusal(TRY_AGAIN_LATER, error.message)
  return new SocketRefusal(CloseCode.Forbidden, 'The token is not valid')
}

const isErrors = (value: object): value is readonly GraphQLError[] => Array.isArray(value)
