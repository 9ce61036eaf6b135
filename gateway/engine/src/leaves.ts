import { isEnumType, isSpecifiedScalarType } from 'graphql'
import type { GraphQLEnumType, GraphQLLeafType } from 'graphql'
import { report } from './output.ts'
import type { Output } from './output.ts'

/** Writes a value that is not null as JSON text; undefined for one that cannot be written, which is then reported. */
export type WriteValue = (value: unknown, output: Output) => string | undefined

/** Compiles how values of a scalar or enum are written. In: the type. Out: the writer, as strict as graphql-js. */
export const compileLeaf = (type: GraphQLLeafType): WriteValue => {
  if (isEnumType(type)) return compileEnum(type)
  if (!isSpecifiedScalarType(type)) return (value) => JSON.stringify(value)

  const serialize: WriteValue = (value, output) => {
    try {
      return JSON.stringify(type.serialize(value))
    } catch {
      report(output, `A subgraph answered with a value that is no ${type.name}.`)
      return undefined
    }
  }
  switch (type.name) {
    case 'String':
    case 'ID':
      return (value, output) => (typeof value === 'string' ? quote(value) : serialize(value, output))
    case 'Boolean':
      return (value, output) => (value === true ? 'true' : value === false ? 'false' : serialize(value, output))
    case 'Float':
      return (value, output) =>
        typeof value === 'number' && Number.isFinite(value) ? `${value}` : serialize(value, output)
    default:
      return serialize
  }
}

/** Values that clients may not see are not in their schema, and are no values of it. */
const compileEnum = (type: GraphQLEnumType): WriteValue => {
  const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]))
  return (value, output) => {
    const text = texts.get(value)
    if (text === undefined) report(output, `A subgraph answered with a value that is no ${type.name}.`)
    return text
  }
}

/** What JSON has to escape: control characters, quotes, backslashes, and halves of surrogate pairs. */
// oxlint-disable-next-line no-control-regex -- those are what it looks for
const ESCAPED = /[\u0000-\u001f"\\\ud800-\udfff]/

/** Past this length the regular expression is faster than looking at each character (measured on Node 20). */
const SHORT = 64

/** A text as JSON. Most need no escaping, and then twice as fast as `JSON.stringify`; the manner is fast-json-stringify's. */
const quote = (text: string): string => {
  if (text.length > SHORT) return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff)) return JSON.stringify(text)
  }
  return `"${text}"`
}
