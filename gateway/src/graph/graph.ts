import { createHash } from 'node:crypto'
import { Supergraph } from '@apollo/federation-internals'
import type { Schema } from '@apollo/federation-internals'
import type { GraphQLSchema } from 'graphql'
import { readCostRules } from '../cost/rules.ts'
import type { CostRules } from '../cost/rules.ts'
import { readSecurityRules } from '../security/rules.ts'
import type { SecurityRules } from '../security/rules.ts'
import type { Routing } from '../routing.ts'
import { contractOf } from './contract.ts'
import { SUPPORTED_FEATURES } from './features.ts'
import { readFieldSets, readOverrideLabels } from './field-sets.ts'
import type { FieldSets } from './field-sets.ts'
import { readLiveRules } from './live.ts'
import type { LiveRules } from './live.ts'
import { createPlanner } from './planner.ts'
import type { Planner } from './planner.ts'

export type Subgraph = { readonly name: string; readonly url: string }

/** One version of the supergraph with all that serving it needs. Never changed: a new file makes a new graph. */
export type Graph = {
  /** The supergraph file as read. */
  readonly sdl: string
  /** SHA-256 of the file, for logs and for telling versions apart. */
  readonly hash: string
  /** What clients see and operations are validated against. */
  readonly schema: GraphQLSchema
  /** The same, in the planner's own model. */
  readonly apiSchema: Schema
  /** The whole supergraph, with what clients do not see. */
  readonly supergraphSchema: GraphQLSchema
  readonly subgraphs: ReadonlyMap<string, Subgraph>
  readonly security: SecurityRules
  readonly costRules: CostRules
  /** What third parties see of it; undefined where that is nothing. Cut when it is first asked for. */
  readonly contract: () => GraphQLSchema | undefined
  /** What plans select that no client asked for. */
  readonly fieldSets: FieldSets
  /** What services promised of their streams. */
  readonly live: LiveRules
  /** The labels of progressive overrides. */
  readonly overrideLabels: readonly string[]
  readonly planner: Planner
}

/** Builds a graph from a supergraph file's text. Throws an error in words for its author when it cannot be served. */
export const buildGraph = (sdl: string, routing: Routing): Graph => {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: SUPPORTED_FEATURES })
  const apiSchema = supergraph.apiSchema()
  const subgraphs = supergraph
    .subgraphsMetadata()
    .map(({ name, url }) => [name, { name, url: routing(name, url) }] as const)

  const schema = apiSchema.toGraphQLJSSchema({ includeDefer: true })
  let contract: { readonly schema: GraphQLSchema | undefined } | undefined

  return {
    sdl,
    hash: createHash('sha256').update(sdl).digest('hex'),
    schema,
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    subgraphs: new Map(subgraphs),
    security: readSecurityRules(supergraph.schema),
    costRules: readCostRules(supergraph.schema),
    contract: () => (contract ??= { schema: contractOf(schema, supergraph.schema) }).schema,
    fieldSets: readFieldSets(supergraph.schema),
    live: readLiveRules(supergraph.schema),
    overrideLabels: readOverrideLabels(supergraph.schema),
    planner: createPlanner(supergraph, apiSchema),
  }
}
