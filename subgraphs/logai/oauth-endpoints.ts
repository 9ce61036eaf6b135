import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Service } from './context.ts'
import type { TokenResponse } from './grants.ts'
import { scopeMeanings } from './oauth-clients.ts'
import { OAuthError } from './oauth-errors.ts'
import { required, scopesOf, single } from './oauth-request.ts'
import type { OAuthClientRecord } from './records.ts'

const formOf = ({ body }: FastifyRequest): URLSearchParams => {
  if (body instanceof URLSearchParams) return body
  throw new OAuthError('invalid_request', 'The body is written as application/x-www-form-urlencoded.')
}

// RFC 6749, section 2.3.1: both halves are form-encoded before they are joined.
const basicCredentials = (header: string): { id: string; secret: string } => {
  const decoded = Buffer.from(header.replace(/^Basic +/i, ''), 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const plain = (text: string): string => new URLSearchParams(`v=${text}`).get('v') ?? ''
  return { id: plain(decoded.slice(0, colon)), secret: plain(decoded.slice(colon + 1)) }
}

const epochSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)

/** What logai says of itself (OpenID Connect Discovery 1.0, section 3; RFC 8414). */
export const discoveryOf = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  userinfo_endpoint: `${issuer}/oauth/userinfo`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  introspection_endpoint: `${issuer}/oauth/introspect`,
  jwks_uri: `${issuer}/jwks.json`,
  scopes_supported: Object.keys(scopeMeanings),
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
  code_challenge_methods_supported: ['S256'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  claims_supported: [
    'sub',
    'iss',
    'aud',
    'exp',
    'iat',
    'auth_time',
    'nonce',
    'preferred_username',
    'email',
    'email_verified',
  ],
  prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
  authorization_response_iss_parameter_supported: true,
  claims_parameter_supported: false,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
})

/** The endpoints that applications call themselves. */
export const createEndpoints = ({ grants, introspection, oauthClients, sessions, store }: Service) => {
  /** The application that sends a form: proven by its secret, or public and only named. */
  const clientOf = async ({ headers }: FastifyRequest, form: URLSearchParams): Promise<OAuthClientRecord> => {
    const header = headers.authorization
    const inBody = single(form, 'client_secret')
    if (header !== undefined && inBody !== undefined) {
      throw new OAuthError('invalid_request', 'The application gives its secret in two ways at once.')
    }
    const basic = header === undefined ? undefined : basicCredentials(header)
    const id = basic?.id ?? single(form, 'client_id')
    const client = id === undefined ? undefined : await oauthClients.byId(id)
    if (!client || !oauthClients.isProven(client, basic?.secret ?? inBody)) {
      throw new OAuthError('invalid_client', 'The application is unknown, or its secret is wrong.')
    }
    return client
  }

  const exchange = (client: OAuthClientRecord, form: URLSearchParams): Promise<TokenResponse> => {
    const type = required(form, 'grant_type')
    if (type === 'authorization_code') {
      return grants.redeem(client, {
        code: required(form, 'code'),
        redirectUri: required(form, 'redirect_uri'),
        verifier: required(form, 'code_verifier'),
      })
    }
    if (type === 'refresh_token') {
      return grants.renew(client, required(form, 'refresh_token'), scopesOf(form, client))
    }
    if (type !== 'client_credentials') {
      throw new OAuthError('unsupported_grant_type', `"${type.slice(0, 60)}" is not a grant here.`)
    }
    if (client.secretHash === null) {
      throw new OAuthError('unauthorized_client', 'A public application cannot prove that it acts for itself.')
    }
    return grants.forClient(client, scopesOf(form, client) ?? [])
  }

  return {
    /** RFC 6749, section 3.2. */
    token: async (request: FastifyRequest): Promise<TokenResponse> => {
      const form = formOf(request)
      return exchange(await clientOf(request, form), form)
    },

    /** RFC 7009: ends what the token belongs to. A token that is none, or another's, is no error. */
    revoke: async (request: FastifyRequest): Promise<void> => {
      const form = formOf(request)
      const client = await clientOf(request, form)
      const state = await introspection.stateOf(required(form, 'token'))
      if (state?.clientId !== client.id || state.sessionId === null) return
      const session = await sessions.byId(state.sessionId)
      if (session) await sessions.end(session, 'SIGNED_OUT')
    },

    /** RFC 7662. An application learns of tokens that were issued to it; any other is inactive. */
    introspect: async (request: FastifyRequest): Promise<object> => {
      const form = formOf(request)
      const client = await clientOf(request, form)
      if (client.secretHash === null)
        throw new OAuthError('invalid_client', 'A public application cannot prove who it is.')
      const state = await introspection.stateOf(required(form, 'token'))
      if (state?.clientId !== client.id) return { active: false }
      const [user] = state.userId === null ? [] : await store.usersByIds([state.userId])
      return {
        active: true,
        sub: state.subject,
        client_id: state.clientId,
        scope: state.scopes.join(' '),
        token_type: state.kind === 'access_token' ? 'Bearer' : 'refresh_token',
        iat: epochSeconds(state.issuedAt),
        exp: epochSeconds(state.expiresAt),
        ...(user && { username: user.handle }),
      }
    },

    /** OpenID Connect Core 1.0, section 5.3. */
    userinfo: async ({ headers }: FastifyRequest): Promise<object> => {
      const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
      const state = token === undefined ? undefined : await introspection.stateOf(token)
      const [user] =
        state?.kind === 'access_token' && state.userId !== null ? await store.usersByIds([state.userId]) : []
      if (!state || !user) throw new OAuthError('invalid_token', 'The access token is not valid.')
      if (!state.scopes.includes('openid')) throw new OAuthError('insufficient_scope', 'This needs the scope openid.')
      return {
        sub: user.id,
        ...(state.scopes.includes('profile') && { preferred_username: user.handle }),
        ...(state.scopes.includes('email') && { email: user.email, email_verified: false }),
      }
    },
  }
}

/** Answers an error as its endpoint's specification has it. */
export const sendOAuthError = (request: FastifyRequest, reply: FastifyReply, error: OAuthError): FastifyReply => {
  const { code, message, status } = error
  if (code === 'invalid_token' || code === 'insufficient_scope') {
    // A request without any credentials is told only how to bring them (RFC 6750, section 3.1).
    const details =
      request.headers.authorization === undefined ? '' : `, error="${code}", error_description="${message}"`
    void reply.header('www-authenticate', `Bearer realm="codai"${details}`)
  }
  if (code === 'invalid_client' && request.headers.authorization !== undefined) {
    void reply.header('www-authenticate', 'Basic realm="codai"')
  }
  return reply.code(status).send({ error: code, error_description: message })
}
