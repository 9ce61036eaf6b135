import { randomBytes } from 'node:crypto'
import { getAddress } from 'viem'
import { describe, expect, it } from 'vitest'
import { coinsOf, requireAddress, requireWei } from './coins.ts'
import { createVault } from './vault.ts'

describe('the vault', () => {
  it('opens a key for the wallet that it was made for, and no other', () => {
    const vault = createVault(randomBytes(32))
    const { address, sealedKey } = vault.create('wallet one')
    expect(address).toBe(getAddress(address))
    expect(vault.open('wallet one', sealedKey).address).toBe(address)
    expect(() => vault.open('wallet two', sealedKey)).toThrow(/authenticate/)
  })

  it('opens nothing under another secret, and nothing that was changed', () => {
    const [vault, other] = [createVault(randomBytes(32)), createVault(randomBytes(32))]
    const { sealedKey } = vault.create('wallet')
    expect(() => other.open('wallet', sealedKey)).toThrow(/authenticate/)
    const changed = Buffer.from(sealedKey, 'base64url')
    changed[20] = (changed[20] ?? 0) ^ 1
    expect(() => vault.open('wallet', changed.toString('base64url'))).toThrow(/authenticate/)
  })

  it('never makes the same key twice', () => {
    const vault = createVault(randomBytes(32))
    const made = Array.from({ length: 50 }, () => vault.create('wallet'))
    expect(new Set(made.map(({ address }) => address)).size).toBe(50)
    expect(new Set(made.map(({ sealedKey }) => sealedKey)).size).toBe(50)
  })
})

describe('an address', () => {
  // From the specification of EIP-55: all capitals, all small letters, and mixed.
  it.each([
    '0x52908400098527886E0F7030069857D2E4169EE7',
    '0xde709f2102306220921060314715629080e2fb77',
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('%s is taken in any spelling without a wrong checksum', (address) => {
    expect(requireAddress(address)).toBe(address)
    expect(requireAddress(address.toLowerCase())).toBe(address)
    expect(requireAddress(`0x${address.slice(2).toUpperCase()}`)).toBe(address)
  })

  it.each([
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD', /checksum/],
    ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe', /40 hexadecimal/],
    ['5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', /40 hexadecimal/],
    ['vitalik.eth', /40 hexadecimal/],
  ])('%s is refused', (address, reason) => {
    expect(() => requireAddress(address)).toThrow(reason)
  })
})

describe('coins', () => {
  it('are told exactly, with at least the decimals of the currency', () => {
    expect(coinsOf(10n ** 19n)).toEqual({ amount: '10.00000000', currency: 'ETH' })
    expect(coinsOf(1n)).toEqual({ amount: '0.000000000000000001', currency: 'ETH' })
    expect(coinsOf(0n)).toEqual({ amount: '0.00000000', currency: 'ETH' })
  })

  it('are above zero, and no more than the chain can express', () => {
    expect(requireWei('0.000000000000000001')).toBe(1n)
    expect(() => requireWei('0.0')).toThrow(/above zero/)
    expect(() => requireWei('-1')).toThrow(/above zero/)
  })
})
