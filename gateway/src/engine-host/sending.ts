import type { Written } from '../engine/prepare.ts'
import type { Send } from '../engine/types.ts'
import type { Graph } from '../graph/graph.ts'
import type { Call, Result } from '../operation.ts'
import type { SubgraphClient } from '../subgraphs/client.ts'
import { writtenData } from '../written.ts'

/** Sends the engine's requests to the subgraphs of a graph, for a caller. */
export const createSend =
  (graph: Graph, client: SubgraphClient, call: Call): Send =>
  async ({ service, body, isRead }) => {
    const subgraph = graph.subgraphs.get(service)
    if (!subgraph) throw new Error(`the plan names the subgraph ${service}, which the graph does not have`)
    return client.post(subgraph, body, { call, isRead })
  }

export const toResult = ({ data, errors }: Written): Result => ({
  ...(data !== undefined && { data: data === null ? null : writtenData(data) }),
  ...(errors.length > 0 && { errors }),
})
