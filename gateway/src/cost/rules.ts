import { isInterfaceType, isObjectType } from '@apollo/federation-internals'
import type { Directive, Schema } from '@apollo/federation-internals'

/** How long a list is, as its author says (`@listSize` of the cost specification). */
export type ListSize = {
  readonly assumedSize: number | undefined
  /** Arguments of the field that say how long it is. */
  readonly slicingArguments: readonly string[]
  /** The lists below the field that are meant; without any, the field itself is. */
  readonly sizedFields: readonly string[]
}

/** What a supergraph says of costs. */
export type CostRules = {
  /** By type name: what a value of the type costs. */
  readonly types: ReadonlyMap<string, number>
  /** By `Type.field`: what a value of the field costs, whatever its type. */
  readonly fields: ReadonlyMap<string, number>
  /** By `Type.field(argument:)`: what giving the argument costs. */
  readonly arguments: ReadonlyMap<string, number>
  /** By `Type.field`. */
  readonly lists: ReadonlyMap<string, ListSize>
}

const IDENTITY = 'https://specs.apollo.dev/cost'

type Applied = { readonly appliedDirectivesOf: (name: string) => readonly Directive[] }
type Given = Readonly<Record<string, unknown>>

/** Reads `@cost` and `@listSize` from a supergraph, under whatever names it imports them. */
export const readCostRules = (schema: Schema): CostRules => {
  const feature = schema.coreFeatures?.getByIdentity(IDENTITY)
  const types = new Map<string, number>()
  const fields = new Map<string, number>()
  const argumentWeights = new Map<string, number>()
  const lists = new Map<string, ListSize>()
  const rules = { types, fields, arguments: argumentWeights, lists }
  if (!feature) return rules
  const cost = feature.directiveNameInSchema('cost')
  const listSize = feature.directiveNameInSchema('listSize')

  const given = (element: Applied, name: string): Given | undefined => element.appliedDirectivesOf(name)[0]?.arguments()
  const weigh = (element: Applied, coordinate: string, weights: Map<string, number>): void => {
    const weight = given(element, cost)?.['weight']
    if (typeof weight === 'number') weights.set(coordinate, weight)
  }

  for (const type of schema.types()) {
    weigh(type, type.name, types)
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of type.fields()) {
      weigh(field, field.coordinate, fields)
      for (const argument of field.arguments()) weigh(argument, argument.coordinate, argumentWeights)
      const size = given(field, listSize)
      if (size) lists.set(field.coordinate, listSizeOf(size))
    }
  }
  return rules
}

const listSizeOf = ({ assumedSize, slicingArguments, sizedFields }: Given): ListSize => ({
  assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
  slicingArguments: textsOf(slicingArguments),
  sizedFields: textsOf(sizedFields),
})

const textsOf = (list: unknown): string[] =>
  Array.isArray(list) ? list.filter((text): text is string => typeof text === 'string') : []
