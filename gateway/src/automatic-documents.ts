import { createHash } from 'node:crypto'
import { codedError } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { z } from 'zod'
import { createCache } from './cache.ts'

/** A request as a client sent it, of which only the document matters here. */
export type DocumentRequest = Readonly<Record<string, unknown>>

/** Documents that clients name by their hash, once one of them was sent with it (automatic persisted queries). */
export type AutomaticDocuments = {
  readonly find: (hash: string) => string | undefined
  /** Throws BAD_REQUEST for a hash of something else. */
  readonly remember: (hash: string, text: string) => void
  /** The same request with its document written out. Throws PERSISTED_QUERY_NOT_FOUND where nobody sent it yet. */
  readonly resolve: (request: DocumentRequest) => DocumentRequest
}

const REMEMBERED_DOCUMENTS = 1_000
const LONGEST_REMEMBERED = 20_000

export const createAutomaticDocuments = (): AutomaticDocuments => {
  const texts = createCache<string>(REMEMBERED_DOCUMENTS)

  const remember: AutomaticDocuments['remember'] = (hash, text) => {
    if (createHash('sha256').update(text).digest('hex') !== hash) {
      throw codedError('BAD_REQUEST', 'The hash that was sent is not that of the document.')
    }
    if (text.length <= LONGEST_REMEMBERED) texts.set(hash, text)
  }

  return {
    find: (hash) => texts.get(hash),
    remember,
    resolve: (request) => {
      const { hash, text, rest } = readNamed(request)
      if (hash === undefined) return rest
      if (text !== undefined) {
        remember(hash, text)
        return rest
      }
      const query = texts.get(hash)
      if (query === undefined) throw notFound()
      return { ...rest, query }
    },
  }
}

/** These words are what the clients of automatic persisted queries wait for. */
export const notFound = (): CodedError => codedError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')

const hashSchema = z
  .string()
  .transform((text) => text.replace(/^sha256:/, '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/))
const persistedSchema = z.object({ version: z.literal(1), sha256Hash: hashSchema })

export type NamedDocument = {
  /** What the request names its document by: as `documentId`, or as `extensions.persistedQuery.sha256Hash`. */
  readonly hash: string | undefined
  /** The document, where it was sent, too. */
  readonly text: string | undefined
  /** The request without the name. */
  readonly rest: DocumentRequest
}

/** Reads the name that a request gives its document. Throws BAD_REQUEST for one that is no hash. */
export const readNamed = (request: DocumentRequest): NamedDocument => {
  const { documentId, ...others } = request
  const { extensions, ...bare } = others
  const text = typeof others['query'] === 'string' && others['query'] !== '' ? others['query'] : undefined
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) {
    return { hash: documentId == null ? undefined : parsed(hashSchema, documentId), text, rest: others }
  }
  const { persistedQuery, ...left } = extensions
  const { sha256Hash } = parsed(persistedSchema, persistedQuery)
  const rest = Object.keys(left).length > 0 ? { ...bare, extensions: left } : bare
  return { hash: sha256Hash, text, rest }
}

const parsed = <Value>(schema: z.ZodType<Value>, given: unknown): Value => {
  const { data, success } = schema.safeParse(given)
  if (!success) throw badHash()
  return data
}

const badHash = (): CodedError =>
  codedError('BAD_REQUEST', 'A document is named by the SHA-256 of its text, in hexadecimal.')
