import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { repositoryRoot } from '@codai/runtime'
import { createPreparations } from '../src/execution/preparations.ts'
import { loadGraph } from '../src/graph/graph.ts'
import type { Graph } from '../src/graph/graph.ts'
import type { Operation } from '../src/operation.ts'
import { describeBlock, watchBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'
import { largestOf, operationsOf, whatIsOpen } from './operations.ts'
import { startGatewayProcess } from './processes.ts'

/** How many levels of objects each operation of the first part asks for. */
const LEVELS = 4
/** And the largest ones, so that some are broad and some deep. */
const DEPTHS = [3, 4, 5, 6, 7]
/** How long nothing is done, to see how still the machine lets an event loop stand. */
const IDLE_MS = 3_000

type Telling = { readonly say: (line: string) => void; readonly takeBlock: () => Block }

const ms = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`

/** Measures what operations cost that the gateway meets for the first time, over the graph that it serves here. */
export const measurePlanning = async (say: (line: string) => void): Promise<void> => {
  const takeBlock = watchBlocks()
  const file = join(repositoryRoot, 'schema/supergraph.graphql')
  const sdl = await readFile(file, 'utf8')
  say('\nplanning; a block is the longest that the event loop stood still')
  await pause(IDLE_MS)
  say(`  nothing at all: ${describeBlock(takeBlock())}`)

  const load = (): Promise<Graph> => loadGraph(sdl, (_name, url) => url)
  const graph = await load()
  const telling = { say, takeBlock }
  await measureLoading(load, telling)
  await measureOperations(`operations of ${LEVELS} levels`, graph, operationsOf(graph, LEVELS), telling)
  const largest = DEPTHS.flatMap((levels) => largestOf(graph, levels))
  await measureOperations('operations as large as the limits allow', graph, largest, telling)
  await graph.planner.stop()
  const open = DEPTHS.flatMap((levels) => largestOf(graph, levels, whatIsOpen(graph)))
  await measureAsking(file, open, say)
}

/** A second time, as a gateway does that has run for long. */
const measureLoading = async (load: () => Promise<Graph>, { say, takeBlock }: Telling): Promise<void> => {
  takeBlock()
  const startedAt = performance.now()
  const { planner, subgraphs } = await load()
  const took = performance.now() - startedAt
  say(`  a graph of ${subgraphs.size} services is loaded in ${ms(took)}: ${describeBlock(takeBlock())}`)
  await planner.stop()
}

const measureOperations = async (
  title: string,
  graph: Graph,
  operations: readonly Operation[],
  { say, takeBlock }: Telling,
): Promise<void> => {
  const preparations = createPreparations(graph)
  const [first] = operations
  // The planner gets ready with its first plan.
  if (first) await preparations.get({ ...first, key: 'first' })
  const times: number[] = []
  takeBlock()
  for (const operation of operations) {
    const askedAt = performance.now()
    await preparations.get(operation)
    times.push(performance.now() - askedAt)
  }
  const block = describeBlock(takeBlock())
  times.sort((one, other) => one - other)
  const at = (part: number): string => ms(times[Math.floor((times.length - 1) * part)] ?? 0)
  say(`  ${times.length} ${title}: median ${at(0.5)}, longest ${at(1)}: ${block}`)
}

/** All that a client asks for with its first request: parsing, validation, costs, planning, and answering that nobody is there. */
const measureAsking = async (
  file: string,
  operations: readonly Operation[],
  say: (line: string) => void,
): Promise<void> => {
  const gateway = await startGatewayProcess(['ours'], { SUPERGRAPH_FILE: file, RATE_LIMIT: '1000000' })
  const ask = async (query: string): Promise<void> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(gateway.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    await response.text()
    if (!response.ok) throw new Error(`an operation of the benchmark is refused with ${response.status}`)
  }
  await ask('{ __typename }')
  await gateway.longestBlock()
  await pause(IDLE_MS)
  say(`  a gateway that nobody asks: ${describeBlock(await gateway.longestBlock())}`)
  for (const { key: query } of operations) await ask(query)
  say(`  ${operations.length} such operations over HTTP, each new: ${describeBlock(await gateway.longestBlock())}`)
  for (const { key: query } of operations) await ask(`${query} # another`)
  say(`  the same of other texts, for a gateway that has run a while: ${describeBlock(await gateway.longestBlock())}`)
  await gateway.stop()
}
