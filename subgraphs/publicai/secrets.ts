import { createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const secretBytes = 32
const prefixBytes = 4

/** A key: what its owner sees once, how it begins, and the digest by which it is asked for. */
export type NewKey = { secret: string; prefix: string; digest: string }

/** A key of 256 random bits. It says whose it is to people and secret scanners, and with its prefix which one. */
export const newKey = (): NewKey => {
  const prefix = `cdk_${randomBytes(prefixBytes).toString('hex')}`
  const secret = `${prefix}_${randomBytes(secretBytes).toString('base64url')}`
  return { secret, prefix, digest: digestOf(secret) }
}

/** The SHA-256 of a text, in hexadecimal: of a key, what travels between services; of a document, its hash. */
export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * What is stored of a key: HMAC-SHA-256 of its digest. The HMAC's own key is derived from the secret of the installation
 * (HKDF with SHA-256, RFC 5869), so that the database alone tells nobody whether a guess is right.
 */
export const createKeyHash = (secret: string): ((digest: string) => Uint8Array<ArrayBuffer>) => {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'codai publicai keys', 32))
  return (digest) => new Uint8Array(createHmac('sha256', key).update(digest).digest())
}
