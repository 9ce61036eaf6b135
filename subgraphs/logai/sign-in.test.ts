import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPassword, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { signInAs, signInMutation, signUpAs, signUpMutation } from './logai.fixture.ts'
import logai from './subgraph.ts'

const { ada, bob } = demoPeople

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([logai])
})
afterAll(() => world?.stop())

it('signs a person up, and shows the person to herself alone', async () => {
  const input = { handle: 'Grace', email: 'grace@example.org', password: 'a compiler for us' }
  const { data, codes } = await world.asAnonymous().query(signUpMutation, { input })
  expect(codes).toEqual([])
  const { user } = data.signUp
  expect(user.handle).toBe('Grace')
  const own = await world.as(user).query('{ me { handle email roles mfa { totp recoveryCodesLeft } } }')
  expect(own.data.me).toEqual({
    handle: 'Grace',
    email: 'grace@example.org',
    roles: ['MEMBER'],
    mfa: { totp: false, recoveryCodesLeft: 0 },
  })
  const fields = 'email roles mfa { totp } sessions { edges { cursor } } oauthClients { edges { cursor } }'
  const others = await world.as(bob).query(`{ user(handle: "GRACE") { id ${fields} } }`)
  expect(others.data.user).toEqual({
    id: user.id,
    email: null,
    roles: null,
    mfa: null,
    sessions: null,
    oauthClients: null,
  })
  expect(others.codes).toEqual(Array.from({ length: 5 }, () => 'FORBIDDEN'))
  const administrators = await world.asAdmin().query(`{ user(handle: "grace") { email roles } }`)
  expect(administrators.data.user).toEqual({ email: 'grace@example.org', roles: ['MEMBER'] })
})

it('keeps handles unique without regard to case, also for two who come at once', async () => {
  const answers = await Promise.all(
    ['Barbara', 'BARBARA', 'barbara'].map((handle) =>
      world.asAnonymous().query(signUpMutation, {
        input: { handle, email: 'barbara@example.org', password: 'substitution principle' },
      }),
    ),
  )
  expect(answers.flatMap(({ codes }) => codes)).toEqual(['ALREADY_EXISTS', 'ALREADY_EXISTS'])
})

it('says "me" to nobody for nobody', async () => {
  const { data, codes } = await world.asAnonymous().query('{ me { id } user(handle: "nobody") { id } }')
  expect(data).toEqual({ me: null, user: null })
  expect(codes).toEqual([])
})

it('finds people by their handles in one call', async () => {
  const find = 'query ($handles: [String!]!) { usersByHandles(handles: $handles) { id } }'
  const before = world.storeCalls()
  const { data } = await world.asService('sociai').query(find, { handles: ['ADA', 'nobody', 'bob', 'Ada'] })
  expect(world.storeCalls() - before).toBe(1)
  expect(data.usersByHandles.map(({ id }: { id: string }) => id).toSorted()).toEqual([ada.id, bob.id].toSorted())
  const tooMany = await world.asAnonymous().query(find, { handles: Array.from({ length: 51 }, String) })
  expect(tooMany.codes).toEqual(['BAD_USER_INPUT'])
})

it('gives access tokens of 15 minutes that the published keys verify', async () => {
  const { accessToken, sessionId } = await signInAs(world, 'ADMIN')
  const { url, platform } = world.hosted()
  const keys = createRemoteJWKSet(new URL('/jwks.json', url))
  const { payload, protectedHeader } = await jwtVerify(accessToken, keys, {
    issuer: platform.config.issuerUrl,
    audience: 'codai',
    algorithms: ['ES256'],
  })
  expect(protectedHeader.kid).toEqual(expect.any(String))
  expect(payload).toMatchObject({
    sub: demoPeople.admin.id,
    sid: sessionId,
    roles: ['MEMBER', 'ADMIN'],
    scope: '',
    jti: expect.any(String),
  })
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(15 * 60)
})

it('gives the same answer to a wrong handle, a wrong password and an account without one', async () => {
  const answers = await Promise.all(
    [
      { handle: 'carol', password: 'not the password' },
      { handle: 'nobody', password: 'not the password' },
      { handle: 'market_maker', password: demoPassword },
    ].map((input) => world.asAnonymous().query(signInMutation, { input })),
  )
  const [first, ...others] = answers
  expect(first?.codes).toEqual(['INVALID_CREDENTIALS'])
  for (const other of others) expect(other.errors).toEqual(first?.errors)
})

it('tells the rest of the system who signed up', async () => {
  const { user } = await signUpAs(world, 'hedy')
  const client = await world.hosted().platform.relational()
  const told = await client.$queryRaw<{ key: string; payload: unknown }[]>`
    SELECT "key", "payload" FROM "events"."outbox" WHERE "type" = 'logai.userSignedUp' AND "key" = ${user.id}`
  expect(told).toEqual([{ key: user.id, payload: { userId: user.id, handle: 'hedy' } }])
})
