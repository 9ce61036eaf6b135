import type { FastifyInstance } from 'fastify'

export type SecurityHeadersOptions = {
  /** Whether /graphql may show Apollo Sandbox, which comes from Apollo's servers. */
  readonly landingPage: boolean
  /** Other origins that our own pages talk to, such as the issuer of tokens. */
  readonly connectTo: readonly string[]
}

const policy = (directives: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ')

/** Headers for browsers. Each page may load what it needs and nothing else; no page may be framed by others. */
export const addSecurityHeaders = (app: FastifyInstance, options: SecurityHeadersOptions): void => {
  const common = { 'base-uri': ["'self'"], 'object-src': ["'none'"], 'frame-ancestors': ["'none'"] }
  const pages = policy({
    'default-src': ["'self'"],
    'script-src': ["'self'"],
    // Monaco (in GraphiQL) and charts write styles at run time.
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:', 'https:'],
    'font-src': ["'self'", 'data:'],
    // Browsers before 2022 do not count ws: of the same host as 'self'.
    'connect-src': ["'self'", 'ws:', 'wss:', ...options.connectTo],
    'worker-src': ["'self'", 'blob:'],
    'form-action': ["'self'"],
    ...common,
  })
  // The page brings a stricter policy of its own, with nonces for its scripts.
  const sandbox = policy({
    'default-src': ["'self'", 'https://*.apollographql.com'],
    'script-src': ["'self'", "'unsafe-inline'", 'https://*.cdn.apollographql.com'],
    'style-src': ["'self'", "'unsafe-inline'", 'https://*.cdn.apollographql.com', 'https://fonts.googleapis.com'],
    'font-src': ["'self'", 'https://fonts.gstatic.com'],
    'img-src': ["'self'", 'data:', 'https://*.apollographql.com'],
    'connect-src': ["'self'", 'ws:', 'wss:', 'https://*.apollographql.com'],
    ...common,
  })

  app.addHook('onSend', async (request, reply) => {
    void reply.header('x-content-type-options', 'nosniff')
    void reply.header('referrer-policy', 'same-origin')
    void reply.header('cross-origin-opener-policy', 'same-origin')
    // Keeps answers out of the processes of other sites' pages; those that CORS lets in are not concerned.
    void reply.header('cross-origin-resource-policy', 'same-origin')
    if (!String(reply.getHeader('content-type') ?? '').startsWith('text/html')) return
    const isSandbox = options.landingPage && request.routeOptions.url === '/graphql'
    void reply.header('content-security-policy', isSandbox ? sandbox : pages)
  })
}
