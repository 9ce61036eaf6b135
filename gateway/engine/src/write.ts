import { isCompositeType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql'
import type { FieldNode, GraphQLCompositeType, GraphQLOutputType, SelectionSetNode } from 'graphql'
import { collectFields, selectionsBelow } from './collect.ts'
import type { DeferredSelection } from './collect.ts'
import { compileIntrospection } from './introspection.ts'
import { compileLeaf } from './leaves.ts'
import type { WriteValue } from './leaves.ts'
import { getOwn } from './merge.ts'
import type { ClientOperation } from './operation.ts'
import { count, report, reportNull } from './output.ts'
import type { Deferral, Output, WrittenText } from './output.ts'
import { isSelectedAt, partOf } from './selection.ts'
import type { Selection } from './selection.ts'
import { isRecord } from './types.ts'
import type { Data, Variables } from './types.ts'

/** Writes the response's data as JSON text; undefined when a null reaches the top. */
export type WriteData = (data: Data, output: Output) => string | undefined

/** Writes one field of an object; undefined when its object must be null because of it. */
type WriteField = (parent: Data, output: Output) => string | undefined

/** The fields of an object, and what of it comes later. */
type Parts = { readonly fields: readonly Field[]; readonly later: readonly Omit<Deferral, 'path'>[] }

type Field = { readonly key: string; readonly prefix: string; readonly write: WriteField }

/**
 * Compiles how a response is written: fields in the order of the operation, nulls handed up to where they may be, values
 * checked against the schema that clients see.
 *
 * In: the operation, the values of the variables that its `@skip` and `@include` ask, the client's names of keys, and
 * whether what has `@defer` is left out to come later. Out: the writer.
 */
export const compileWriter = (
  operation: ClientOperation,
  conditions: Variables,
  clientKey: (key: string) => string,
  defers = false,
): WriteData => {
  const { schema, node } = operation

  const compileObject = (type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): WriteValue => {
    const partsByType = new Map<string, Parts>()
    let lastName = ''
    let last: Parts = { fields: [], later: [] }

    const partsOf = (typename: string): Parts | undefined => {
      const known = partsByType.get(typename)
      if (known) return known
      const runtimeType = schema.getType(typename)
      if (!isCompositeType(runtimeType)) return undefined
      const parts = compileParts(runtimeType, selectionSets)
      partsByType.set(typename, parts)
      return parts
    }

    return (value, output) => {
      if (!isRecord(value)) {
        report(output, `A subgraph answered with a value that is no ${type.name}.`)
        return undefined
      }
      const given = value['__typename']
      const typename = typeof given === 'string' ? given : type.name
      if (typename !== lastName) {
        const parts = partsOf(typename)
        if (!parts) {
          // The type may be one that clients must not know of: its name is not told.
          report(output, `A subgraph answered with an object that is no ${type.name}.`)
          return undefined
        }
        lastName = typename
        last = parts
      }
      const texts = output.texts.get(value)
      return texts ? writeShared(last, value, output, texts) : writeParts(last, value, output)
    }
  }

  const compileParts = (type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): Parts => {
    const deferred: DeferredSelection[] | undefined = defers ? [] : undefined
    const collected = collectFields(operation, type.name, selectionSets, conditions, deferred)
    const fields = [...collected].map(([key, nodes]) => ({
      key,
      prefix: `${JSON.stringify(clientKey(key))}:`,
      write: compileField(type, key, nodes),
    }))
    return { fields, later: (deferred ?? []).map((part) => compileLater(type, part)) }
  }

  const compileLater = (type: GraphQLCompositeType, { label, selectionSet }: DeferredSelection): Parts['later'][0] => {
    const partsByType = new Map<string, Parts>()
    let selection: Selection | undefined

    /** What an object is may be known only when the part has come. */
    const partsOf = (typename: unknown): Parts => {
      const known = schema.getType(String(typename))
      const runtimeType = isCompositeType(known) ? known : type
      const parts = partsByType.get(runtimeType.name) ?? compileParts(runtimeType, [selectionSet])
      partsByType.set(runtimeType.name, parts)
      return parts
    }

    return {
      label,
      write: (object, output) => writeParts(partsOf(object['__typename']), object, output),
      selects: (path) => {
        selection ??= partOf(operation, [selectionSet], conditions)
        return isSelectedAt(selection, path)
      },
    }
  }

  const compileField = (parent: GraphQLCompositeType, key: string, nodes: readonly FieldNode[]): WriteField => {
    const name = nodes[0]?.name.value ?? ''
    if (name === '__typename') return compileTypename(parent)
    if (name === '__schema' || name === '__type') {
      const introspect = compileIntrospection(operation, key, nodes)
      return (_parent, output) => introspect(output)
    }
    const type = 'getFields' in parent ? parent.getFields()[name]?.type : undefined
    if (!type) throw new Error(`the operation selects ${parent.name}.${name}, which its schema does not have`)
    const read = key in Object.prototype ? (data: Data) => getOwn(data, key) : (data: Data) => data[key]
    return compilePosition(type, `field ${parent.name}.${name}`, nodes, read)
  }

  /** Compiles a place that a value of a type has: where a null may be, or may not. */
  const compilePosition = (
    type: GraphQLOutputType,
    description: string,
    nodes: readonly FieldNode[],
    read: (data: Data) => unknown,
  ): WriteField => {
    if (!isNonNullType(type)) {
      const write = forgetting(compileValue(type, description, nodes))
      return (parent, output) => {
        const value = read(parent)
        return value === null || value === undefined ? 'null' : (write(value, output) ?? 'null')
      }
    }
    const write = compileValue(type.ofType, description, nodes)
    const message = `Cannot return null for non-nullable ${description}.`
    return (parent, output) => {
      const value = read(parent)
      if (value !== null && value !== undefined) return write(value, output)
      reportNull(output, message)
      return undefined
    }
  }

  /** Where a value becomes null, nothing of it comes later. */
  const forgetting = (write: WriteValue): WriteValue => {
    if (!defers) return write
    return (value, output) => {
      const before = output.deferrals.length
      const text = write(value, output)
      if (text === undefined) output.deferrals.length = before
      return text
    }
  }

  const compileValue = (type: GraphQLOutputType, description: string, nodes: readonly FieldNode[]): WriteValue => {
    if (isListType(type)) return compileList(type.ofType, description, nodes)
    if (isLeafType(type)) return compileLeaf(type)
    if (isCompositeType(type)) return compileObject(type, selectionsBelow(nodes))
    throw new Error(`${description} has a type that is neither a list, nor composite, nor a leaf`)
  }

  const compileList = (itemType: GraphQLOutputType, description: string, nodes: readonly FieldNode[]): WriteValue => {
    const nonNull = isNonNullType(itemType)
    const write = nonNull
      ? compileValue(itemType.ofType, description, nodes)
      : forgetting(compileValue(itemType, description, nodes))
    const message = `Cannot return null for a non-nullable item of ${description}.`
    return (value, output) => {
      if (!Array.isArray(value)) {
        report(output, `A subgraph answered with a value that is no list for ${description}.`)
        return undefined
      }
      const { path, depth } = output
      let text = ''
      let isNull = false
      count(output, value.length)
      output.depth = depth + 1
      for (let index = 0; index < value.length; index += 1) {
        path[depth] = index
        const item: unknown = value[index]
        let written: string | undefined
        if (item !== null && item !== undefined) written = write(item, output)
        else if (nonNull) reportNull(output, message)
        // Goes on, so that all that is wrong in a list is told at once.
        if (written === undefined && nonNull) isNull = true
        text += index === 0 ? (written ?? 'null') : `,${written ?? 'null'}`
      }
      output.depth = depth
      return isNull ? undefined : `[${text}]`
    }
  }

  const root = schema.getRootType(node.operation)
  if (!root) throw new Error(`the schema has no ${node.operation} type`)
  const parts = compileParts(root, [node.selectionSet])
  return (data, output) => writeParts(parts, data, output)
}

const writeParts = ({ fields, later }: Parts, object: Data, output: Output): string | undefined => {
  const { path, depth } = output
  let text = ''
  count(output, fields.length)
  output.depth = depth + 1
  for (const { key, prefix, write } of fields) {
    path[depth] = key
    const written = write(object, output)
    if (written === undefined) {
      output.depth = depth
      return undefined
    }
    text += text === '' ? prefix + written : `,${prefix}${written}`
  }
  output.depth = depth
  for (const part of later) output.deferrals.push({ ...part, path: path.slice(0, depth) })
  return `{${text}}`
}

/** Writes an object that stands at several places once, unless there is something wrong to be told at each. */
const writeShared = (
  parts: Parts,
  object: Data,
  output: Output,
  texts: Map<object, WrittenText>,
): string | undefined => {
  const known = texts.get(parts)
  if (known) {
    count(output, known.values)
    return known.text
  }
  const errors = output.errors.length
  const left = output.valuesLeft
  const text = writeParts(parts, object, output)
  if (text !== undefined && output.errors.length === errors)
    texts.set(parts, { text, values: left - output.valuesLeft })
  return text
}

/** An interface's name is what a subgraph with `@interfaceObject` knows: the object's own name was not brought. */
const compileTypename = (type: GraphQLCompositeType): WriteField => {
  if (isObjectType(type)) {
    const text = JSON.stringify(type.name)
    return () => text
  }
  return (_parent, output) => {
    reportNull(output, `The type of an object of ${type.name} is not known.`)
    return undefined
  }
}
