import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import type { Meter } from '../http/calls.ts'
import type { Accesses, GivenKey } from './access.ts'
import type { DocumentRequest, PublicDocuments } from './documents.ts'

export type PublicRequestsOptions = { readonly accesses: Accesses; readonly documents: PublicDocuments }

/** Writes out the document of a request that names it by its hash, so that whatever answers it need not know of hashes. */
export const resolveDocuments =
  ({ accesses, documents }: PublicRequestsOptions): preHandlerAsyncHookHandler =>
  async (request) => {
    const access = await accesses.read(givenKey(request))
    if (!access) return
    const grant = await access.grant()
    if (isRecord(request.body)) {
      request.body = await documents.resolve(request.body, grant)
      return
    }
    if (!isRecord(request.query)) return
    request.query = await resolveQuery(request.query, (given) => documents.resolve(given, grant))
    // Some read the address as it came.
    request.raw.url = `${request.url.split('?', 1)[0]}?${addressOf(request.query as DocumentRequest)}`
  }

/** Tells what a request cost in headers, which also answers that are written past Fastify have. */
export const meter: Meter = (request, { raw }) => ({
  wantsCost: wantsCost(request),
  setHeader: (name, value) => {
    // A stream has begun when its events are counted.
    if (!raw.headersSent) raw.setHeader(name, value)
  },
})

const givenKey = ({ headers, ip }: FastifyRequest): GivenKey => ({
  apiKey: headers['x-api-key'],
  authorization: headers.authorization,
  address: ip,
})

/** Whether a client asks to be told in the answer what it cost. */
const wantsCost = ({ body, query }: FastifyRequest): boolean => {
  const given = isRecord(body) ? body : withExtensions(isRecord(query) ? query : {})
  return isRecord(given['extensions']) && given['extensions']['cost'] === true
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** In an address, extensions are JSON text. */
const withExtensions = (query: DocumentRequest): DocumentRequest => {
  const { extensions } = query
  if (typeof extensions !== 'string') return query
  try {
    return { ...query, extensions: JSON.parse(extensions) as unknown }
  } catch {
    return query
  }
}

const resolveQuery = async (
  query: DocumentRequest,
  resolve: (given: DocumentRequest) => Promise<DocumentRequest>,
): Promise<DocumentRequest> => {
  const { extensions, ...resolved } = await resolve(withExtensions(query))
  return {
    ...resolved,
    ...(extensions !== undefined && {
      extensions: typeof extensions === 'string' ? extensions : JSON.stringify(extensions),
    }),
  }
}

const addressOf = (query: DocumentRequest): string => {
  const texts = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return new URLSearchParams(texts).toString()
}
