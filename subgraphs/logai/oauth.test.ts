import * as oauth from 'openid-client'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { asToken, signInAs } from './logai.fixture.ts'
import type { SignedIn } from './logai.fixture.ts'
import { discover, errandOf, exchange, grant, letIn, loopbackUri, refusalOf, register } from './oauth.fixture.ts'
import type { Application } from './oauth.fixture.ts'
import logai from './subgraph.ts'

const { bob, carol } = demoPeople
let world: TestWorld
let ada: SignedIn
let notebook: Application
beforeAll(async () => {
  world = await startWorld([logai])
  ada = await signInAs(world, 'ada')
  notebook = await register(world, ada)
})
afterAll(() => world?.stop())

const introspect = (token: string, application = notebook) => oauth.tokenIntrospection(application.config, token)
const userinfo = (token: string) => oauth.fetchUserInfo(notebook.config, token, oauth.skipSubjectCheck)

it('lets a person in with the real client library, from discovery to user information', async () => {
  const errand = await errandOf(notebook)
  const returned = await letIn(errand, 'bob')
  expect(returned.searchParams.get('state')).toBe(errand.state)
  expect(returned.searchParams.get('iss')).toBe(world.hosted().platform.config.issuerUrl)
  const tokens = await exchange(notebook, errand, returned)

  expect(tokens.claims()).toMatchObject({ sub: bob.id, aud: notebook.id, nonce: errand.nonce })
  expect(tokens.expires_in).toBe(900)
  expect(decodeJwt(tokens.access_token)).toMatchObject({
    aud: 'codai',
    sub: bob.id,
    client_id: notebook.id,
    scope: 'openid profile email offline_access',
    sid: expect.any(String),
  })
  expect(await oauth.fetchUserInfo(notebook.config, tokens.access_token, bob.id)).toEqual({
    sub: bob.id,
    preferred_username: 'bob',
    email: 'bob@example.org',
    email_verified: false,
  })
  expect(await introspect(tokens.access_token)).toMatchObject({
    active: true,
    sub: bob.id,
    client_id: notebook.id,
    username: 'bob',
    token_type: 'Bearer',
  })
})

it('renews for an application, and ends everything when a refresh token is used twice', async () => {
  const tokens = await grant(notebook, 'bob')
  const first = tokens.refresh_token ?? ''
  const renewed = await oauth.refreshTokenGrant(notebook.config, first)
  expect(renewed.refresh_token).not.toBe(first)
  expect((await introspect(renewed.access_token)).active).toBe(true)
  expect(await refusalOf(oauth.refreshTokenGrant(notebook.config, first))).toBe('invalid_grant')
  expect(await refusalOf(oauth.refreshTokenGrant(notebook.config, renewed.refresh_token ?? ''))).toBe('invalid_grant')
  expect((await introspect(renewed.access_token)).active).toBe(false)
})

it('gives fewer scopes to an application that asks for fewer, never more', async () => {
  const tokens = await grant(notebook, 'bob')
  const fewer = await oauth.refreshTokenGrant(notebook.config, tokens.refresh_token ?? '', { scope: 'openid' })
  expect(fewer.scope).toBe('openid')
  expect(await userinfo(fewer.access_token)).toEqual({ sub: bob.id })
  const errand = await errandOf(notebook, { scope: 'openid offline_access' })
  const modest = await exchange(notebook, errand, await letIn(errand, 'bob'))
  const nothing = oauth.refreshTokenGrant(notebook.config, modest.refresh_token ?? '', { scope: ' ' })
  expect(await refusalOf(nothing)).toBe('invalid_scope')
  const greedy = oauth.refreshTokenGrant(notebook.config, modest.refresh_token ?? '', { scope: 'openid email' })
  expect(await refusalOf(greedy)).toBe('invalid_scope')
  expect((await oauth.refreshTokenGrant(notebook.config, modest.refresh_token ?? '')).scope).toBe(
    'openid offline_access',
  )
})

it('gives nothing to renew by without offline access', async () => {
  const errand = await errandOf(notebook, { scope: 'openid' })
  const tokens = await exchange(notebook, errand, await letIn(errand, 'bob'))
  expect(tokens.refresh_token).toBeUndefined()
  expect(await userinfo(tokens.access_token)).toEqual({ sub: bob.id })
})

it('exchanges a code once, and ends what it gave when it comes again', async () => {
  const errand = await errandOf(notebook)
  const returned = await letIn(errand, 'bob')
  const tokens = await exchange(notebook, errand, returned)
  expect((await introspect(tokens.access_token)).active).toBe(true)
  expect(await refusalOf(exchange(notebook, errand, returned))).toBe('invalid_grant')
  expect((await introspect(tokens.access_token)).active).toBe(false)
  expect(await refusalOf(oauth.refreshTokenGrant(notebook.config, tokens.refresh_token ?? ''))).toBe('invalid_grant')
})

it('exchanges a code once when many come with it at once', async () => {
  const errand = await errandOf(notebook)
  const returned = await letIn(errand, 'bob')
  const answers = await Promise.all(Array.from({ length: 5 }, () => refusalOf(exchange(notebook, errand, returned))))
  expect(answers.toSorted()).toEqual([...Array.from({ length: 4 }, () => 'invalid_grant'), 'no refusal'])
})

