import { createHash } from 'node:crypto'
import { codedError } from '@codai/runtime'
import type { CodedError, Logger } from '@codai/runtime'
import { z } from 'zod'
import { createCache } from '../cache.ts'
import type { Grant, KeyService } from './key-service.ts'
import { createRemembered } from './remembered.ts'

/** A request as a client sent it, of which only the document matters here. */
export type DocumentRequest = Readonly<Record<string, unknown>>

/** Documents that are asked for by their hash. */
export type PublicDocuments = {
  /**
   * The same request with its document written out, where it names one by its hash: as `documentId`, or as
   * `extensions.persistedQuery.sha256Hash`. Throws PERSISTED_QUERY_NOT_FOUND where nobody registered it.
   */
  readonly resolve: (request: DocumentRequest, grant: Grant) => Promise<DocumentRequest>
  /** Whether the app registered a document with this hash. */
  readonly isTrusted: (grant: Grant, hash: string) => Promise<boolean>
}

export type PublicDocumentsOptions = { readonly service: KeyService; readonly logger: Logger }

const FRESH_MS = 900
const GRACE_MS = 60_000
const REMEMBERED_DOCUMENTS = 1_000
const LONGEST_REMEMBERED = 20_000

const hashSchema = z
  .string()
  .transform((text) => text.replace(/^sha256:/, '').toLowerCase())
  .pipe(z.string().regex(/^[0-9a-f]{64}$/))
const persistedSchema = z.object({ version: z.literal(1), sha256Hash: hashSchema })

/** Trusted documents, which apps register; and automatic persisted queries, which clients register by using them. */
export const createPublicDocuments = ({ service, logger }: PublicDocumentsOptions): PublicDocuments => {
  const automatic = createCache<string>(REMEMBERED_DOCUMENTS)
  const trusted = createRemembered({
    read: (id) => {
      const [app = '', hash = ''] = id.split(' ')
      return service.document(app, hash)
    },
    freshMs: FRESH_MS,
    graceMs: GRACE_MS,
  })

  const registered = async ({ app }: Grant, hash: string): Promise<string | undefined> => {
    try {
      return await trusted.get(`${app} ${hash}`)
    } catch (cause) {
      logger.warn({ err: cause }, 'registered operations cannot be looked up')
      throw codedError('UNAVAILABLE', 'Registered operations cannot be looked up at the moment.', { cause })
    }
  }

  const find = async (grant: Grant, hash: string): Promise<string> => {
    // Whoever asks for what many use need not wait: the text of a hash never changes.
    const known = grant.trustedOnly ? undefined : automatic.get(hash)
    const text = known ?? (await registered(grant, hash))
    // These words are what the clients of automatic persisted queries wait for.
    if (text === undefined) throw codedError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
    return text
  }

  return {
    resolve: async (request, grant) => {
      const { hash, rest } = readHash(request)
      if (hash === undefined) return rest
      const { query } = rest
      if (typeof query !== 'string' || query === '') return { ...rest, query: await find(grant, hash) }
      if (createHash('sha256').update(query).digest('hex') !== hash) {
        throw codedError('BAD_REQUEST', 'The hash that was sent is not that of the document.')
      }
      if (query.length <= LONGEST_REMEMBERED) automatic.set(hash, query)
      return rest
    },
    isTrusted: async (grant, hash) => (await registered(grant, hash)) !== undefined,
  }
}

/** The hash that a request names its document by, and the request without it. */
const readHash = (request: DocumentRequest): { readonly hash: string | undefined; readonly rest: DocumentRequest } => {
  const { documentId, ...others } = request
  const { extensions } = others
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) {
    return { hash: documentId == null ? undefined : parsed(hashSchema, documentId), rest: others }
  }
  const { persistedQuery, ...left } = extensions
  const { sha256Hash } = parsed(persistedSchema, persistedQuery)
  return { hash: sha256Hash, rest: { ...others, extensions: left } }
}

const parsed = <Value>(schema: z.ZodType<Value>, given: unknown): Value => {
  const { data, success } = schema.safeParse(given)
  if (!success) throw badHash()
  return data
}

const badHash = (): CodedError =>
  codedError('BAD_REQUEST', 'A document is named by the SHA-256 of its text, in hexadecimal.')
