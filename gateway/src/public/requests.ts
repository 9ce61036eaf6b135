import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import { isRecord } from '../http/asked.ts'
import type { Meter } from '../http/calls.ts'
import { withExtensions } from '../http/resolve-documents.ts'
import type { Resolve } from '../http/resolve-documents.ts'
import type { Accesses, GivenKey } from './access.ts'
import type { PublicDocuments } from './documents.ts'

export type PublicRequestsOptions = { readonly accesses: Accesses; readonly documents: PublicDocuments }

/** Refuses a request with a key that does not work, however it is answered. */
export const refuseWrongKeys =
  (accesses: Accesses): preHandlerAsyncHookHandler =>
  async (request) => {
    await accesses.read(givenKey(request))
  }

/** Writes out documents for whoever brings a key; without one, nothing but the schema can be read. */
export const resolveForKey =
  ({ accesses, documents }: PublicRequestsOptions): Resolve =>
  async (given, request) => {
    const access = await accesses.read(givenKey(request))
    return access ? documents.resolve(given, await access.grant()) : given
  }

const givenKey = ({ headers, ip }: FastifyRequest): GivenKey => ({
  apiKey: headers['x-api-key'],
  authorization: headers.authorization,
  address: ip,
})

/** Tells what a request cost in headers, which also answers that are written past Fastify have. */
export const meter: Meter = (request, { raw }) => ({
  wantsCost: wantsCost(request),
  setHeader: (name, value) => {
    // A stream has begun when its events are counted.
    if (!raw.headersSent) raw.setHeader(name, value)
  },
})

/** Whether a client asks to be told in the answer what it cost. */
const wantsCost = ({ body, query }: FastifyRequest): boolean => {
  const given = isRecord(body) ? body : withExtensions(isRecord(query) ? query : {})
  return isRecord(given['extensions']) && given['extensions']['cost'] === true
}
