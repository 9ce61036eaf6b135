import { demoPassword, demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { codeOf, enrol, openSessions, signInAs, signInMutation, signUpAs } from './logai.fixture.ts'
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
