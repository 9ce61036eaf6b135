import { OperationTypeNode, getNamedType, isCompositeType, isListType, isNonNullType } from 'graphql'
import type { GraphQLCompositeType, GraphQLField, GraphQLOutputType, SelectionSetNode } from 'graphql'
import { rememberPerGraph } from '../graph/per-graph.ts'
import type { Operation } from '../operation.ts'
import { evaluate, largest, plus, times, where } from './amount.ts'
import type { Amount, Variables } from './amount.ts'
import { selectedFields } from './selections.ts'
import type { Conditions, SelectedField } from './selections.ts'
import { sizesOf } from './sizes.ts'
import { fragmentsOf } from '../selections.ts'

/** What operations cost, in points. Every operation costs one at least. */
export type Costs = {
  /** At most what it will cost; of a subscription, each event. */
  readonly estimate: (operation: Operation) => number
  /** What its answer cost: as estimated, with the lists as long as they were. */
  readonly measure: (operation: Operation, data: unknown) => number
}

/** What one operation costs: before it is run, and once its answer is there. */
type Cost = { readonly estimate: Amount; readonly measure: (data: unknown) => number }

type FieldCost = {
  readonly key: string
  readonly estimate: Amount
  readonly measure: (value: unknown) => number
}

const REMEMBERED_OPERATIONS = 1_000
const LEAST = 1
/** A mutation costs this much more than what it answers; so does each look at the schema. */
const MUTATION = 10
const INTROSPECTION = 10

/** Costs as the cost directive specification has them: an object costs 1, a leaf nothing, unless `@cost` says otherwise. */
export const createCosts = (): Costs => {
  const remembered = rememberPerGraph<Cost>(REMEMBERED_OPERATIONS)
  const costOf = (operation: Operation): Cost =>
    remembered(operation.graph, operation.key, () => compileCost(operation))

  return {
    estimate: (operation) => Math.max(LEAST, Math.ceil(evaluate(costOf(operation).estimate, operation.variables))),
    measure: (operation, data) => Math.max(LEAST, Math.ceil(costOf(operation).measure(data))),
  }
}

/** Compiles what an operation costs, so that asking again costs next to nothing. */
const compileCost = ({ graph, document, node: definition }: Operation): Cost => {
  const { schema, costRules: rules } = graph
  const fragments = fragmentsOf(document)

  const compileSelection = (
    type: GraphQLCompositeType,
    selectionSets: readonly SelectionSetNode[],
    sizes: ReadonlyMap<string, Amount>,
  ): Cost => {
    const { common, byType } = selectedFields(schema, fragments, type, selectionSets)
    const always = common.map((field) => compileField(field, sizes))
    const choices = [...byType.values()].map((fields) => fields.map((field) => compileField(field, sizes)))
    const estimates = choices.map((fields) => sum(fields))
    return { estimate: plus(sum(always), largest(estimates)), measure: measureObject([...always, ...choices.flat()]) }
  }

  const compileField = (selected: SelectedField, sizes: ReadonlyMap<string, Amount>): FieldCost => {
    const { key, nodes, parent, alternatives } = selected
    const [node] = nodes
    const name = node?.name.value ?? ''
    if (name === '__schema' || name === '__type') return { key, estimate: INTROSPECTION, measure: () => INTROSPECTION }
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined
    if (!node || !field) return { key, estimate: 0, measure: free }

    const coordinate = `${parent.name}.${name}`
    const type = getNamedType(field.type)
    const weight = rules.fields.get(coordinate) ?? rules.types.get(type.name) ?? (isCompositeType(type) ? 1 : 0)
    // Most fields are leaves that cost nothing, however many there are.
    if (weight === 0 && !isCompositeType(type) && !node.arguments?.length) return { key, estimate: 0, measure: free }
    const { own, below } = sizesOf(field, node, rules.lists.get(coordinate), sizes.get(name), definition)
    const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const inside = isCompositeType(type) ? compileSelection(type, selectionSets, below) : nothing
    const given = sumOf((node.arguments ?? []).map((one) => rules.arguments.get(`${coordinate}(${one.name.value}:)`)))

    const measureValue = (value: unknown): number => {
      if (value === null || value === undefined) return 0
      if (Array.isArray(value)) return sumOf(value.map(measureValue))
      return weight + inside.measure(value)
    }
    const estimate = plus(given, times(times(own, innerSize(field)), plus(weight, inside.estimate)))
    return {
      key,
      estimate: alternatives.some((one) => one.length === 0) ? estimate : where(anyHolds(alternatives), estimate),
      measure: (value) => (value === undefined ? 0 : given + measureValue(value)),
    }
  }

  const root = schema.getRootType(definition.operation)
  if (!root) return nothing
  const cost = compileSelection(root, [definition.selectionSet], new Map())
  if (definition.operation !== OperationTypeNode.MUTATION) return cost
  return { estimate: plus(MUTATION, cost.estimate), measure: (data) => MUTATION + cost.measure(data) }
}

const free = (): number => 0

const nothing: Cost = { estimate: 0, measure: free }

const sum = (fields: readonly FieldCost[]): Amount =>
  fields.reduce((total: Amount, { estimate }) => plus(total, estimate), 0)

const sumOf = (amounts: readonly (number | undefined)[]): number =>
  amounts.reduce((total: number, amount) => total + (amount ?? 0), 0)

/** What the fields of an object cost that are there: those of other types are not. */
const measureObject =
  (fields: readonly FieldCost[]): Cost['measure'] =>
  (data) => {
    if (typeof data !== 'object' || data === null) return 0
    const object = data as Readonly<Record<string, unknown>>
    // Under one key, different types may have asked for different things; it is one of these types that is there.
    const dearest = new Map<string, number>()
    for (const { key, measure } of fields) dearest.set(key, Math.max(dearest.get(key) ?? 0, measure(object[key])))
    return sumOf([...dearest.values()])
  }

/** How many items lists inside a list have together, at most times the outer one: ten each. */
const innerSize = ({ type }: GraphQLField<unknown, unknown>): number => {
  let size = 1
  let isOuter = true
  for (let current: GraphQLOutputType = type; isNonNullType(current) || isListType(current); current = current.ofType) {
    if (!isListType(current)) continue
    if (!isOuter) size *= 10
    isOuter = false
  }
  return size
}

const anyHolds =
  (alternatives: readonly Conditions[]) =>
  (variables: Variables): boolean =>
    alternatives.some((conditions) => conditions.every(({ variable, wanted }) => variables[variable] !== !wanted))
