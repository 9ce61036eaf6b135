import { isCompositeType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql'
import type { FieldNode, GraphQLCompositeType, GraphQLOutputType, SelectionSetNode } from 'graphql'
import { append, appendAgain } from './bytes.ts'
import { collectFields, selectionsBelow } from './collect.ts'
import type { DeferredSelection } from './collect.ts'
import { compileIntrospection } from './introspection.ts'
import { compileLeaf, compileUsual } from './leaves.ts'
import type { WriteField, WriteValue } from './leaves.ts'
import { getOwn } from './merge.ts'
import type { ClientOperation } from './operation.ts'
import { count, report, reportNull, withdraw } from './output.ts'
import type { Deferral, Output, WrittenSpan } from './output.ts'
import { isSelectedAt, partOf } from './selection.ts'
import type { Selection } from './selection.ts'
import { isOfType } from './type-conditions.ts'
import { isRecord } from './types.ts'
import type { Data, Variables } from './types.ts'

/** Writes the response's data as JSON; false when a null reaches the top. */
export type WriteData = (data: Data, output: Output) => boolean

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
        return false
      }
      const given = value['__typename']
      const typename = typeof given === 'string' ? given : type.name
      if (typename !== lastName) {
        const parts = partsOf(typename)
        if (!parts) {
          // The type may be one that clients must not know of: its name is not told.
          report(output, `A subgraph answered with an object that is no ${type.name}.`)
          return false
        }
        lastName = typename
        last = parts
      }
      return output.shared.has(value) ? writeShared(last, value, output) : writeParts(last, value, output)
    }
  }

  const compileParts = (type: GraphQLCompositeType, selectionSets: readonly SelectionSetNode[]): Parts => {
    const deferred: DeferredSelection[] | undefined = defers ? [] : undefined
    const collected = collectFields(operation, type.name, selectionSets, conditions, deferred)
    const fields = [...collected].map(([key, nodes], index) => ({
      key,
      prefix: `${index === 0 ? '{' : ','}${JSON.stringify(clientKey(key))}:`,
      write: compileField(type, key, nodes),
    }))
    return { fields, later: (deferred ?? []).map((part) => compileLater(type, part)) }
  }

  const compileLater = (type: GraphQLCompositeType, deferred: DeferredSelection): Parts['later'][0] => {
    const { label, selectionSet, conditions: asked } = deferred
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
      belongsTo: (object) => {
        if (asked.length === 0) return true
        const typename = object['__typename']
        if (typeof typename !== 'string' || !isObjectType(schema.getType(typename))) return undefined
        return asked.every((condition) => isOfType(schema, typename, condition))
      },
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
      return (_parent, output) => {
        introspect(output)
        return true
      }
    }
    const type = 'getFields' in parent ? parent.getFields()[name]?.type : undefined
    if (!type) throw new Error(`the operation selects ${parent.name}.${name}, which its schema does not have`)
    const isInherited = key in Object.prototype
    const read = isInherited ? (data: Data) => getOwn(data, key) : (data: Data) => data[key]
    const write = compilePosition(type, `field ${parent.name}.${name}`, nodes, read)
    return isInherited ? write : compileUsual(type, key, write)
  }

  /** Compiles a place that a value of a type has: where a null may be, or may not. */
  const compilePosition = (
    type: GraphQLOutputType,
    description: string,
    nodes: readonly FieldNode[],
    read: (data: Data) => unknown,
  ): WriteField => {
    if (!isNonNullType(type)) {
      const write = compileNullable(compileValue(type, description, nodes))
      return (parent, output) => {
        write(read(parent), output)
        return true
      }
    }
    const write = compileValue(type.ofType, description, nodes)
    const message = `Cannot return null for non-nullable ${description}.`
    return (parent, output) => {
      const value = read(parent)
      if (value !== null && value !== undefined) return write(value, output)
      reportNull(output, message)
      return false
    }
  }

  /** Compiles a place that may be null, and is where its value cannot be written. */
  const compileNullable =
    (write: WriteValue) =>
    (value: unknown, output: Output): void => {
      if (value !== null && value !== undefined) {
        const { length } = output
        const later = output.deferrals.length
        if (write(value, output)) return
        withdraw(output, length)
        output.deferrals.length = later
      }
      append(output, 'null')
    }

  const compileValue = (type: GraphQLOutputType, description: string, nodes: readonly FieldNode[]): WriteValue => {
    if (isListType(type)) return compileList(type.ofType, description, nodes)
    if (isLeafType(type)) return compileLeaf(type)
    if (isCompositeType(type)) return compileObject(type, selectionsBelow(nodes))
    throw new Error(`${description} has a type that is neither a list, nor composite, nor a leaf`)
  }

  const compileList = (itemType: GraphQLOutputType, description: string, nodes: readonly FieldNode[]): WriteValue => {
    const message = `Cannot return null for a non-nullable item of ${description}.`
    const writeItem = isNonNullType(itemType) ? compileValue(itemType.ofType, description, nodes) : undefined
    const writeNullable = writeItem ? undefined : compileNullable(compileValue(itemType, description, nodes))
    return (value, output) => {
      if (!Array.isArray(value)) {
        report(output, `A subgraph answered with a value that is no list for ${description}.`)
        return false
      }
      const { path, depth } = output
      let isWhole = true
      count(output, value.length)
      output.depth = depth + 1
      append(output, '[')
      for (let index = 0; index < value.length; index += 1) {
        path[depth] = index
        const item: unknown = value[index]
        if (index > 0) append(output, ',')
        // Goes on, so that all that is wrong in a list is told at once.
        if (writeNullable) writeNullable(item, output)
        else if (item === null || item === undefined) {
          reportNull(output, message)
          isWhole = false
        } else if (!writeItem?.(item, output)) isWhole = false
      }
      append(output, ']')
      output.depth = depth
      return isWhole
    }
  }

  const root = schema.getRootType(node.operation)
  if (!root) throw new Error(`the schema has no ${node.operation} type`)
  const parts = compileParts(root, [node.selectionSet])
  return (data, output) => writeParts(parts, data, output)
}

