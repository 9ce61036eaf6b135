import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createIdentitySigner, createIdentityVerifier, isAdmin } from './identity.ts'
import type { Identity } from './identity.ts'

const secret = 'a secret of the test, longer than thirty-two characters'
const signer = createIdentitySigner({ secret, issuer: 'gateway' })
const ada: Identity = { kind: 'user', userId: 'ada', sessionId: 's1', roles: ['TRADER'], scopes: ['orders:write'] }
const refusal = { extensions: { code: 'UNAUTHENTICATED' } }

describe('identity between processes', () => {
  test.each<Identity>([
    ada,
    { kind: 'anonymous', address: '203.0.113.9' },
    { kind: 'service', service: 'wallet', onBehalfOf: 'ada' },
  ])('what the gateway signs is what a subgraph reads: $kind', async (identity) => {
    const verifier = createIdentityVerifier({ secret })
    expect(await verifier.verify(await signer.sign(identity))).toEqual(identity)
  })

  test('a token of another secret, a changed token and no token are refused', async () => {
    const verifier = createIdentityVerifier({ secret })
    const foreign = await createIdentitySigner({ secret: `${secret}!`, issuer: 'gateway' }).sign(ada)
    const [header, , signature] = (await signer.sign(ada)).split('.')
    const admin = Buffer.from(JSON.stringify({ identity: { ...ada, roles: ['ADMIN'] } })).toString('base64url')
    for (const token of [foreign, `${header}.${admin}.${signature}`, '']) {
      await expect(verifier.verify(token)).rejects.toMatchObject(refusal)
    }
  })

  test('a token signed for another audience is refused', async () => {
    const token = await new SignJWT({ identity: ada })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('gateway')
      .setAudience('elsewhere')
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(secret))
    await expect(createIdentityVerifier({ secret }).verify(token)).rejects.toMatchObject(refusal)
  })
})

describe('the life of a token', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('a remembered token is refused from the moment it ends', async () => {
    const verifier = createIdentityVerifier({ secret })
    const token = await signer.sign(ada, 60)
    expect(await verifier.verify(token)).toEqual(ada)
    vi.setSystemTime(Date.now() + 61_000)
    await expect(verifier.verify(token)).rejects.toMatchObject(refusal)
  })

  test("a token ends no later than the caller's own one", async () => {
    const expiresAt = Math.floor(Date.now() / 1000) + 10
    const token = await signer.sign({ ...ada, expiresAt }, 60)
    vi.setSystemTime(Date.now() + 11_000)
    await expect(createIdentityVerifier({ secret }).verify(token)).rejects.toMatchObject(refusal)
  })

  test('a forgotten token is verified anew', async () => {
    const verifier = createIdentityVerifier({ secret, maxRemembered: 1 })
    const first = await signer.sign(ada)
    const second = await signer.sign({ kind: 'anonymous' })
    const identity = await verifier.verify(first)
    expect(await verifier.verify(first)).toBe(identity)
    await verifier.verify(second)
    expect(await verifier.verify(first)).not.toBe(identity)
    expect(await verifier.verify(first)).toEqual(identity)
  })
})

test('only a user with the role is an administrator', () => {
  expect(isAdmin({ ...ada, roles: ['ADMIN'] })).toBe(true)
  expect(isAdmin(ada)).toBe(false)
  expect(isAdmin({ kind: 'service', service: 'admin' })).toBe(false)
})
