import * as oauth from 'openid-client'
import { demoPassword } from '../_kit/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { openBrowser } from './browser.fixture.ts'
import type { SignedIn } from './logai.fixture.ts'

export const redirectUri = 'https://notebook.example/callback'
export const loopbackUri = 'http://127.0.0.1/callback'

/** An application that a person registered, as the real client library has it. */
export type Application = { id: string; secret: string | undefined; config: oauth.Configuration }

/** Registers an application and lets the client library discover logai. */
export const register = async (
  world: TestWorld,
  owner: SignedIn,
  options: { confidential?: boolean; scopes?: readonly string[]; name?: string } = {},
): Promise<Application> => {
  const { confidential = true, scopes = ['openid', 'profile', 'email', 'offline_access'], name = 'Notebook' } = options
  const { data } = await owner.client.query(
    'mutation ($input: CreateOAuthClientInput!) { createOAuthClient(input: $input) { secret client { id } } }',
    { input: { name, redirectUris: [redirectUri, loopbackUri], scopes, confidential } },
  )
  const { secret, client } = data.createOAuthClient
  return { id: client.id, secret: secret ?? undefined, config: await discover(world, client.id, secret ?? undefined) }
}

/** logai as the client library finds it by its issuer's address alone. */
export const discover = (world: TestWorld, id: string, secret: string | undefined): Promise<oauth.Configuration> =>
  oauth.discovery(
    new URL(world.hosted().platform.config.issuerUrl),
    id,
    undefined,
    secret === undefined ? oauth.None() : oauth.ClientSecretBasic(secret),
    { execute: [oauth.allowInsecureRequests] },
  )

/** What an application keeps while the person is away. */
export type Errand = { url: URL; verifier: string; state: string; nonce: string }

/** Where an application sends a person. */
export const errandOf = async ({ config }: Application, parameters: Record<string, string> = {}): Promise<Errand> => {
  const verifier = oauth.randomPKCECodeVerifier()
  const state = oauth.randomState()
  const nonce = oauth.randomNonce()
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  })
  return { url, verifier, state, nonce }
}

/** A person signs in at the page and lets the application in. Answers where the browser is sent then. */
export const letIn = async ({ url }: Errand, handle: string, browser = openBrowser()): Promise<URL> => {
  const page = await browser.open(url)
  const consent = await page.press('sign-in', { handle, password: demoPassword })
  const left = await consent.press('allow')
  if (!left.leftTo) throw new Error(`The browser was not sent back: ${left.html}`)
  return left.leftTo
}

/** Exchanges what the browser brought back. */
export const exchange = ({ config }: Application, { verifier, state, nonce }: Errand, returned: URL) =>
  oauth.authorizationCodeGrant(config, returned, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })

/** A person lets an application in, from the first redirect to the tokens. */
export const grant = async (application: Application, handle: string) => {
  const errand = await errandOf(application)
  return exchange(application, errand, await letIn(errand, handle))
}

/** The error code with which the OAuth endpoints refused. */
export const refusalOf = async (attempt: Promise<unknown>): Promise<string> => {
  try {
    await attempt
    return 'no refusal'
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
      return error.error
    }
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error
    return ((await error.response.json()) as { error: string }).error
  }
}
