import { describe, expect, it } from 'vitest'
import { createDelegationSigner, createDelegationVerifier, isDelegation } from './delegation.ts'
import { createIdentitySigner, createIdentityVerifier } from './identity.ts'

const secret = 'a secret of the tests, long enough for HS256'
const signer = createDelegationSigner({ secret, service: 'codai' })
const verifier = createDelegationVerifier({ secret })
const ada = { userId: 'ada', roles: ['MEMBER'] }

describe('a delegation', () => {
  it('says for whom which service calls, and with which roles', async () => {
    const token = await signer.sign(ada)
    expect(isDelegation(token)).toBe(true)
    expect(await verifier.verify(token)).toMatchObject({ ...ada, service: 'codai' })
  })

  it('is worth nothing when another secret signed it, or when it was changed', async () => {
    const forged = await createDelegationSigner({ secret: `${secret}!`, service: 'codai' }).sign(ada)
    const [head, , signature] = (await signer.sign(ada)).split('.')
    const body = Buffer.from(JSON.stringify({ sub: 'bob', roles: ['ADMIN'] })).toString('base64url')
    for (const token of [forged, `${head}.${body}.${signature}`, 'nonsense']) {
      await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
  })

  it('ends', async () => {
    const token = await signer.sign(ada, -1)
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' })
  })

  it('is no identity for a service, and an identity is no delegation', async () => {
    const identity = await createIdentitySigner({ secret, issuer: 'codai' }).sign({ kind: 'service', service: 'codai' })
    expect(isDelegation(identity)).toBe(false)
    await expect(verifier.verify(identity)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    const delegation = await signer.sign(ada)
    await expect(createIdentityVerifier({ secret }).verify(delegation)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })
})
