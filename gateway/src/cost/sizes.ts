import { Kind, getNamedType, isCompositeType, isListType, isNonNullType, isUnionType } from 'graphql'
import type { FieldNode, GraphQLField, OperationDefinitionNode, ValueNode } from 'graphql'
import type { Amount, Variables } from './amount.ts'
import type { ListSize } from './rules.ts'

/** How long a list is of which nobody says anything. */
const ASSUMED_SIZE = 10
/** The argument that sizes the pages of connections, and where their items are. */
const PAGE_ARGUMENTS = ['first', 'last']
const PAGE_FIELDS = ['edges', 'nodes']

/** How long lists are: the field's own, if it is one, and those below it, by their names. */
export type Sizes = { readonly own: Amount; readonly below: ReadonlyMap<string, Amount> }

/** Whether a type is a list, whether it may be null or not. */
const isList = ({ type }: GraphQLField<unknown, unknown>): boolean =>
  isListType(isNonNullType(type) ? type.ofType : type)

/**
 * How long the lists of a field are, before it is asked for: as long as its slicing arguments say, the largest of them where
 * there are several; where none is given, as its author assumes. A connection needs no `@listSize`: `first` and `last` size it.
 */
export const sizesOf = (
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  rule: ListSize | undefined,
  inherited: Amount | undefined,
  operation: OperationDefinitionNode,
): Sizes => {
  const found = rule ?? connectionRule(field)
  const size = found ? sliced(field, node, found, operation) : ASSUMED_SIZE
  const below = found ? found.sizedFields.map((name): [string, Amount] => [name, size]) : []
  if (!isList(field)) return { own: 1, below: new Map(below) }
  return { own: inherited ?? (below.length > 0 ? ASSUMED_SIZE : size), below: new Map(below) }
}

const connectionRule = (field: GraphQLField<unknown, unknown>): ListSize | undefined => {
  const type = getNamedType(field.type)
  if (isList(field) || !isCompositeType(type) || isUnionType(type)) return undefined
  const fields = type.getFields()
  const sizedFields = PAGE_FIELDS.filter((name) => fields[name] && isList(fields[name]))
  const slicingArguments = PAGE_ARGUMENTS.filter((name) => field.args.some((argument) => argument.name === name))
  if (sizedFields.length === 0 || slicingArguments.length === 0) return undefined
  return { assumedSize: undefined, slicingArguments, sizedFields }
}

const sliced = (
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { slicingArguments, assumedSize = ASSUMED_SIZE }: ListSize,
  operation: OperationDefinitionNode,
): Amount => {
  const given = slicingArguments.flatMap((name): (number | ValueNode)[] => {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value
    if (value) return [value]
    const fallback: unknown = field.args.find((argument) => argument.name === name)?.defaultValue
    return typeof fallback === 'number' ? [fallback] : []
  })
  const sizes = given.map((value) => (typeof value === 'number' ? () => value : readSize(value, operation)))
  const largest = (variables: Variables): number => {
    const known = sizes.map((size) => size(variables)).filter((size) => size !== undefined)
    return known.length > 0 ? Math.max(0, ...known) : assumedSize
  }
  return given.some((value) => typeof value !== 'number' && value.kind === Kind.VARIABLE) ? largest : largest({})
}

const readSize = (
  value: ValueNode,
  operation: OperationDefinitionNode,
): ((variables: Variables) => number | undefined) => {
  if (value.kind === Kind.INT) return () => Number(value.value)
  if (value.kind !== Kind.VARIABLE) return () => undefined
  const name = value.name.value
  const definition = operation.variableDefinitions?.find((candidate) => candidate.variable.name.value === name)
  const fallback = definition?.defaultValue ? readSize(definition.defaultValue, operation)({}) : undefined
  return (variables) => {
    const given = variables[name]
    if (given === undefined) return fallback
    return typeof given === 'number' ? given : undefined
  }
}
