import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPassword, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import logai from './subgraph.ts'

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([logai])
})
afterAll(() => world?.stop())

const signUp = `mutation ($input: SignUpInput!) {
  signUp(input: $input) { accessToken accessTokenExpiresAt refreshToken user { id handle } }
}`
const signIn = `mutation ($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignInSuccess { accessToken refreshToken user { id handle } } }
}`
const refresh = 'mutation ($token: String!) { refresh(refreshToken: $token) { accessToken refreshToken } }'

it('signs a person up, and shows the person to herself alone', async () => {
  const input = { handle: 'Grace', email: 'grace@example.org', password: 'a compiler for us' }
  const { data, codes } = await world.asAnonymous().query(signUp, { input })
  expect(codes).toEqual([])
  const { user } = data.signUp
  expect(user.handle).toBe('Grace')
  const own = await world.as(user).query('{ me { handle email roles } }')
  expect(own.data.me).toEqual({ handle: 'Grace', email: 'grace@example.org', roles: ['MEMBER'] })
  const others = await world.as(demoPeople.bob).query('{ user(handle: "GRACE") { id email } }')
  expect(others.data.user).toEqual({ id: user.id, email: null })
  expect(others.codes).toEqual(['FORBIDDEN'])
})

it('gives access tokens that the published keys verify', async () => {
  const { data } = await world.asAnonymous().query(signIn, { input: { handle: 'ADA', password: demoPassword } })
  const { url, platform } = world.hosted()
  const keys = createRemoteJWKSet(new URL('/jwks.json', url))
  const { payload } = await jwtVerify(data.signIn.accessToken, keys, {
    issuer: platform.config.issuerUrl,
    audience: 'codai',
    algorithms: ['ES256'],
  })
  expect(payload).toMatchObject({ sub: demoPeople.ada.id, roles: ['MEMBER'], scope: '', sid: expect.any(String) })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(15 * 60)
})

it('ends the whole session when a refresh token is used twice', async () => {
  const anonymous = world.asAnonymous()
  const { data } = await anonymous.query(signIn, { input: { handle: 'bob', password: demoPassword } })
  const first = data.signIn.refreshToken
  const renewed = await anonymous.query(refresh, { token: first })
  expect(renewed.codes).toEqual([])
  const second = renewed.data.refresh.refreshToken
  expect((await anonymous.query(refresh, { token: first })).codes).toEqual(['TOKEN_REUSED'])
  expect((await anonymous.query(refresh, { token: second })).codes).toEqual(['TOKEN_REUSED'])
})

it('gives the same answer to a wrong handle and a wrong password', async () => {
  const anonymous = world.asAnonymous()
  const wrongPassword = await anonymous.query(signIn, { input: { handle: 'carol', password: 'not the password' } })
  const wrongHandle = await anonymous.query(signIn, { input: { handle: 'nobody', password: 'not the password' } })
  expect(wrongPassword.codes).toEqual(['INVALID_CREDENTIALS'])
  expect(wrongHandle.errors).toEqual(wrongPassword.errors)
})
