import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoPassword } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { answerMutation, codeOf, enrol, signInMutation, signUpAs } from './logai.fixture.ts'
import logai from './subgraph.ts'

let world: TestWorld
beforeAll(async () => {
  // The clock stands still, but for `advance`: what an application shows must not change under a slow test.
  vi.useFakeTimers({ toFake: ['Date'] })
  world = await startWorld([logai])
})
afterAll(async () => {
  await world?.stop()
  vi.useRealTimers()
})

const stepMs = 30_000

/** What a right password gives to an account with a second factor. */
const challengeOf = async (handle: string): Promise<string> => {
  const { data } = await world.asAnonymous().query(signInMutation, { input: { handle, password: demoPassword } })
  expect(data.signIn.__typename).toBe('MfaChallenge')
  return data.signIn.challenge
}
const answer = (challenge: string, code: string) =>
  world.asAnonymous().query(answerMutation, { input: { challenge, code } })

it('asks for a code from its enrolment on, and never takes one twice', async () => {
  const person = await signUpAs(world, 'careful')
  const { secret } = await enrol(world, person.client)
  expect((await person.client.query('{ me { mfa { totp recoveryCodesLeft } } }')).data.me.mfa).toEqual({
    totp: true,
    recoveryCodesLeft: 10,
  })
  const challenge = await challengeOf('careful')
  expect((await answer(challenge, codeOf(world, secret))).codes).toEqual(['INVALID_CREDENTIALS'])
  world.advance(stepMs)
  const code = codeOf(world, secret)
  const { data, codes } = await answer(challenge, code)
  expect(codes).toEqual([])
  expect(data.answerMfaChallenge.user.handle).toBe('careful')
  expect((await answer(challenge, codeOf(world, secret, 1))).codes).toEqual(['INVALID_CREDENTIALS'])
  expect((await answer(await challengeOf('careful'), code)).codes).toEqual(['INVALID_CREDENTIALS'])
})

it('takes a code one step early or late, and no further', async () => {
  const person = await signUpAs(world, 'slow_typist')
  const { secret } = await enrol(world, person.client)
  world.advance(10 * stepMs)
  expect((await answer(await challengeOf('slow_typist'), codeOf(world, secret, -2))).codes).toEqual([
    'INVALID_CREDENTIALS',
  ])
  expect((await answer(await challengeOf('slow_typist'), codeOf(world, secret, 2))).codes).toEqual([
    'INVALID_CREDENTIALS',
  ])
  expect((await answer(await challengeOf('slow_typist'), codeOf(world, secret, -1))).codes).toEqual([])
  expect((await answer(await challengeOf('slow_typist'), codeOf(world, secret, 1))).codes).toEqual([])
})

it('lets one of two in who answer with the same code at once', async () => {
  const person = await signUpAs(world, 'two_hands')
  const { secret } = await enrol(world, person.client)
  world.advance(stepMs)
  const challenges = [await challengeOf('two_hands'), await challengeOf('two_hands')]
  const code = codeOf(world, secret)
  const answers = await Promise.all(challenges.map((challenge) => answer(challenge, code)))
  expect(answers.flatMap(({ codes }) => codes)).toEqual(['INVALID_CREDENTIALS'])
})

it('takes each recovery code once, however it is typed', async () => {
  const person = await signUpAs(world, 'lost_it')
  const { codes } = await enrol(world, person.client)
  expect(new Set(codes).size).toBe(10)
  const [first = '', second = ''] = codes
  expect((await answer(await challengeOf('lost_it'), first.toUpperCase().replaceAll('-', ' '))).codes).toEqual([])
  expect((await answer(await challengeOf('lost_it'), first)).codes).toEqual(['INVALID_CREDENTIALS'])
  expect((await answer(await challengeOf('lost_it'), second)).codes).toEqual([])
  expect((await person.client.query('{ me { mfa { recoveryCodesLeft } } }')).data.me.mfa.recoveryCodesLeft).toBe(8)
})

it('keeps recovery codes to the person they were given to', async () => {
  const one = await signUpAs(world, 'one_person')
  const other = await signUpAs(world, 'other_person')
  const { codes } = await enrol(world, one.client)
  await enrol(world, other.client)
  expect((await answer(await challengeOf('other_person'), codes[0] ?? '')).codes).toEqual(['INVALID_CREDENTIALS'])
})

it('ends a challenge after five tries, even for the right code, and a new one begins', async () => {
  const person = await signUpAs(world, 'guessed_at')
  const { codes } = await enrol(world, person.client)
  const challenge = await challengeOf('guessed_at')
  for (let tries = 0; tries < 5; tries += 1) {
    expect((await answer(challenge, 'no such code')).codes).toEqual(['INVALID_CREDENTIALS'])
  }
  expect((await answer(challenge, codes[0] ?? '')).codes).toEqual(['RATE_LIMITED'])
  expect((await answer(await challengeOf('guessed_at'), codes[0] ?? '')).codes).toEqual([])
})

