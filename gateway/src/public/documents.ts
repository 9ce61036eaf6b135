import { codedError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import { createAutomaticDocuments, notFound, readNamed } from '../automatic-documents.ts'
import type { DocumentRequest } from '../automatic-documents.ts'
import type { Grant, KeyService } from './key-service.ts'
import { createRemembered } from './remembered.ts'

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

/** Trusted documents, which apps register; and automatic persisted queries, which clients register by using them. */
export const createPublicDocuments = ({ service, logger }: PublicDocumentsOptions): PublicDocuments => {
  const automatic = createAutomaticDocuments()
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
    const known = grant.trustedOnly ? undefined : automatic.find(hash)
    const text = known ?? (await registered(grant, hash))
    if (text === undefined) throw notFound()
    return text
  }

  return {
    resolve: async (request, grant) => {
      const { hash, text, rest } = readNamed(request)
      if (hash === undefined) return rest
      if (text === undefined) return { ...rest, query: await find(grant, hash) }
      automatic.remember(hash, text)
      return rest
    },
    isTrusted: async (grant, hash) => (await registered(grant, hash)) !== undefined,
  }
}
