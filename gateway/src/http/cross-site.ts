import { codedError, errorStatus } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import type { FastifyRequest } from 'fastify'

const SIMPLE_METHODS = new Set(['GET', 'HEAD', 'POST'])
/** What a page may send as a body to another site without asking first (Fetch standard, "CORS-safelisted"). */
const SIMPLE_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])
/** A page that sets one of these must be let by the rules of CORS. */
const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name', 'x-graphql-event-stream-token']
/** The browser itself says that the page is ours, or that there is none: an address that a person entered. */
const OWN_SITES = new Set(['same-origin', 'none'])

/**
 * Tells why a request may come from a page of another site that was never asked about, if it may. What it asks for is
 * then not even looked at, so that such a page learns nothing from how long it takes.
 */
export const crossSiteRefusal = ({ method, headers }: FastifyRequest): CodedError | undefined =>
  mayBeCrossSite(method, headers) ? refusal() : undefined

const mayBeCrossSite = (method: string, headers: FastifyRequest['headers']): boolean => {
  // All other methods are asked about.
  if (!SIMPLE_METHODS.has(method)) return false
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== undefined && !SIMPLE_TYPES.has(type)) return false
  if (PREFLIGHT_HEADERS.some((name) => headers[name] !== undefined && headers[name] !== '')) return false
  if (method === 'POST') return true

  const site = headers['sec-fetch-site']
  if (site !== undefined) return !OWN_SITES.has(site)
  // Browsers say nothing of the site where the connection is not secure, or they are old. Their name they always say.
  return headers.origin !== undefined || isBrowser(headers['user-agent'])
}

/** All browsers begin so, since 1995. A page cannot change the name without being asked about (CORS). */
const isBrowser = (userAgent: string | undefined): boolean => userAgent?.startsWith('Mozilla/') ?? false

const refusal = (): CodedError =>
  codedError(
    'BAD_REQUEST',
    'A page of another site could send this unasked (CSRF). Send it as JSON, or with the header apollo-require-preflight.',
    { http: { status: errorStatus('BAD_REQUEST') } },
  )
