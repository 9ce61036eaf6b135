import { isInterfaceType, isIntrospectionType, isObjectType, isUnionType, printSchema } from 'graphql'
import type { GraphQLNamedType, GraphQLSchema } from 'graphql'
import { readCostRules } from '../cost/rules.ts'
import type { CostRules } from '../cost/rules.ts'
import type { ReadSupergraph } from '../planner/read-supergraph.ts'
import { readSecurityRules } from '../security/rules.ts'
import type { SecurityRules } from '../security/rules.ts'
import { contractOf } from './contract.ts'
import { readOverrideLabels } from './field-sets.ts'
import { readLiveRules } from './live.ts'
import type { LiveRules } from './live.ts'
import { inParts } from './schema-parts.ts'
import type { SchemaParts } from './schema-parts.ts'

/** What serving a supergraph needs to know of it: plain data, that one thread can send to another. */
export type GraphFacts = {
  /** What clients see. */
  readonly schema: SchemaParts
  /** All types that a subgraph may name, also what clients do not see, without their fields. */
  readonly supergraphTypes: SchemaParts
  /** What third parties see; undefined where that is nothing. */
  readonly contract: SchemaParts | undefined
  /** As the supergraph names them. */
  readonly subgraphs: readonly { readonly name: string; readonly url: string }[]
  readonly security: SecurityRules
  readonly costRules: CostRules
  readonly live: LiveRules
  /** The names of the fields that plans add to what clients select: keys, and inputs of other fields. */
  readonly addedByPlans: ReadonlySet<string>
  readonly overrideLabels: readonly string[]
}

/** Reads the facts. Throws an error in words for the supergraph's author when it cannot be served. */
export const readFacts = ({ supergraph, schema, supergraphSchema, fieldSets }: ReadSupergraph): GraphFacts => {
  const contract = contractOf(schema, supergraph.schema)
  return {
    schema: inParts(printSchema(schema)),
    supergraphTypes: inParts(typesOf(supergraphSchema)),
    contract: contract && inParts(printSchema(contract)),
    subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    security: readSecurityRules(supergraph.schema),
    costRules: readCostRules(supergraph.schema),
    live: readLiveRules(supergraph.schema),
    addedByPlans: fieldSets.names,
    overrideLabels: readOverrideLabels(supergraph.schema),
  }
}

/** How the types of a schema are each other's. Fields would take as long to build again as what clients see. */
const typesOf = (schema: GraphQLSchema): string =>
  Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type))
    .map(withoutFields)
    .join('')

const withoutFields = (type: GraphQLNamedType): string => {
  if (isUnionType(type)) return `union ${type.name} = ${type.getTypes().join(' | ')}\n`
  if (!isObjectType(type) && !isInterfaceType(type)) return ''
  const interfaces = type.getInterfaces()
  const kind = isObjectType(type) ? 'type' : 'interface'
  return `${kind} ${type.name}${interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : ''} { _: Boolean }\n`
}
