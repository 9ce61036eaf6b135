import { OAuthError } from './oauth-errors.ts'
import { isRegisteredRedirect } from './oauth-clients.ts'
import type { OAuthClients } from './oauth-clients.ts'
import type { OAuthClientRecord } from './records.ts'

/** Where a person goes back to, with an answer or with an error. */
export type RedirectTarget = { client: OAuthClientRecord; redirectUri: string; state: string | undefined }

/** What an application asks of a person (RFC 6749, section 4.1.1; RFC 7636; OpenID Connect Core 1.0, section 3.1.2.1). */
export type AuthorizationRequest = RedirectTarget & {
  scopes: readonly string[]
  codeChallenge: string
  nonce: string | undefined
  /** The person is to sign in anew. */
  login: boolean
  /** Nothing is to be shown. */
  silent: boolean
  /** How long ago the sign-in may be, in seconds. */
  maxAge: number | undefined
  /** The handle, as the application believes. */
  loginHint: string | undefined
}

const longestState = 2_000
const longestNonce = 500

/** One value of a parameter. An empty one counts as missing, two are an error (RFC 6749, section 3.1). */
export const single = (parameters: URLSearchParams, name: string): string | undefined => {
  const values = parameters.getAll(name)
  if (values.length > 1) throw new OAuthError('invalid_request', `"${name}" is given more than once.`)
  return values[0] === '' ? undefined : values[0]
}

/** As `single`, of a parameter that there has to be. */
export const required = (parameters: URLSearchParams, name: string): string => {
  const value = single(parameters, name)
  if (value === undefined) throw new OAuthError('invalid_request', `"${name}" is missing.`)
  return value
}

/** The scopes of a request, which have to be among those of the application; undefined when it names none. */
export const scopesOf = (parameters: URLSearchParams, client: OAuthClientRecord): string[] | undefined => {
  const text = single(parameters, 'scope')
  if (text === undefined) return undefined
  const scopes = [...new Set(text.split(' ').filter(Boolean))]
  if (scopes.length === 0) throw new OAuthError('invalid_scope', '"scope" names no scope.')
  const foreign = scopes.find((scope) => !client.scopes.includes(scope))
  if (foreign !== undefined) {
    throw new OAuthError('invalid_scope', `The application is not registered for "${foreign.slice(0, 60)}".`)
  }
  return scopes
}

/**
 * Whose request it is, and where the answer goes. An error of this cannot be sent back: nobody knows where to
 * (RFC 6749, section 4.1.2.1).
 */
export const readTarget = async (parameters: URLSearchParams, clients: OAuthClients): Promise<RedirectTarget> => {
  const client = await clients.byId(required(parameters, 'client_id'))
  if (!client) throw new OAuthError('unauthorized_client', 'There is no such application.')
  const redirectUri = required(parameters, 'redirect_uri')
  if (!isRegisteredRedirect(client.redirectUris, redirectUri)) {
    throw new OAuthError('invalid_request', 'The application did not register this "redirect_uri".')
  }
  const state = single(parameters, 'state')
  if (state !== undefined && state.length > longestState) {
    throw new OAuthError('invalid_request', `"state" is longer than ${longestState} characters.`)
  }
  return { client, redirectUri, state }
}

/** The request itself. Its errors go back to the application. */
export const readRequest = (parameters: URLSearchParams, target: RedirectTarget): AuthorizationRequest => {
  if (parameters.has('request')) throw new OAuthError('request_not_supported', 'Requests as JWT are not supported.')
  if (parameters.has('request_uri'))
    throw new OAuthError('request_uri_not_supported', 'Requests by address are not supported.')
  if (required(parameters, 'response_type') !== 'code') {
    throw new OAuthError('unsupported_response_type', 'The only "response_type" is "code".')
  }
  if ((single(parameters, 'response_mode') ?? 'query') !== 'query') {
    throw new OAuthError('invalid_request', 'The only "response_mode" is "query".')
  }
  const codeChallenge = required(parameters, 'code_challenge')
  if (single(parameters, 'code_challenge_method') !== 'S256' || !/^[A-Za-z0-9_-]{43}$/.test(codeChallenge)) {
    throw new OAuthError('invalid_request', 'PKCE is needed, with "code_challenge_method" S256.')
  }
  const nonce = single(parameters, 'nonce')
  if (nonce !== undefined && nonce.length > longestNonce) {
    throw new OAuthError('invalid_request', `"nonce" is longer than ${longestNonce} characters.`)
  }
  const scopes = scopesOf(parameters, target.client)
  // A token without scopes would look like one of the person's own.
  if (!scopes) throw new OAuthError('invalid_scope', '"scope" has to say what the application asks for.')
  const prompts = (single(parameters, 'prompt') ?? '').split(' ').filter(Boolean)
  if (prompts.includes('none') && prompts.length > 1) {
    throw new OAuthError('invalid_request', 'With "prompt" none there is no other.')
  }
  const maxAge = single(parameters, 'max_age')
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge)) {
    throw new OAuthError('invalid_request', '"max_age" is a number of seconds.')
  }
  return {
    ...target,
    scopes,
    codeChallenge,
    nonce,
    login: prompts.includes('login') || prompts.includes('select_account'),
    silent: prompts.includes('none'),
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    loginHint: single(parameters, 'login_hint'),
  }
}

/** An address with an answer, or an error, in its query. What the application wrote stays as it is. */
export const redirectWith = (
  { redirectUri, state }: RedirectTarget,
  issuer: string,
  answer: Readonly<Record<string, string>>,
): string => {
  // `iss` tells an application with several providers which one answers (RFC 9207).
  const query = new URLSearchParams({ ...answer, ...(state !== undefined && { state }), iss: issuer })
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${query.toString()}`
}