it('exchanges a code within 60 seconds, for its own verifier, address and application', async () => {
  const errand = await errandOf(notebook)
  const returned = await letIn(errand, 'bob')
  const wrongVerifier = { ...errand, verifier: oauth.randomPKCECodeVerifier() }
  expect(await refusalOf(exchange(notebook, wrongVerifier, returned))).toBe('invalid_grant')
  const elsewhere = new URL(`https://notebook.example/elsewhere${returned.search}`)
  expect(await refusalOf(exchange(notebook, errand, elsewhere))).toBe('invalid_grant')
  const another = await register(world, ada, { name: 'Another' })
  expect(await refusalOf(exchange(another, errand, returned))).toBe('invalid_grant')
  expect((await exchange(notebook, errand, returned)).access_token).toEqual(expect.any(String))

  const late = await errandOf(notebook)
  const returnedLate = await letIn(late, 'bob')
  world.advance(60_000)
  expect(await refusalOf(exchange(notebook, late, returnedLate))).toBe('invalid_grant')
})

it('sends an application on a computer back to whatever port it has', async () => {
  const phone = await register(world, ada, { confidential: false, name: 'On a phone' })
  const errand = await errandOf(phone, { redirect_uri: loopbackUri.replace('127.0.0.1', '127.0.0.1:53127') })
  const returned = await letIn(errand, 'carol')
  expect(returned.port).toBe('53127')
  const tokens = await exchange(phone, errand, returned)
  expect(tokens.claims()?.sub).toBe(carol.id)
  expect((await oauth.refreshTokenGrant(phone.config, tokens.refresh_token ?? '')).access_token).toEqual(
    expect.any(String),
  )
})

it('lets a confidential application act for itself, and no public one', async () => {
  const tokens = await oauth.clientCredentialsGrant(notebook.config, { scope: 'profile' })
  expect(decodeJwt(tokens.access_token)).toMatchObject({ sub: notebook.id, client_id: notebook.id, roles: [] })
  expect(decodeJwt(tokens.access_token).sid).toBeUndefined()
  expect(tokens.refresh_token).toBeUndefined()
  expect(await introspect(tokens.access_token)).toMatchObject({ active: true, sub: notebook.id })
  const asApplication = asToken(world, tokens.access_token)
  expect((await asApplication.query('{ me { id } }')).data.me).toBeNull()
  expect((await asApplication.query('mutation { enrollTotp { secret } }')).codes).toEqual(['FORBIDDEN'])
  await expect(userinfo(tokens.access_token)).rejects.toThrow('challenge')
  expect(await refusalOf(oauth.clientCredentialsGrant(notebook.config, { scope: 'openid' }))).toBe('invalid_scope')
  const phone = await register(world, ada, { confidential: false })
  expect(await refusalOf(oauth.clientCredentialsGrant(phone.config))).toBe('unauthorized_client')
})

it('knows applications by their secrets', async () => {
  const impostor = { ...notebook, config: await discover(world, notebook.id, 'not the secret') }
  expect(await refusalOf(oauth.clientCredentialsGrant(impostor.config))).toBe('invalid_client')
  const nobody = await discover(world, notebook.id, undefined)
  expect(await refusalOf(oauth.refreshTokenGrant(nobody, 'anything'))).toBe('invalid_client')
  const stranger = await discover(world, 'no-such-application', 'a secret')
  expect(await refusalOf(oauth.clientCredentialsGrant(stranger))).toBe('invalid_client')
  const inBody = await oauth.discovery(
    new URL(world.hosted().platform.config.issuerUrl),
    notebook.id,
    undefined,
    oauth.ClientSecretPost(notebook.secret),
    { execute: [oauth.allowInsecureRequests] },
  )
  expect((await oauth.clientCredentialsGrant(inBody)).access_token).toEqual(expect.any(String))
})

it('gives up a grant at the application’s word, and leaves others’ alone', async () => {
  const tokens = await grant(notebook, 'bob')
  const another = await register(world, ada, { name: 'Another' })
  await oauth.tokenRevocation(another.config, tokens.refresh_token ?? '')
  expect((await introspect(tokens.access_token)).active).toBe(true)
  await oauth.tokenRevocation(notebook.config, 'not a token')
  await oauth.tokenRevocation(notebook.config, tokens.refresh_token ?? '')
  expect(await refusalOf(oauth.refreshTokenGrant(notebook.config, tokens.refresh_token ?? ''))).toBe('invalid_grant')
  expect((await introspect(tokens.access_token)).active).toBe(false)
  await expect(userinfo(tokens.access_token)).rejects.toThrow('challenge')
})

it('tells an application about its own tokens only', async () => {
  const tokens = await grant(notebook, 'bob')
  const another = await register(world, ada, { name: 'Another' })
  expect(await introspect(tokens.access_token, another)).toEqual({ active: false })
  expect(await introspect(ada.accessToken)).toEqual({ active: false })
  expect(await introspect(tokens.refresh_token ?? '')).toMatchObject({ active: true, token_type: 'refresh_token' })
  world.advance(15 * 60_000)
  expect(await introspect(tokens.access_token)).toEqual({ active: false })
})

it('answers applications in browsers of other origins, and says how to bring a token', async () => {
  const { url } = world.hosted()
  const origin = 'https://notebook.example'
  const preflight = await fetch(new URL('/oauth/token', url), { method: 'OPTIONS', headers: { origin } })
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
  const anonymous = await fetch(new URL('/oauth/userinfo', url))
  expect(anonymous.status).toBe(401)
  expect(anonymous.headers.get('www-authenticate')).toBe('Bearer realm="codai"')
  const wrong = await fetch(new URL('/oauth/userinfo', url), { headers: { authorization: 'Bearer nonsense' } })
  expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"')
  const json = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  expect([json.status, await json.json()]).toEqual([400, expect.objectContaining({ error: 'invalid_request' })])
  const token = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('nobody:secret').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  })
  expect([token.status, token.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="codai"'])
  expect(token.headers.get('cache-control')).toBe('no-store')
  const page = await fetch(new URL('/oauth/authorize', url), { headers: { origin } })
  expect(page.headers.get('access-control-allow-origin')).toBeNull()
})
