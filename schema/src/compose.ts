import { composeServices } from '@apollo/composition'
import { Supergraph } from '@apollo/federation-internals'
import { lexicographicSortSchema, parse, printSchema } from 'graphql'

/** A subgraph as composition sees it. */
export type ComposableSubgraph = { name: string; url: string; sdl: string }

/** What composition gave. */
export type Composition = {
  /** The supergraph, which gateways run. */
  supergraph: string
  /** The schema as clients see it, in a stable order. */
  api: string
  /** What is allowed, but may not be meant. */
  hints: readonly string[]
}

/**
 * Composes subgraphs with Apollo's composition. Throws an Error that lists every contradiction between them.
 * The order of the subgraphs does not matter.
 */
export const compose = (subgraphs: readonly ComposableSubgraph[]): Composition => {
  const sorted = subgraphs.toSorted((a, b) => a.name.localeCompare(b.name))
  const result = composeServices(sorted.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })))
  if (result.errors) {
    const lines = result.errors.map((error) => `- ${error.message.replaceAll('\n', '\n  ')}`)
    throw new Error(`The subgraphs do not compose:\n${lines.join('\n')}`)
  }
  // `null`: whatever features the supergraph links. To print what clients see, nothing of them has to be supported.
  const api = lexicographicSortSchema(
    Supergraph.build(result.supergraphSdl, { supportedFeatures: null }).apiSchema().toGraphQLJSSchema(),
  )
  return {
    supergraph: `${result.supergraphSdl}\n`,
    api: `${printSchema(api)}\n`,
    hints: result.hints.map((hint) => hint.message),
  }
}