it('does not let new challenges be a way to endless tries', async () => {
  const person = await signUpAs(world, 'guessed_at_more')
  const { codes } = await enrol(world, person.client)
  // Each round costs the account two of its ten tries: the password, and the code.
  for (let round = 0; round < 5; round += 1) {
    expect((await answer(await challengeOf('guessed_at_more'), 'no such code')).codes).toEqual(['INVALID_CREDENTIALS'])
  }
  const input = { handle: 'guessed_at_more', password: demoPassword }
  expect((await world.asAnonymous().query(signInMutation, { input })).codes).toEqual(['RATE_LIMITED'])
  expect(codes).toHaveLength(10)
})

it('ends a challenge after five minutes', async () => {
  const person = await signUpAs(world, 'went_away')
  const { codes } = await enrol(world, person.client)
  const challenge = await challengeOf('went_away')
  world.advance(5 * 60_000)
  expect((await answer(challenge, codes[0] ?? '')).codes).toEqual(['INVALID_CREDENTIALS'])
})

it('begins an enrolment anew until it is completed, and then only after it was removed', async () => {
  const person = await signUpAs(world, 'starts_over')
  const begin = 'mutation { enrollTotp { secret uri } }'
  const confirm = 'mutation ($code: String!) { confirmTotp(code: $code) { codes } }'
  const first = (await person.client.query(begin)).data.enrollTotp
  const second = (await person.client.query(begin)).data.enrollTotp
  expect(second.secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(second.uri).toMatch(new RegExp(`^otpauth://totp/Codai:starts_over\\?.*secret=${second.secret}`))
  expect((await person.client.query(confirm, { code: codeOf(world, first.secret) })).codes).toEqual([
    'INVALID_CREDENTIALS',
  ])
  expect((await person.client.query('{ me { mfa { totp } } }')).data.me.mfa.totp).toBe(false)
  expect((await person.client.query(confirm, { code: codeOf(world, second.secret) })).codes).toEqual([])
  expect((await person.client.query(begin)).codes).toEqual(['CONFLICT'])
  expect((await person.client.query(confirm, { code: codeOf(world, second.secret) })).codes).toEqual(['CONFLICT'])
})

it('replaces recovery codes for a code of the application, and for no recovery code', async () => {
  const person = await signUpAs(world, 'prints_again')
  const { secret, codes } = await enrol(world, person.client)
  const replace = 'mutation ($code: String!) { recoveryCodes(code: $code) { codes } }'
  expect((await person.client.query(replace, { code: codes[0] })).codes).toEqual(['INVALID_CREDENTIALS'])
  world.advance(stepMs)
  const { data } = await person.client.query(replace, { code: codeOf(world, secret) })
  expect((await answer(await challengeOf('prints_again'), codes[0] ?? '')).codes).toEqual(['INVALID_CREDENTIALS'])
  expect((await answer(await challengeOf('prints_again'), data.recoveryCodes.codes[0])).codes).toEqual([])
})

it('removes the second factor for a code, and asks for none after that', async () => {
  const person = await signUpAs(world, 'trusts_again')
  const { codes } = await enrol(world, person.client)
  const disable = 'mutation ($code: String!) { disableTotp(code: $code) { mfa { totp recoveryCodesLeft } } }'
  expect((await person.client.query(disable, { code: '000000' })).codes).toEqual(['INVALID_CREDENTIALS'])
  const { data } = await person.client.query(disable, { code: codes[0] })
  expect(data.disableTotp.mfa).toEqual({ totp: false, recoveryCodesLeft: 0 })
  const input = { handle: 'trusts_again', password: demoPassword }
  const signedIn = await world.asAnonymous().query(signInMutation, { input })
  expect(signedIn.data.signIn.__typename).toBe('SignInSuccess')
  expect((await person.client.query(disable, { code: codes[1] })).codes).toEqual(['CONFLICT'])
})

it('keeps the secret sealed, and opens it after a restart', async () => {
  const person = await signUpAs(world, 'sealed')
  const { secret } = await enrol(world, person.client)
  const client = await world.hosted().platform.relational()
  const row = await client.totpFactor.findUniqueOrThrow({ where: { userId: person.user.id } })
  expect(row.secret).not.toContain(secret)
  await world.restart()
  world.advance(stepMs)
  expect((await answer(await challengeOf('sealed'), codeOf(world, secret))).codes).toEqual([])
})
