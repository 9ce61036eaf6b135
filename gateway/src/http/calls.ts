import type { FastifyReply, FastifyRequest } from 'fastify'
import { createCancellation } from '../cancellation.ts'
import type { Cancellation } from '../cancellation.ts'
import type { Documents } from '../documents.ts'
import type { Identify } from '../identity.ts'
import type { Call } from '../operation.ts'
import { crossSiteRefusal } from './cross-site.ts'

export type CallsOptions = { readonly documents: Documents; readonly identify: Identify }

/** Who sends an HTTP request. Throws an error for the client when nothing of it may run. */
export type ReadCall = (request: FastifyRequest, reply: FastifyReply) => Promise<Call>

/** What every transport over HTTP asks of a request before anything runs. */
export const createReadCall =
  ({ documents, identify }: CallsOptions): ReadCall =>
  async (request, reply) => {
    const refusal = crossSiteRefusal(request) ?? documents.refusal(queryOf(request))
    if (refusal) throw refusal
    const { authorization, 'user-agent': userAgent } = request.headers
    const caller = await identify({ authorization, address: request.ip, userAgent })
    return { caller, requestId: request.id, cancellation: cancelOnClose(reply) }
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
