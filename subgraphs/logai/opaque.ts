import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A token of 256 random bits, safe in addresses. Only its digest is ever stored. */
export const newOpaqueToken = (): string => randomBytes(32).toString('base64url')

/** What is stored of an opaque token: SHA-256. Slow hashing would add nothing to 80 random bits or more. */
export const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Whether two texts are equal, in a time that does not tell how far they are. */
export const equalInConstantTime = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest())
