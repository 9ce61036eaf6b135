import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import type { DocumentRequest } from '../automatic-documents.ts'
import { isRecord } from './asked.ts'
import { crossSiteRefusal } from './cross-site.ts'

/** The same request with its document written out. Throws an error for the client where nobody knows it. */
export type Resolve = (given: DocumentRequest, request: FastifyRequest) => DocumentRequest | Promise<DocumentRequest>

/** Writes out the document of a request that names it by its hash, so that whatever answers it need not know of hashes. */
export const resolveDocuments =
  (resolve: Resolve): preHandlerAsyncHookHandler =>
  async (request, reply) => {
    const given = request.method === 'GET' ? request.query : request.body
    if (!isRecord(given) || !namesDocument(given)) return
    // It is refused later, and leaves nothing here.
    if (crossSiteRefusal(request)) return
    try {
      await (request.method === 'GET' ? inAddress : inBody)(request, given, resolve)
    } catch (error) {
      // It is known as soon as the client has sent it.
      void reply.header('cache-control', 'no-store')
      throw error
    }
  }

/** Whether a request names its document by a hash; whoever does not is not held up. */
const namesDocument = ({ documentId, extensions }: DocumentRequest): boolean => {
  if (documentId !== undefined) return true
  // In an address, they are JSON text.
  if (typeof extensions === 'string') return extensions.includes('persistedQuery')
  return isRecord(extensions) && 'persistedQuery' in extensions
}

const inBody = async (request: FastifyRequest, given: DocumentRequest, resolve: Resolve): Promise<void> => {
  request.body = await resolve(given, request)
}

const inAddress = async (request: FastifyRequest, given: DocumentRequest, resolve: Resolve): Promise<void> => {
  const { extensions, ...resolved } = await resolve(withExtensions(given), request)
  const query = { ...resolved, ...(extensions !== undefined && { extensions: textOf(extensions) }) }
  request.query = query
  // Some read the address as it came.
  request.raw.url = `${request.url.split('?', 1)[0]}?${addressOf(query)}`
}

/** The parameters of an address with their extensions as an object, as a body has them. */
export const withExtensions = (query: DocumentRequest): DocumentRequest => {
  const { extensions } = query
  if (typeof extensions !== 'string') return query
  try {
    return { ...query, extensions: JSON.parse(extensions) as unknown }
  } catch {
    return query
  }
}

const textOf = (extensions: unknown): string =>
  typeof extensions === 'string' ? extensions : JSON.stringify(extensions)

const addressOf = (query: DocumentRequest): string => {
  const texts = Object.entries(query).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return new URLSearchParams(texts).toString()
}
