import { errorStatus, isErrorCode } from '@codai/runtime'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { untilTokenEnds } from '../answers.ts'
import type { Answer } from '../answers.ts'
import { formatAnswer } from '../deferral.ts'
import type { ErrorFormatter } from '../errors.ts'
import { DONE, createValues, mapValues, withHeartbeats, withLastWord } from '../generators.ts'
import type { Values } from '../generators.ts'
import type { Answered, Operation } from '../operation.ts'
import { stringifyResult } from '../written.ts'
import { SUBSCRIPTION_SPEC } from './accept.ts'
import type { ReadCall } from './calls.ts'
import type { OpenStreams } from './open-streams.ts'

export type PartsOptions = {
  readonly readCall: ReadCall
  readonly answer: Answer
  readonly formatError: ErrorFormatter
  readonly streams: OpenStreams
  /** How often a sign of life is sent where no event comes, in milliseconds. */
  readonly heartbeatMs?: number
}

/** Answers a subscription as parts of one body. */
export type SendParts = (request: FastifyRequest, reply: FastifyReply, operation: Operation) => Promise<FastifyReply>

const BOUNDARY = 'graphql'
const CONTENT_TYPE = `multipart/mixed; boundary="${BOUNDARY}"; ${SUBSCRIPTION_SPEC.name}="${SUBSCRIPTION_SPEC.value}"`
/** A part that clients pass over. */
const HEARTBEAT = '{}'

/**
 * Subscriptions over multipart HTTP, as Apollo's clients read them: each event is a part `{"payload": …}`, an end that
 * the client must know about is `{"payload": null, "errors": […]}`, and signs of life are `{}`.
 */
export const createSendParts = (options: PartsOptions): SendParts => {
  const { readCall, answer, formatError, streams, heartbeatMs = 5_000 } = options
  const begin = untilTokenEnds(answer)

  return async (request, reply, operation) => {
    const call = await readCall(request, reply)
    const format = (error: unknown) => formatError(error, call.requestId)
    let results: Values<Answered>
    try {
      results = begin(operation, call)
    } catch (error) {
      const formatted = format(error)
      const code = formatted.extensions?.['code']
      return reply.code(errorStatus(isErrorCode(code) ? code : 'INTERNAL_SERVER_ERROR')).send({ errors: [formatted] })
    }
    const payloads = mapValues(results, (answer) => `{"payload":${stringifyResult(formatAnswer(answer, format))}}`)
    const told = withLastWord(payloads, (error) => JSON.stringify({ payload: null, errors: [format(error)] }))
    return streams.send(reply, CONTENT_TYPE, asParts(withHeartbeats(told, heartbeatMs, HEARTBEAT)))
  }
}

/** Each part ends with the delimiter of the next, because clients read a part when its end is there. */
const asParts = (bodies: Values<string>): Values<string> => {
  let begun = false
  let ended = false
  return createValues({
    next: async () => {
      if (ended) return DONE
      if (!begun) {
        begun = true
        return { done: false, value: `\r\n--${BOUNDARY}${part(HEARTBEAT)}` }
      }
      const body = await bodies.next()
      ended = body.done === true
      return { done: false, value: body.done ? '--\r\n' : part(body.value) }
    },
    close: () => void bodies.return(),
  })
}

const part = (body: string): string =>
  `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${body}\r\n--${BOUNDARY}`
