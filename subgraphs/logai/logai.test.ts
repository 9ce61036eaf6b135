import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPassword, demoPeople } from '../_kit/index.ts'
import { startWorld, testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { codeOf, enrol, openSessions, signInAs, signInMutation, signUpAs, signUpMutation } from './logai.fixture.ts'
import { demoOAuthClientId, demoSessionId } from './seed.ts'
import logai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const newPassword = 'quite another password'

const withSessions = async (world: TestWorld): Promise<Record<string, unknown>> => {
  await openSessions(world, ada, bob, carol)
  return {}
}

/** A person with a second factor who has signed in with the password, and a recovery code. */
const challenged = async (world: TestWorld, handle: string): Promise<{ challenge: string; code: string }> => {
  const person = await signUpAs(world, handle)
  const { codes } = await enrol(world, person.client)
  const { data } = await world.asAnonymous().query(signInMutation, { input: { handle, password: demoPassword } })
  return { challenge: data.signIn.challenge, code: codes[0] ?? '' }
}

/** A fresh second factor of a demo person, and a code of it that was not used yet. */
const factorCode = async (world: TestWorld, person: typeof bob | typeof carol): Promise<{ code: string }> => {
  await openSessions(world, person)
  const client = await world.hosted().platform.relational()
  await client.totpFactor.deleteMany({ where: { userId: person.id } })
  const { secret } = await enrol(world, world.as(person))
  return { code: codeOf(world, secret, 1) }
}

const application = {
  name: 'Notebook',
  redirectUris: ['https://notebook.example/callback', 'http://127.0.0.1/callback'],
  scopes: ['openid', 'profile'],
  confidential: true,
}

testConformance(logai, {
  entities: {
    User: { keys: [{ id: ada.id }, { id: bob.id }] },
    Session: { keys: [{ id: demoSessionId }], visibleTo: ada },
    OAuthClient: { keys: [{ id: demoOAuthClientId }], visibleTo: ada },
  },
  mutations: {
    signUp: {
      anyone: true,
      stranger: 'OWN',
      arguments: { input: { handle: 'edsger', email: 'edsger@example.org', password: 'goto is harmful' } },
      bad: [
        { handle: 'ed' },
        { handle: 'a'.repeat(31) },
        { handle: 'ed sger' },
        { handle: 'édsger' },
        { email: 'edsger' },
        { email: `${'e'.repeat(250)}@example.org` },
        { password: 'too short' },
        { password: 'x'.repeat(201) },
        { password: 'PassWord1234' },
        { handle: 'edsger_dijkstra', password: 'Edsger_Dijkstra' },
      ]
        .map((change) => ({
          arguments: { input: { handle: 'edsger2', email: 'e@example.org', password: 'goto is harmful', ...change } },
          code: 'BAD_USER_INPUT',
        }))
        .concat({
          arguments: { input: { handle: 'ADA', email: 'e@example.org', password: 'goto is harmful' } },
          code: 'ALREADY_EXISTS',
        }),
    },
    signIn: {
      anyone: true,
      stranger: 'OWN',
      arguments: { input: { handle: 'Ada', password: demoPassword } },
      bad: [
        { arguments: { input: { handle: 'ada', password: 'not the password' } }, code: 'INVALID_CREDENTIALS' },
        { arguments: { input: { handle: 'nobody', password: demoPassword } }, code: 'INVALID_CREDENTIALS' },
        { arguments: { input: { handle: 'market_maker', password: demoPassword } }, code: 'INVALID_CREDENTIALS' },
      ],
    },
    answerMfaChallenge: {
      anyone: true,
      stranger: 'OWN',
      arguments: async (world) => ({
        input: await challenged(world, `person_${world.hosted().platform.newId().slice(-20)}`),
      }),
      bad: [
        { arguments: { input: { challenge: 'no such challenge', code: '123456' } }, code: 'INVALID_CREDENTIALS' },
        {
          arguments: async (world) => ({ input: { ...(await challenged(world, 'person_1')), code: 'no such code' } }),
          code: 'INVALID_CREDENTIALS',
        },
      ],
    },
    refresh: {
      anyone: true,
      stranger: 'OWN',
      arguments: async (world) => ({ refreshToken: (await signInAs(world, 'ada')).refreshToken }),
      bad: [{ arguments: { refreshToken: 'no such token' }, code: 'UNAUTHENTICATED' }],
    },
    signOut: { stranger: 'OWN', arguments: withSessions, bad: [] },
    revokeSession: {
      stranger: 'NOT_FOUND',
      arguments: async (world) => {
        await withSessions(world)
        return { session: (await signInAs(world, 'ada')).sessionId }
      },
      bad: [
        { arguments: async (world) => ({ ...(await withSessions(world)), session: 'unknown' }), code: 'NOT_FOUND' },
      ],
    },
    changePassword: {
      as: carol,
      stranger: 'OWN',
      arguments: async (world) => ({
        ...(await withSessions(world)),
        input: { currentPassword: demoPassword, newPassword },
      }),
      bad: [
        {
          arguments: async (world) => ({
            ...(await withSessions(world)),
            input: { currentPassword: 'not the password', newPassword },
          }),
          code: 'INVALID_CREDENTIALS',
        },
        {
          arguments: async (world) => ({
            ...(await withSessions(world)),
            input: { currentPassword: demoPassword, newPassword: '1234567890' },
          }),
          code: 'BAD_USER_INPUT',
        },
      ],
    },
    enrollTotp: { stranger: 'OWN', arguments: withSessions, bad: [] },
    confirmTotp: {
      stranger: 'OWN',
      arguments: async (world) => {
        await withSessions(world)
        const { data } = await world.as(ada).query('mutation { enrollTotp { secret } }')
        return { code: codeOf(world, data.enrollTotp.secret) }
      },
      bad: [
        {
          arguments: async (world) => {
            await withSessions(world)
            await world.as(ada).query('mutation { enrollTotp { secret } }')
            return { code: 'no code' }
          },
          code: 'INVALID_CREDENTIALS',
        },
      ],
    },
    recoveryCodes: {
      as: bob,
      stranger: 'OWN',
      arguments: (world) => factorCode(world, bob),
      bad: [
        {
          arguments: async (world) => ({ ...(await factorCode(world, bob)), code: '12345' }),
          code: 'INVALID_CREDENTIALS',
        },
      ],
    },
    disableTotp: {
      as: bob,
      stranger: 'OWN',
      arguments: (world) => factorCode(world, bob),
      bad: [
        {
          arguments: async (world) => ({ ...(await factorCode(world, bob)), code: 'no such recovery code' }),
          code: 'INVALID_CREDENTIALS',
        },
      ],
    },
    createOAuthClient: {
      stranger: 'OWN',
      arguments: async (world) => ({ ...(await withSessions(world)), input: application }),
      bad: [
        { name: ' ' },
        { name: 'x'.repeat(81) },
        { redirectUris: [] },
        { redirectUris: Array.from({ length: 11 }, (_, index) => `https://notebook.example/${index}`) },
        { redirectUris: ['/callback'] },
        { redirectUris: ['http://notebook.example/callback'] },
        { redirectUris: ['javascript:alert(1)//'] },
        { redirectUris: ['https://notebook.example/callback#fragment'] },
        { redirectUris: ['https://user:secret@notebook.example/callback'] },
        { scopes: ['openid', 'everything'] },
      ].map((change) => ({
        arguments: async (world: TestWorld) => ({
          ...(await withSessions(world)),
          input: { ...application, ...change },
        }),
        code: 'BAD_USER_INPUT',
      })),
    },
    deleteOAuthClient: {
      stranger: 'NOT_FOUND',
      arguments: async (world) => {
        await withSessions(world)
        const created = await world
          .as(ada)
          .query(`mutation ($input: CreateOAuthClientInput!) { createOAuthClient(input: $input) { client { id } } }`, {
            input: application,
          })
        return { client: created.data.createOAuthClient.client.id }
      },
      bad: [{ arguments: async (world) => ({ ...(await withSessions(world)), client: 'unknown' }), code: 'NOT_FOUND' }],
    },
  },
  subscriptions: { sessionRevoked: { stranger: 'OWN', arguments: {} } },
})

describe('signing up and in', () => {
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
})
