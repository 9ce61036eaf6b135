import type { FastifyInstance } from 'fastify'
import { requireConfig } from '@codai/runtime'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { createAuthorize } from './oauth-authorize.ts'
import { createEndpoints, discoveryOf, sendOAuthError } from './oauth-endpoints.ts'
import { OAuthError } from './oauth-errors.ts'
import { deriveKey } from './vault.ts'

const parseForms = (app: FastifyInstance): void => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(body.toString())),
  )
}

/** What applications in browsers call from pages of their own. None of it looks at cookies. */
const allowAnyOrigin = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (_request, reply) => void reply.header('access-control-allow-origin', '*'))
  app.options('/oauth/*', async (_request, reply) =>
    reply
      .code(204)
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', 'authorization, content-type')
      .header('access-control-max-age', '86400')
      .send(),
  )
}

/** What logai answers beside GraphQL: OAuth 2.0 and OpenID Connect. */
export const routes = (app: FastifyInstance, service: Service, { config, now }: Platform): void => {
  const issuer = config.issuerUrl
  const csrfKey = deriveKey(requireConfig(config, 'identitySecret'), 'forms')
  const endpoints = createEndpoints(service)
  const authorize = createAuthorize(service, { issuer, csrfKey, now })

  // Plugins of their own, so that parsers and handlers of errors do not reach /graphql.
  void app.register(async (open) => {
    parseForms(open)
    allowAnyOrigin(open)
    open.setErrorHandler((error, request, reply) => {
      if (error instanceof OAuthError) return sendOAuthError(request, reply, error)
      throw error
    })
    open.get('/.well-known/openid-configuration', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(discoveryOf(issuer)),
    )
    // Short enough that a new key is known a day before it signs, long enough to spare most questions.
    open.get('/jwks.json', async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(await service.keys.published()),
    )
    void open.register(async (secret) => {
      secret.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'))
      secret.post('/oauth/token', endpoints.token)
      secret.post('/oauth/revoke', async (request, reply) => {
        await endpoints.revoke(request)
        return reply.code(200).send()
      })
      secret.post('/oauth/introspect', endpoints.introspect)
      secret.route({ method: ['GET', 'POST'], url: '/oauth/userinfo', handler: endpoints.userinfo })
    })
  })

  void app.register(async (pages) => {
    parseForms(pages)
    pages.get('/oauth/authorize', authorize.show)
    pages.post('/oauth/authorize', authorize.submit)
  })
}
