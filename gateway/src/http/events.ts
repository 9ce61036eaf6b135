import { codedError, errorStatus } from '@codai/runtime'
import type { ErrorCode } from '@codai/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GraphQLError } from 'graphql'
import { createHandler } from 'graphql-sse'
import type { ExecutionResult, OperationArgs, Response } from 'graphql-sse'
import { untilTokenEnds } from '../answers.ts'
import type { Answer } from '../answers.ts'
import { formatAnswer } from '../deferral.ts'
import type { FormattedAnswer } from '../deferral.ts'
import type { Documents, OperationRequest } from '../documents.ts'
import type { ErrorFormatter } from '../errors.ts'
import { createValues, DONE, mapValues, withLastWord } from '../generators.ts'
import type { Values } from '../generators.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Answered, Call, Operation } from '../operation.ts'
import type { ReadCall } from './calls.ts'
import { createGate } from './gate.ts'
import type { Gate } from './gate.ts'
import type { OpenStreams } from './open-streams.ts'
import { createReservations } from './reservations.ts'
import type { Reservation } from './reservations.ts'
import { createWrittenTexts } from './written-texts.ts'
import type { WrittenTexts } from './written-texts.ts'

export type EventsOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly readCall: ReadCall
  readonly answer: Answer
  readonly formatError: ErrorFormatter
  readonly streams: OpenStreams
  /** How many operations one stream may carry at once. */
  readonly maxOperations?: number
}

export type Events = {
  /** Answers a request of the protocol "GraphQL over Server-Sent Events". */
  readonly handle: (request: FastifyRequest, reply: FastifyReply, wantsEvents: boolean) => Promise<FastifyReply>
  readonly stop: () => void
}

/** One stream, or the promise of one. */
type Channel = {
  readonly gate: Gate
  readonly texts: WrittenTexts
  /** Undefined for a stream of one operation. */
  readonly reservation: Reservation | undefined
}

/** One request, as the handler of graphql-sse hands it back. */
type Exchange = { readonly call: Call; readonly channel: Channel; readonly wantsEvents: boolean }

type Payload = ExecutionResult
type Payloads = Values<Payload>
type Ready = { readonly begin: () => Payloads }

/** The token of a reservation that a request shows. */
export const reservationToken = ({ headers, query }: FastifyRequest): string | undefined => {
  const token = headers['x-graphql-event-stream-token'] ?? (query as { readonly token?: unknown }).token
  return typeof token === 'string' && token !== '' ? token : undefined
}

/**
 * Server-Sent Events, in both modes of the protocol. The protocol is the handler's of graphql-sse; who may do what, how
 * much, how long and how fast is decided here.
 */
