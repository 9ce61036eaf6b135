import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts what the database must not be able to tell. */
export type Sealer = {
  /** `owner` is bound into the text: sealed for one record, it cannot be opened as another's. */
  seal(text: string, owner: string): string
  /** Throws when the text was not sealed for this owner, or with another secret. */
  open(sealed: string, owner: string): string
}

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** 32 bytes for one purpose, from the secret of the installation (HKDF with SHA-256, RFC 5869). */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, '', `codai logai ${purpose}`, 32))

/** A sealer with a key of its own (AES-256-GCM, NIST SP 800-38D; a random nonce for each text). */
export const createSealer = (secret: string, purpose: string): Sealer => {
  const key = deriveKey(secret, purpose)
  return {
    seal: (text, owner) => {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(owner))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open: (sealed, owner) => {
      const bytes = Buffer.from(sealed, 'base64url')
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
