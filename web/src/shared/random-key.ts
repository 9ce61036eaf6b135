/**
 * A new random key, for one intent of a person: a retry sends the same key again, so that it happens once.
 * `crypto.randomUUID` is missing where a page is served without TLS from another host than localhost.
 */
export const randomKey = (): string => {
  if ('randomUUID' in crypto) return crypto.randomUUID()
  const bytes = new Uint8Array(16)
  ;(crypto as Crypto).getRandomValues(bytes)
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
