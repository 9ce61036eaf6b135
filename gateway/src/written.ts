import type { FormattedExecutionResult } from 'graphql'

const BYTES = Symbol('JSON')

type WrittenData = Record<string, unknown> & { readonly [BYTES]: Buffer }

/** Response data that is JSON in UTF-8 already; what reads it as an object serializes it to the same. */
export const writtenData = (bytes: Buffer): Record<string, unknown> => {
  const data: WrittenData = { [BYTES]: bytes }
  const toJSON = (): unknown => JSON.parse(bytes.toString())
  return Object.defineProperty(data, 'toJSON', { value: toJSON })
}

/** The bytes of data that is written already; undefined for any other. */
export const bytesOf = (data: unknown): Buffer | undefined =>
  typeof data === 'object' && data !== null && BYTES in data ? (data as WrittenData)[BYTES] : undefined

/** A result as JSON text, in the order in which Apollo Server has its members. */
export const stringifyResult = ({ data, errors, extensions }: FormattedExecutionResult): string => {
  const bytes = bytesOf(data)
  if (bytes === undefined) return JSON.stringify({ errors, data, extensions })
  const before = errors ? `"errors":${JSON.stringify(errors)},` : ''
  return `{${before}"data":${bytes.toString()}${endOf(extensions)}`
}

/** A result without errors as JSON in UTF-8. */
export const encodeResult = (data: Buffer, extensions: FormattedExecutionResult['extensions']): Buffer =>
  Buffer.concat([DATA, data, Buffer.from(endOf(extensions))])

const DATA = Buffer.from('{"data":')

const endOf = (extensions: FormattedExecutionResult['extensions']): string =>
  extensions ? `,"extensions":${JSON.stringify(extensions)}}` : '}'
