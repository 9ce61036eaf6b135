import { isEnumType, isSpecifiedScalarType } from 'graphql'
import type { GraphQLEnumType, GraphQLLeafType } from 'graphql'
import { append, appendJson, appendQuoted } from './bytes.ts'
import { report } from './output.ts'
import type { Output } from './output.ts'

/** Writes a value that is not null as JSON; false for one that cannot be written, which is then reported. */
export type WriteValue = (value: unknown, output: Output) => boolean

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
