import type { Logger } from '@codai/runtime'
import type { GraphQLSchema } from 'graphql'
import type { Graph } from '../graph/graph.ts'
import type { Graphs } from '../graph/graphs.ts'

/**
 * The same graphs as third parties see them: validated against the contract, planned over all there is. A graph in which
 * nothing is public is not taken up. Undefined where there is none to begin with.
 */
export const createContractGraphs = (graphs: Graphs, logger: Logger): Graphs | undefined => {
  const views = new WeakMap<Graph, Graph>()
  const bySchema = new WeakMap<GraphQLSchema, Graph>()

  const viewOf = (graph: Graph): Graph | undefined => {
    const known = views.get(graph)
    if (known) return known
    const schema = graph.contract
    if (!schema) return undefined
    // Told apart from the whole graph wherever work is shared: the two answer questions about the schema differently.
    const view = { ...graph, schema, hash: `${graph.hash} public` }
    views.set(graph, view)
    bySchema.set(schema, view)
    return view
  }

  const first = viewOf(graphs.current())
  if (!first) return undefined
  let latest = first
  const current = (): Graph => (latest = viewOf(graphs.current()) ?? latest)

  return {
    current,
    of: (schema) => bySchema.get(schema) ?? current(),
    beforeChange: (listener) =>
      graphs.beforeChange(async (next) => {
        const view = viewOf(next)
        if (view) await listener(view)
      }),
    onChange: (listener) =>
      graphs.onChange((next) => {
        const view = viewOf(next)
        if (view) listener(view)
        else logger.warn('nothing of the new supergraph is public; third parties still see the one before')
      }),
    stop: async () => {},
  }
}
