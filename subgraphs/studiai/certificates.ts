import { randomInt } from 'node:crypto'

// Crockford's base 32: without I, L, O and U, which are misread.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const prefix = 'STU'
const length = 12

/** The check character of Luhn's algorithm modulo 32 (ISO/IEC 7812, generalised to any even base). */
const checkCharacter = (body: string): string => {
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, character, index) => {
      const value = alphabet.indexOf(character) * (index % 2 === 0 ? 2 : 1)
      return total + Math.floor(value / alphabet.length) + (value % alphabet.length)
    }, 0)
  return alphabet.charAt((alphabet.length - (sum % alphabet.length)) % alphabet.length)
}

/** The number that stands for 12 characters of the alphabet, with its check character. */
export const certificateNumberOf = (body: string): string =>
  [prefix, ...(body.match(/.{4}/g) ?? []), checkCharacter(body)].join('-')

/** A new certificate number: 60 random bits, which nobody guesses, and a check character. */
export const newCertificateNumber = (): string =>
  certificateNumberOf(Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join(''))

/**
 * The one form of a number that somebody typed: case, spaces and hyphens do not count, and letters that are misread stand
 * for what they look like. Undefined for what cannot be a number.
 */
export const readCertificateNumber = (typed: string): string | undefined => {
  if (typed.length > 100) return undefined
  const plain = typed.toUpperCase().replace(/[\s-]/g, '')
  if (!plain.startsWith(prefix)) return undefined
  const characters = plain.slice(prefix.length).replaceAll('O', '0').replace(/[IL]/g, '1')
  if (characters.length !== length + 1 || Array.from(characters).some((character) => !alphabet.includes(character))) {
    return undefined
  }
  const body = characters.slice(0, length)
  return checkCharacter(body) === characters.at(-1) ? certificateNumberOf(body) : undefined
}
