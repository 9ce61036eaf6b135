import { Agent, request } from 'undici'
import type { Graphs } from '../graph/graphs.ts'
import type { Subgraph } from '../graph/graph.ts'

export type SubgraphState = {
  readonly ready: boolean
  /** How long the subgraph took to answer, in milliseconds. */
  readonly latencyMs: number
  /** What is wrong, in words that tell nothing of where the subgraph is. */
  readonly error?: string
  /** Requests to it are refused at once, because most of them failed lately. */
  readonly isCutOff?: true
}

export type SubgraphStates = Readonly<Record<string, SubgraphState>>

export type SubgraphHealth = {
  /** The state of every subgraph, a second old at most. */
  readonly states: () => Promise<SubgraphStates>
  readonly stop: () => Promise<void>
}

const FRESH_MS = 1_000
const PROBE_BUDGET_MS = 1_000

/** Asks the subgraphs whether they are ready, only when somebody asks the gateway. */
export const createSubgraphHealth = (graphs: Graphs, isCutOff: (name: string) => boolean): SubgraphHealth => {
  // Connections of its own: a subgraph that is busy with requests must not look dead.
  const agent = new Agent({ connections: 1, connectTimeout: PROBE_BUDGET_MS })
  let latest: { readonly states: Promise<SubgraphStates>; readonly at: number } | undefined

  const probeAll = async (): Promise<SubgraphStates> => {
    const subgraphs = [...graphs.current().subgraphs.values()]
    return Object.fromEntries(
      await Promise.all(
        subgraphs.map(async (subgraph) => {
          const state = await probe(subgraph, agent)
          return [subgraph.name, isCutOff(subgraph.name) ? { ...state, isCutOff: true as const } : state] as const
        }),
      ),
    )
  }

  return {
    states: () => {
      if (!latest || Date.now() - latest.at > FRESH_MS) latest = { states: probeAll(), at: Date.now() }
      return latest.states
    },
    stop: () => agent.destroy(),
  }
}

const probe = async ({ url }: Subgraph, agent: Agent): Promise<SubgraphState> => {
  const startedAt = performance.now()
  const error = await problemOf(url, agent)
  const latencyMs = Math.round(performance.now() - startedAt)
  return error === undefined ? { ready: true, latencyMs } : { ready: false, latencyMs, error }
}

const problemOf = async (url: string, agent: Agent): Promise<string | undefined> => {
  if (!URL.canParse(url)) return 'has no address'
  try {
    const signal = AbortSignal.timeout(PROBE_BUDGET_MS)
    const { statusCode, body } = await request(new URL('/health/ready', url), { dispatcher: agent, signal })
    await body.dump()
    // A foreign subgraph need not have the route; that it answers is all that can be known of it.
    return statusCode < 500 ? undefined : `answered ${statusCode}`
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError' ? 'did not answer in time' : 'is not answering'
  }
}
