import type { FormattedExecutionResult } from 'graphql'

const TEXT = Symbol('JSON text')

type WrittenData = Record<string, unknown> & { readonly [TEXT]: string }

/** Response data that is JSON text already; what reads it as an object serializes it to the same. */
export const writtenData = (text: string): Record<string, unknown> => {
  const data: WrittenData = { [TEXT]: text }
  const toJSON = (): unknown => JSON.parse(text)
  return Object.defineProperty(data, 'toJSON', { value: toJSON })
}

/** The text of data that is written already; undefined for any other. */
export const textOf = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && TEXT in data ? (data as WrittenData)[TEXT] : undefined

/** A result as JSON text, in the order in which Apollo Server has its members. */
export const stringifyResult = ({ data, errors, extensions }: FormattedExecutionResult): string => {
  const text = textOf(data)
  if (text === undefined) return JSON.stringify({ errors, data, extensions })
  const before = errors ? `"errors":${JSON.stringify(errors)},` : ''
  const after = extensions ? `,"extensions":${JSON.stringify(extensions)}` : ''
  return `{${before}"data":${text}${after}}`
}