export const createEvents = (options: EventsOptions): Events => {
  const { graphs, documents, readCall, answer, formatError, streams, maxOperations = 100 } = options
  const begin = untilTokenEnds(answer)
  const channels = new Map<string, Channel>()

  const payloadsOf = (operation: Operation, { call, channel }: Exchange): Payloads => {
    const { caller, requestId } = call
    const { gate, texts, reservation } = channel
    const failed = (error: unknown): Payload => toPayload({ errors: [formatError(error, requestId)] })
    let results: Values<Answered>
    try {
      results = begin(operation, { caller, requestId })
    } catch (error) {
      return only(failed(error))
    }
    if (reservation) reservation.operations += 1
    const payloads = mapValues(
      results,
      (answer) => toPayload(texts.payload(formatAnswer(answer, (error) => formatError(error, requestId)))),
      () => {
        if (reservation) reservation.operations -= 1
      },
    )
    return gate.hold(withLastWord(payloads, failed))
  }

  const prepare = (exchange: Exchange, request: OperationRequest): OperationArgs<Ready> | Payloads | Response => {
    const { call, channel, wantsEvents } = exchange
    if ((channel.reservation?.operations ?? 0) >= maxOperations) {
      throw codedError('LIMIT_EXCEEDED', `One stream may have ${maxOperations} operations open.`)
    }
    const operation = documents.prepare(graphs.current(), request)
    if (!isErrors(operation)) {
      const { graph, document, operationName } = operation
      const contextValue = { begin: () => payloadsOf(operation, exchange) }
      return { schema: graph.schema, document, operationName, contextValue }
    }
    const errors = operation.map((error) => formatError(error, call.requestId))
    if (wantsEvents) return only(toPayload({ errors }))
    return [JSON.stringify({ errors }), { status: errorStatus('GRAPHQL_VALIDATION_FAILED'), statusText: '' }]
  }

  const speak = createHandler<Exchange | undefined, { readonly token: string | null }, Ready>({
    authenticate: ({ context }) => context.token,
    validate: () => [],
    onSubscribe: ({ raw }, params) => raw && prepare(raw, params),
    execute: ({ contextValue }) => contextValue.begin(),
    subscribe: ({ contextValue }) => contextValue.begin(),
  })

  const reservations = createReservations({
    onExpired: async (token) => {
      channels.delete(token)
      // The handler forgets a stream when it ends, and not before.
      const [body] = await speak({ ...OPENING, raw: undefined, context: { token } })
      if (typeof body === 'object') await body?.return()
    },
  })

  const channelOf = (request: FastifyRequest, { caller }: Call, wantsEvents: boolean): Channel => {
    const created = { gate: createGate(), texts: createWrittenTexts() }
    if (request.method === 'PUT') {
      const reservation = reservations.make(caller)
      const channel = { ...created, reservation }
      channels.set(reservation.token, channel)
      return channel
    }
    const token = reservationToken(request)
    if (token === undefined && wantsEvents) return { ...created, reservation: undefined }
    const channel = channels.get(token ?? '')
    // A stream may be opened by its token alone: a browser's EventSource cannot say who asks.
    const mayBeAnybody = wantsEvents && request.headers.authorization === undefined
    if (channel?.reservation && (mayBeAnybody || reservations.isOwner(channel.reservation, caller))) return channel
    throw codedError('NOT_FOUND', 'There is no such stream.')
  }

  const open = (reply: FastifyReply, { gate, texts, reservation }: Channel, body: Values<string>): FastifyReply => {
    if (reservation) reservations.open(reservation)
    const filled = mapValues(gate.read(body), texts.fill, () => {
      if (reservation) channels.delete(reservation.token)
    })
    return streams.send(reply, 'text/event-stream; charset=utf-8', filled)
  }

  return {
    handle: async (request, reply, wantsEvents) => {
      const call = await readCall(request, reply)
      const channel = channelOf(request, call, wantsEvents)
      const [body, init] = await speak({
        method: request.method,
        url: request.url,
        headers: { get: (name) => headerOf(request, name, wantsEvents) },
        body: (request.body ?? null) as Record<string, unknown> | null,
        raw: { call, channel, wantsEvents },
        context: { token: channel.reservation?.token ?? null },
      })
      if (typeof body === 'object' && body) return open(reply, channel, body)
      if (init.status < 400)
        return reply
          .code(init.status)
          .headers(init.headers ?? {})
          .send(body ?? undefined)
      const errors = body === null ? [{ message: init.statusText }] : errorsOf(body)
      return reply
        .code(init.status)
        .headers(init.headers ?? {})
        .type('application/json')
        .send({
          errors: errors.map((error) => withCode(error, init.status)),
        })
    },
    stop: reservations.stop,
  }
}

/** As if somebody opened a stream. */
const OPENING = { method: 'GET', url: '/', headers: { get: () => EVENTS }, body: null } as const

const EVENTS = 'text/event-stream'

/** The handler compares what is accepted letter by letter. */
const headerOf = ({ headers }: FastifyRequest, name: string, wantsEvents: boolean): string | undefined => {
  if (name.toLowerCase() === 'accept') return wantsEvents ? EVENTS : '*/*'
  const value = headers[name.toLowerCase()]
  return Array.isArray(value) ? value.join() : value
}

/** The handler takes errors as graphql-js makes them, and only serializes them. */
const toPayload = (result: FormattedAnswer): Payload => result as Payload

const only = <Value>(value: Value): Values<Value> => {
  let isTold = false
  return createValues({
    next: async () => {
      if (isTold) return DONE
      isTold = true
      return { done: false, value }
    },
    close: () => {},
  })
}

type Told = { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }

const errorsOf = (body: string): readonly Told[] => (JSON.parse(body) as { readonly errors: readonly Told[] }).errors

const CODES: Readonly<Record<number, ErrorCode>> = { 404: 'NOT_FOUND', 409: 'CONFLICT' }

/** The handler's own errors have no codes. */
const withCode = (error: Told, status: number): Told =>
  error.extensions ? error : { ...error, extensions: { code: CODES[status] ?? 'BAD_REQUEST' } }

const isErrors = (value: object): value is readonly GraphQLError[] => Array.isArray(value)
