import { printSchema } from 'graphql'
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
  /** The whole supergraph, with what clients do not see. */
  readonly supergraphSchema: SchemaParts
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
    supergraphSchema: inParts(printSchema(supergraphSchema)),
    contract: contract && inParts(printSchema(contract)),
    subgraphs: supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url })),
    security: readSecurityRules(supergraph.schema),
    costRules: readCostRules(supergraph.schema),
    live: readLiveRules(supergraph.schema),
    addedByPlans: fieldSets.names,
    overrideLabels: readOverrideLabels(supergraph.schema),
  }
}
