import { Kind, getNamedType, isLeafType, isObjectType, isRequiredArgument, parse, validate } from 'graphql'
import type { GraphQLField, GraphQLObjectType } from 'graphql'
import type { Graph } from '../src/graph/graph.ts'
import { LIMITS, exceededLimit } from '../src/limits.ts'
import type { Operation } from '../src/operation.ts'

/** Whether a field may be among what is asked. */
export type MayAsk = (parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>) => boolean

const anything: MayAsk = () => true

/** What may be asked by somebody who is not signed in. */
export const whatIsOpen =
  ({ security }: Graph): MayAsk =>
  (parent, { name, type }) =>
    !security.fields.has(`${parent.name}.${name}`) &&
    !security.types.has(parent.name) &&
    !security.types.has(getNamedType(type).name)

/** Operations that ask for one field of the root each, with so many levels of what can be asked of it. */
export const operationsOf = (graph: Graph, levels: number): readonly Operation[] =>
  selectionsOf(graph, levels).flatMap((selection) => operationOf(graph, `{ ${selection} }`) ?? [])

/** One operation with as many fields as it may have, the largest selections first, and then again under other names. */
export const largestOf = (graph: Graph, levels: number, mayAsk = anything): readonly Operation[] => {
  const sizes = new Map(selectionsOf(graph, levels, mayAsk).map((selection) => [selection, fieldsIn(selection)]))
  const selections = [...sizes].toSorted(([, one], [, other]) => other - one)
  const chosen: string[] = []
  let left = LIMITS.fields
  for (const [selection, size] of selections) {
    for (let again = 0; size <= left && chosen.length < LIMITS.rootFields; again += 1) {
      chosen.push(again === 0 ? selection : `a${chosen.length}: ${selection}`)
      left -= size
    }
  }
  return [operationOf(graph, `{ ${chosen.join(' ')} }`) ?? []].flat()
}

const fieldsIn = (selection: string): number => selection.match(/\w+/g)?.length ?? 0

const operationOf = (graph: Graph, query: string): Operation | undefined => {
  const document = parse(query)
  const [node] = document.definitions
  if (node?.kind !== Kind.OPERATION_DEFINITION || exceededLimit(document)) return undefined
  if (validate(graph.schema, document).length > 0) return undefined
  return { graph, document, node, operationName: undefined, variables: {}, key: query }
}

const selectionsOf = ({ schema }: Graph, levels: number, mayAsk = anything): readonly string[] => {
  const root = schema.getQueryType()
  return root ? Object.keys(root.getFields()).flatMap((name) => selectionOf(root, name, levels, mayAsk) ?? []) : []
}

/** A field with all that can be asked of it without arguments; undefined where it needs some. */
const selectionOf = (parent: GraphQLObjectType, name: string, levels: number, mayAsk: MayAsk): string | undefined => {
  const field = parent.getFields()[name]
  if (!field || !mayAsk(parent, field) || field.args.some(isRequiredArgument)) return undefined
  const type = getNamedType(field.type)
  if (isLeafType(type)) return name
  if (!isObjectType(type) || levels === 0) return undefined
  const below = Object.keys(type.getFields()).flatMap((key) => selectionOf(type, key, levels - 1, mayAsk) ?? [])
  return below.length > 0 ? `${name} { ${below.join(' ')} }` : undefined
}
