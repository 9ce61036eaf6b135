import { getNullableType, isEnumType, isSpecifiedScalarType } from 'graphql'
import type { GraphQLEnumType, GraphQLLeafType, GraphQLOutputType } from 'graphql'
import { append, appendJson, appendQuoted } from './bytes.ts'
import { report } from './output.ts'
import type { Output } from './output.ts'
import type { Data } from './types.ts'

/** Writes a value that is not null as JSON; false for one that cannot be written, which is then reported. */
export type WriteValue = (value: unknown, output: Output) => boolean

/**
 * Writes one field of an object; false when its object must be null because of it. What was written of the object until
 * then is for the place to take back that may be null.
 */
export type WriteField = (parent: Data, output: Output) => boolean

/**
 * Most fields are what their type says. Those are written at one look; all else is left to the field's own writer.
 *
 * In: the field's type, its key in the response, and its writer. Out: the writer to use.
 */
export const compileUsual = (type: GraphQLOutputType, key: string, write: WriteField): WriteField => {
  switch (String(getNullableType(type))) {
    case 'String':
    case 'ID':
      return (parent, output) => {
        const value = parent[key]
        if (typeof value !== 'string') return write(parent, output)
        appendQuoted(output, value)
        return true
      }
    case 'Int':
      return (parent, output) => {
        const value = parent[key]
        if (typeof value !== 'number' || (value | 0) !== value) return write(parent, output)
        append(output, `${value}`)
        return true
      }
    default:
      return write
  }
}

/** Compiles how values of a scalar or enum are written. In: the type. Out: the writer, as strict as graphql-js. */
export const compileLeaf = (type: GraphQLLeafType): WriteValue => {
  if (isEnumType(type)) return compileEnum(type)
  if (!isSpecifiedScalarType(type)) return writeAny

  const serialize: WriteValue = (value, output) => {
    try {
      return writeAny(type.serialize(value), output)
    } catch {
      report(output, `A subgraph answered with a value that is no ${type.name}.`)
      return false
    }
  }
  switch (type.name) {
    case 'String':
    case 'ID':
      return (value, output) => {
        if (typeof value !== 'string') return serialize(value, output)
        appendQuoted(output, value)
        return true
      }
    case 'Boolean':
      return (value, output) => {
        if (typeof value !== 'boolean') return serialize(value, output)
        append(output, value ? 'true' : 'false')
        return true
      }
    case 'Float':
      return (value, output) => {
        if (typeof value !== 'number' || !Number.isFinite(value)) return serialize(value, output)
        append(output, `${value}`)
        return true
      }
    default:
      return (value, output) => {
        if (typeof value !== 'number' || (value | 0) !== value) return serialize(value, output)
        append(output, `${value}`)
        return true
      }
  }
}

const writeAny: WriteValue = (value, output) => {
  appendJson(output, JSON.stringify(value))
  return true
}

/** Values that clients may not see are not in their schema, and are no values of it. */
const compileEnum = (type: GraphQLEnumType): WriteValue => {
  const texts = new Map<unknown, string>(type.getValues().map(({ name }) => [name, JSON.stringify(name)]))
  return (value, output) => {
    const text = texts.get(value)
    if (text === undefined) {
      report(output, `A subgraph answered with a value that is no ${type.name}.`)
      return false
    }
    append(output, text)
    return true
  }
}
