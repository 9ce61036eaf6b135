import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { PrivateKeyAccount } from 'viem/accounts'

/** Makes the keys of wallets, and keeps them so that the database alone is worth nothing. */
export type Vault = {
  /** A new key for a wallet: its address with the checksum of EIP-55, and the key, sealed. */
  create(walletId: string): { address: string; sealedKey: string }
  /** The account behind a sealed key, to sign with. Throws when it was not sealed for this wallet, or with another secret. */
  open(walletId: string, sealedKey: string): PrivateKeyAccount
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/**
 * A vault under a secret of 32 bytes (AES-256-GCM, NIST SP 800-38D: a random nonce for each key; the wallet's id is
 * authenticated with it, so that a key that is moved to another row opens no more).
 */
export const createVault = (secret: Uint8Array): Vault => ({
  create: (walletId) => {
    const key = generatePrivateKey()
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, secret, nonce).setAAD(Buffer.from(walletId))
    const body = Buffer.concat([cipher.update(key.slice(2), 'hex'), cipher.final()])
    return {
      address: privateKeyToAccount(key).address,
      sealedKey: Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url'),
    }
  },
  open: (walletId, sealedKey) => {
    const bytes = Buffer.from(sealedKey, 'base64url')
    const decipher = createDecipheriv(algorithm, secret, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(walletId))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    const key = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()])
    return privateKeyToAccount(`0x${key.toString('hex')}`)
  },
})