const writeParts = ({ fields, later }: Parts, object: Data, output: Output): boolean => {
  const { path, depth } = output
  count(output, fields.length)
  output.depth = depth + 1
  for (const { key, prefix, write } of fields) {
    path[depth] = key
    append(output, prefix)
    if (write(object, output)) continue
    output.depth = depth
    return false
  }
  append(output, fields.length === 0 ? '{}' : '}')
  output.depth = depth
  for (const part of later) output.deferrals.push({ ...part, path: path.slice(0, depth) })
  return true
}

/** Writes an object that stands at several places once, unless there is something wrong to be told at each. */
const writeShared = (parts: Parts, object: Data, output: Output): boolean => {
  const spans = output.spans.get(object) ?? new Map<object, WrittenSpan>()
  const known = spans.get(parts)
  if (known?.withdrawals === output.withdrawals) {
    count(output, known.values)
    appendAgain(output, known.start, known.end)
    return true
  }
  const { errors, withdrawals, valuesLeft, length: start } = output
  const errorsBefore = errors.length
  if (!writeParts(parts, object, output)) return false
  if (errors.length === errorsBefore) {
    spans.set(parts, { start, end: output.length, values: valuesLeft - output.valuesLeft, withdrawals })
    output.spans.set(object, spans)
  }
  return true
}

/** An interface's name is what a subgraph with `@interfaceObject` knows: the object's own name was not brought. */
const compileTypename = (type: GraphQLCompositeType): WriteField => {
  if (isObjectType(type)) {
    const text = JSON.stringify(type.name)
    return (_parent, output) => {
      append(output, text)
      return true
    }
  }
  return (_parent, output) => {
    reportNull(output, `The type of an object of ${type.name} is not known.`)
    return false
  }
}
