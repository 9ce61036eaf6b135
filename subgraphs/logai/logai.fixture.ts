import { decodeJwt } from 'jose'
import { generateSync } from 'otplib'
import { demoPassword } from '../_kit/index.ts'
import type { DemoPerson } from '../_kit/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'

type Client = ReturnType<TestWorld['asAnonymous']>

/** Somebody who has signed in: acts as the gateway lets the access token act. */
export type SignedIn = {
  client: Client
  user: { id: string; handle: string }
  sessionId: string
  accessToken: string
  refreshToken: string
}

export const signUpMutation = `mutation ($input: SignUpInput!) {
  signUp(input: $input) { accessToken refreshToken user { id handle } }
}`
export const signInMutation = `mutation ($input: SignInInput!) {
  signIn(input: $input) {
    __typename
    ... on SignInSuccess { accessToken refreshToken user { id handle } }
    ... on MfaChallenge { challenge expiresAt }
  }
}`
export const answerMutation = `mutation ($input: AnswerMfaChallengeInput!) {
  answerMfaChallenge(input: $input) { accessToken refreshToken user { id handle } }
}`
export const refreshMutation = `mutation ($token: String!) {
  refresh(refreshToken: $token) { accessToken refreshToken user { id handle } }
}`

/** A caller as the gateway reads an access token. */
export const asToken = (world: TestWorld, accessToken: string): Client => {
  const { sub = '', sid, roles, scope, exp } = decodeJwt(accessToken)
  return world.asIdentity({
    kind: 'user',
    userId: sub,
    sessionId: typeof sid === 'string' ? sid : undefined,
    roles: roles as string[],
    scopes: String(scope).split(' ').filter(Boolean),
    expiresAt: exp,
    address: '127.0.0.1',
  })
}

/** Takes an answer with tokens for somebody who has signed in. */
export const signedIn = (
  world: TestWorld,
  success: { accessToken: string; refreshToken: string; user: { id: string; handle: string } },
): SignedIn => ({
  client: asToken(world, success.accessToken),
  user: success.user,
  sessionId: String(decodeJwt(success.accessToken).sid),
  accessToken: success.accessToken,
  refreshToken: success.refreshToken,
})

/** Signs in with handle and password, which must succeed. */
export const signInAs = async (world: TestWorld, handle: string, password = demoPassword): Promise<SignedIn> => {
  const { data } = await world.asAnonymous().query(signInMutation, { input: { handle, password } })
  return signedIn(world, data.signIn)
}

/** Creates an account with the demo password, which must succeed. */
export const signUpAs = async (world: TestWorld, handle: string): Promise<SignedIn> => {
  const input = { handle, email: `${handle}@example.org`, password: demoPassword }
  const { data } = await world.asAnonymous().query(signUpMutation, { input })
  return signedIn(world, data.signUp)
}

/** What an authenticator application shows, `steps` of 30 seconds from now. */
export const codeOf = (world: TestWorld, secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(world.hosted().platform.now().getTime() / 1000) + steps * 30 })

/** Enrols an authenticator application. Answers its secret and the recovery codes; the code of this moment is used up. */
export const enrol = async (world: TestWorld, client: Client): Promise<{ secret: string; codes: string[] }> => {
  const begun = await client.query('mutation { enrollTotp { secret } }')
  const { secret } = begun.data.enrollTotp
  const confirmed = await client.query('mutation ($code: String!) { confirmTotp(code: $code) { codes } }', {
    code: codeOf(world, secret),
  })
  return { secret, codes: confirmed.data.confirmTotp.codes }
}

/** Gives people the very session that `world.as` says they are in. */
export const openSessions = async (world: TestWorld, ...people: readonly DemoPerson[]): Promise<void> => {
  const { platform } = world.hosted()
  const client = await platform.relational()
  const createdAt = platform.now()
  const expiresAt = new Date(createdAt.getTime() + 3_600_000)
  for (const { id: userId } of people) {
    const id = `session-of-${userId}`
    const data = { userId, createdAt, lastUsedAt: createdAt, expiresAt, revokedAt: null, revokedReason: null }
    await client.session.upsert({ where: { id }, create: { id, ...data }, update: data })
  }
}
