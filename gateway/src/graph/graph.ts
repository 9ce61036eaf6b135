import { createHash } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import type { CostRules } from '../cost/rules.ts'
import type { Planner } from '../planner/planner.ts'
import { startPlanners } from '../planner/planners.ts'
import type { SecurityRules } from '../security/rules.ts'
import type { Routing } from '../routing.ts'
import type { LiveRules } from './live.ts'
import { buildSchema } from './schema-parts.ts'

export type Subgraph = { readonly name: string; readonly url: string }

/** One version of the supergraph with all that serving it needs. Never changed: a new file makes a new graph. */
export type Graph = {
  /** The supergraph file as read. */
  readonly sdl: string
  /** SHA-256 of the file, for logs and for telling versions apart. */
  readonly hash: string
  /** What clients see and operations are validated against. */
  readonly schema: GraphQLSchema
  /** All types that a subgraph may name, also what clients do not see, without their fields. */
  readonly supergraphTypes: GraphQLSchema
  readonly subgraphs: ReadonlyMap<string, Subgraph>
  readonly security: SecurityRules
  readonly costRules: CostRules
  /** What third parties see of it; undefined where that is nothing. */
  readonly contract: GraphQLSchema | undefined
  /** The names of the fields that plans select and no client asked for. */
  readonly addedByPlans: ReadonlySet<string>
  /** What services promised of their streams. */
  readonly live: LiveRules
  /** The labels of progressive overrides. */
  readonly overrideLabels: readonly string[]
  /** The threads that plan over it. */
  readonly planner: Planner
}

/**
 * Makes a graph of a supergraph file's text, which a thread of its own reads. Throws an error in words for its author
 * when it cannot be served.
 */
export const loadGraph = async (sdl: string, routing: Routing, planner = startPlanners(sdl)): Promise<Graph> => {
  try {
    const { schema, supergraphTypes, contract, subgraphs, ...facts } = await planner.read()
    return {
      ...facts,
      sdl,
      hash: createHash('sha256').update(sdl).digest('hex'),
      schema: await buildSchema(schema),
      supergraphTypes: await buildSchema(supergraphTypes),
      contract: contract && (await buildSchema(contract)),
      subgraphs: new Map(subgraphs.map(({ name, url }) => [name, { name, url: routing(name, url) }])),
      planner,
    }
  } catch (error) {
    await planner.stop()
    throw error
  }
}
