import type { FastifyReply, FastifyRequest } from 'fastify'
import { createCancellation } from '../cancellation.ts'
import type { Cancellation } from '../cancellation.ts'
import type { Documents } from '../documents.ts'
import type { Graphs } from '../graph/graphs.ts'
import type { Identify } from '../identity.ts'
import type { Call, Metering } from '../operation.ts'
import { crossSiteRefusal } from './cross-site.ts'

/** Where it is told what a request cost. */
export type Meter = (request: FastifyRequest, reply: FastifyReply) => Metering

export type CallsOptions = {
  readonly graphs: Graphs
  readonly documents: Documents
  readonly identify: Identify
  readonly meter?: Meter | undefined
}

/** Who sends an HTTP request. Throws an error for the client when nothing of it may run. */
export type ReadCall = (request: FastifyRequest, reply: FastifyReply) => Promise<Call>

/** What every transport over HTTP asks of a request before anything runs. */
export const createReadCall =
  ({ graphs, documents, identify, meter }: CallsOptions): ReadCall =>
  async (request, reply) => {
    const query = queryOf(request)
    const refusal = crossSiteRefusal(request) ?? documents.refusal(query)
    if (refusal) throw refusal
    const { authorization, 'x-api-key': apiKey, 'user-agent': userAgent } = request.headers
    const caller = await identify({ authorization, apiKey, address: request.ip, userAgent })
    await documents.check(graphs.current(), query)
    return { caller, requestId: request.id, cancellation: cancelOnClose(reply), metering: meter?.(request, reply) }
  }

/** The document of a request, where it has one. */
export const queryOf = ({ body, query }: FastifyRequest): string => {
  const source = body ?? query
  const text = typeof source === 'object' && source !== null && 'query' in source ? source.query : undefined
  return typeof text === 'string' ? text : ''
}

/** Cancels when the client leaves before it has its answer. */
const cancelOnClose = ({ raw }: FastifyReply): Cancellation => {
  const cancellation = createCancellation()
  raw.once('close', () => {
    if (!raw.writableFinished) cancellation.cancel()
  })
  return cancellation
}
