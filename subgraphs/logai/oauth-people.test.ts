import * as oauth from 'openid-client'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { asToken, signInAs } from './logai.fixture.ts'
import type { SignedIn } from './logai.fixture.ts'
import { errandOf, exchange, grant, letIn, refusalOf, register } from './oauth.fixture.ts'
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

it('shows the person where applications were let in, and lets the person end it', async () => {
  const tokens = await grant(notebook, 'carol')
  const { client } = await signInAs(world, 'carol')
  const { data } = await client.query('{ me { sessions { edges { node { id client { name } } } } } }')
  const nodes: { id: string; client: { name: string } | null }[] = data.me.sessions.edges.map(
    ({ node }: { node: unknown }) => node,
  )
  const session = nodes.find((node) => node.client?.name === 'Notebook')
  await client.query('mutation ($id: ID!) { revokeSession(session: $id) { id } }', { id: session?.id })
  expect(await refusalOf(oauth.refreshTokenGrant(notebook.config, tokens.refresh_token ?? ''))).toBe('invalid_grant')
})

it('lets applications see and do what their scopes say, and never change an account', async () => {
  const errand = await errandOf(notebook, { scope: 'openid offline_access' })
  const modest = await exchange(notebook, errand, await letIn(errand, 'admin'))
  expect(decodeJwt(modest.access_token)['roles']).toEqual(['MEMBER'])
  const client = asToken(world, modest.access_token)
  const { data, codes } = await client.query('{ me { handle email roles } }')
  expect(data.me).toEqual({ handle: 'admin', email: null, roles: null })
  expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  expect((await client.query('mutation { signOut { id } }')).codes).toEqual(['FORBIDDEN'])
  expect((await (await client.subscribe('subscription { sessionRevoked { id } }')).next()).codes).toEqual(['FORBIDDEN'])
  const trusted = asToken(world, (await grant(notebook, 'bob')).access_token)
  expect((await trusted.query('{ me { email } }')).data.me.email).toBe('bob@example.org')
  const refresh = 'mutation ($token: String!) { refresh(refreshToken: $token) { accessToken } }'
  expect((await client.query(refresh, { token: modest.refresh_token })).codes).toEqual(['UNAUTHENTICATED'])
  expect((await oauth.refreshTokenGrant(notebook.config, modest.refresh_token ?? '')).scope).toBe(
    'openid offline_access',
  )
})

it('stops renewing what was given to an application that is removed', async () => {
  const shortLived = await register(world, ada, { name: 'Short-lived' })
  const tokens = await grant(shortLived, 'bob')
  const listed = '{ me { oauthClients { edges { node { id name confidential owner { handle } } } } } }'
  const before = await ada.client.query(listed)
  expect(before.data.me.oauthClients.edges[0].node).toEqual({
    id: shortLived.id,
    name: 'Short-lived',
    confidential: true,
    owner: { handle: 'ada' },
  })
  const stream = await world.as(bob).subscribe('subscription { sessionRevoked { revokedReason client { id } } }')
  const remove = 'mutation ($id: ID!) { deleteOAuthClient(client: $id) { name } }'
  expect((await ada.client.query(remove, { id: shortLived.id })).data.deleteOAuthClient.name).toBe('Short-lived')
  expect((await stream.next()).data.sessionRevoked).toEqual({
    revokedReason: 'REVOKED',
    client: { id: shortLived.id },
  })
  await stream.stop()
  expect((await ada.client.query(remove, { id: shortLived.id })).codes).toEqual(['NOT_FOUND'])
  const after = await ada.client.query(listed)
  expect(after.data.me.oauthClients.edges[0].node.id).not.toBe(shortLived.id)
  const renewal = oauth.refreshTokenGrant(shortLived.config, tokens.refresh_token ?? '')
  expect(await refusalOf(renewal)).toBe('invalid_client')
  const { data } = await ada.client.query('query ($token: String!) { introspectToken(token: $token) { active } }', {
    token: tokens.access_token,
  })
  expect(data.introspectToken).toEqual({ active: false })
})

it('tells people and administrators what a token is worth, and strangers nothing', async () => {
  const tokens = await grant(notebook, 'bob')
  const ask = `query ($token: String!) {
    introspectToken(token: $token) { active scopes expiresAt user { handle } client { name } }
  }`
  const own = await world.as(bob).query(ask, { token: tokens.access_token })
  expect(own.data.introspectToken).toEqual({
    active: true,
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    expiresAt: expect.any(String),
    user: { handle: 'bob' },
    client: { name: 'Notebook' },
  })
  expect((await world.asAdmin().query(ask, { token: tokens.refresh_token })).data.introspectToken.active).toBe(true)
  const inactive = { active: false, scopes: null, expiresAt: null, user: null, client: null }
  expect((await world.as(carol).query(ask, { token: tokens.access_token })).data.introspectToken).toEqual(inactive)
  expect((await world.as(bob).query(ask, { token: 'not a token' })).data.introspectToken).toEqual(inactive)
  expect((await world.asAnonymous().query(ask, { token: tokens.access_token })).codes).toEqual(['UNAUTHENTICATED'])
})
