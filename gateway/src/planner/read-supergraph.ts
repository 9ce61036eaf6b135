import { Supergraph } from '@apollo/federation-internals'
import type { GraphQLSchema } from 'graphql'
import { SUPPORTED_FEATURES } from '../graph/features.ts'
import { readFieldSets } from '../graph/field-sets.ts'
import type { FieldSets } from '../graph/field-sets.ts'

/** A supergraph in the planner's model and in that of graphql-js, with what plans over it must be looked through for. */
export type ReadSupergraph = {
  readonly supergraph: Supergraph
  /** What clients see. */
  readonly schema: GraphQLSchema
  /** All there is. */
  readonly supergraphSchema: GraphQLSchema
  readonly fieldSets: FieldSets
}

/** Reads a supergraph file's text. Throws an error in words for its author when it cannot be served. */
export const readSupergraph = (sdl: string): ReadSupergraph => {
  const supergraph = Supergraph.build(sdl, { supportedFeatures: SUPPORTED_FEATURES })
  return {
    supergraph,
    schema: supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true }),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    fieldSets: readFieldSets(supergraph.schema),
  }
}
