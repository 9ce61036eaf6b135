import { afterEach, beforeEach, expect, it } from 'vitest'
import { demoPassword } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { signInAs, signInMutation, signUpMutation } from './logai.fixture.ts'
import logai from './subgraph.ts'

let world: TestWorld
beforeEach(async () => {
  world = await startWorld([logai])
})
afterEach(() => world?.stop())

const from = (address: string) => world.asIdentity({ kind: 'anonymous', address })
const signIn = (address: string, handle: string, password: string) =>
  from(address).query(signInMutation, { input: { handle, password } })

it('stops guessing at an account after ten tries from wherever, and says when to come back', async () => {
  for (const handle of ['ada', 'does_not_exist']) {
    const codes: string[] = []
    for (let tries = 0; tries < 10; tries += 1) {
      codes.push(...(await signIn(`192.0.2.${tries}`, handle, 'not the password')).codes)
    }
    expect(new Set(codes)).toEqual(new Set(['INVALID_CREDENTIALS']))
    const refused = await signIn('198.51.100.7', handle.toUpperCase(), demoPassword)
    expect(refused.codes).toEqual(['RATE_LIMITED'])
    expect(refused.errors?.[0]?.extensions?.['retryAfterSeconds']).toBeGreaterThan(0)
  }
  expect((await signIn('198.51.100.7', 'bob', demoPassword)).codes).toEqual([])
})

it('forgives wrong tries when the right password comes', async () => {
  for (let round = 0; round < 3; round += 1) {
    for (let tries = 0; tries < 9; tries += 1) await signIn('192.0.2.1', 'bob', 'not the password')
    expect((await signInAs(world, 'bob')).user.handle).toBe('bob')
  }
})

it('stops an address that tries one account after the other', async () => {
  const answers = await Promise.all(
    Array.from({ length: 101 }, (_, index) => signIn('192.0.2.1', `account_${index}`, 'not the password')),
  )
  const codes = answers.map(({ codes }) => codes[0])
  expect(codes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(100)
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(1)
  expect((await signIn('192.0.2.2', 'ada', demoPassword)).codes).toEqual([])
})

it('lets an address open twenty accounts in an hour', async () => {
  const answers = await Promise.all(
    Array.from({ length: 21 }, (_, index) =>
      from('192.0.2.1').query(signUpMutation, {
        input: { handle: `account_${index}`, email: 'many@example.org', password: demoPassword },
      }),
    ),
  )
  expect(answers.flatMap(({ codes }) => codes)).toEqual(['RATE_LIMITED'])
})
