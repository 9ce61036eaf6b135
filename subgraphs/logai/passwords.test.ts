import { expect, it } from 'vitest'
import { commonPasswords } from './common-passwords.ts'
import { checkNewPassword, createPasswordVerifier, hashPassword } from './passwords.ts'
import { createSealer } from './vault.ts'

it('knows some hundreds of common passwords, each as it is compared', () => {
  expect(commonPasswords.size).toBeGreaterThan(200)
  for (const password of commonPasswords) {
    expect(password).toBe(password.normalize('NFKC').toLowerCase())
    expect(Array.from(password).length).toBeGreaterThanOrEqual(10)
  }
})

it('takes passwords of 10 to 200 characters, counted as people count them', () => {
  expect(() => checkNewPassword('🦉🐺🦊🐻🐼🦁🐯🐮🐷', 'ada', 'password')).toThrow('10 to 200')
  expect(() => checkNewPassword('🦉🐺🦊🐻🐼🦁🐯🐮🐷🐸', 'ada', 'password')).not.toThrow()
  expect(() => checkNewPassword('é'.repeat(200), 'ada', 'password')).not.toThrow()
  expect(() => checkNewPassword('é'.repeat(201), 'ada', 'password')).toThrow('10 to 200')
})

it('recognises a password whichever way a keyboard composes its accents', async () => {
  const verifier = await createPasswordVerifier()
  const passwordHash = await hashPassword('caf\u00e9 noir sans sucre')
  expect(await verifier.verify('cafe\u0301 noir sans sucre', passwordHash)).toBe(true)
  expect(await verifier.verify('cafe noir sans sucre', passwordHash)).toBe(false)
})

it('never takes a password for an account without one', async () => {
  const verifier = await createPasswordVerifier()
  expect(await verifier.verify('nobody has this password', null)).toBe(false)
  expect(await verifier.verify('x'.repeat(100_000), undefined)).toBe(false)
})

it('opens what it sealed for the same owner only', () => {
  const sealer = createSealer('a secret', 'tests')
  const sealed = sealer.seal('JBSWY3DPEHPK3PXP', 'ada')
  expect(sealer.open(sealed, 'ada')).toBe('JBSWY3DPEHPK3PXP')
  expect(() => sealer.open(sealed, 'bob')).toThrow('authenticate')
  expect(() => createSealer('a secret', 'other tests').open(sealed, 'ada')).toThrow('authenticate')
  expect(sealer.seal('JBSWY3DPEHPK3PXP', 'ada')).not.toBe(sealed)
})
