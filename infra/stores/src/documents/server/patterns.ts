import { BSONRegExp } from 'bson'
import { refuse } from './errors.ts'

export const isPattern = (value: unknown): value is BSONRegExp | RegExp =>
  value instanceof BSONRegExp || value instanceof RegExp

/**
 * A JavaScript expression for a pattern of a query, with MongoDB's options `i`, `m`, `s`, `u` and `x`.
 * Throws BadValue for others. Patterns follow JavaScript's syntax, which differs from PCRE in rare corners.
 */
export const toRegExp = (pattern: unknown, options?: unknown): RegExp => {
  const source = sourceOf(pattern)
  const given = typeof options === 'string' ? options : optionsOf(pattern)
  const unknown = Array.from(given).find((option) => !'imsux'.includes(option))
  if (unknown !== undefined) throw refuse('BadValue', `invalid flag in regex options: ${unknown}`)
  const text = given.includes('x') ? withoutComments(source) : source
  try {
    return new RegExp(text, Array.from(new Set(given.replaceAll(/[xu]/g, ''))).join(''))
  } catch (error) {
    throw refuse('BadValue', `Regular expression is invalid: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const sourceOf = (pattern: unknown): string => {
  if (typeof pattern === 'string') return pattern
  if (pattern instanceof BSONRegExp) return pattern.pattern
  if (pattern instanceof RegExp) return pattern.source
  throw refuse('BadValue', '$regex has to be a string')
}

const optionsOf = (pattern: unknown): string => {
  if (pattern instanceof BSONRegExp) return pattern.options
  return pattern instanceof RegExp ? pattern.flags.replaceAll(/[gdyv]/g, '') : ''
}

/** Option `x`: white space and comments outside of a character class do not count. */
const withoutComments = (source: string): string =>
  source.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]|\s+|#[^\n]*/gs, (part) => (/^[\s#]/.test(part) ? '' : part))
