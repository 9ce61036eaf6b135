import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { repositoryRoot } from '@codai/runtime'
import { Kind, getNamedType, isLeafType, isObjectType, isRequiredArgument, parse, validate } from 'graphql'
import type { GraphQLObjectType } from 'graphql'
import { createPreparations } from '../src/execution/preparations.ts'
import { loadGraph } from '../src/graph/graph.ts'
import type { Graph } from '../src/graph/graph.ts'
import { LIMITS, exceededLimit } from '../src/limits.ts'
import type { Operation } from '../src/operation.ts'
import { describeBlock, watchBlocks } from './blocks.ts'
import type { Block } from './blocks.ts'

/** How many levels of objects each operation of the first part asks for. */
const LEVELS = 4
/** How long nothing is done, to see how still the machine lets an event loop stand. */
const IDLE_MS = 3_000

type Telling = { readonly say: (line: string) => void; readonly takeBlock: () => Block }

const ms = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`

/** Measures what operations cost that the gateway meets for the first time, over the graph that it serves here. */
export const measurePlanning = async (say: (line: string) => void): Promise<void> => {
  const takeBlock = watchBlocks()
  const sdl = await readFile(join(repositoryRoot, 'schema/supergraph.graphql'), 'utf8')
  say('\nplanning; a block is the longest that the event loop stood still')
  await pause(IDLE_MS)
  say(`  nothing at all: ${describeBlock(takeBlock())}`)

  const load = (): Promise<Graph> => loadGraph(sdl, (_name, url) => url)
  const graph = await load()
  const telling = { say, takeBlock }
  await measureLoading(load, telling)
  await measureOperations(`operations of ${LEVELS} levels`, graph, operationsOf(graph, LEVELS), telling)
  const largest = [3, 4, 5, 6, 7].flatMap((levels) => largestOf(graph, levels))
  await measureOperations('operations as large as the limits allow', graph, largest, telling)
  await graph.planner.stop()
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

const operationsOf = (graph: Graph, levels: number): readonly Operation[] =>
  selectionsOf(graph, levels).flatMap((selection) => operationOf(graph, `{ ${selection} }`) ?? [])

/** One operation with as many fields as it may have, the largest selections first, and then again under other names. */
const largestOf = (graph: Graph, levels: number): readonly Operation[] => {
  const sizes = new Map(selectionsOf(graph, levels).map((selection) => [selection, fieldsIn(selection)]))
  const selections = [...sizes].toSorted(([, one], [, other]) => other - one)
  const chosen: string[] = []
  let left = LIMITS.fields
  for (const [selection, size] of selections) {
    for (let again = 0; size <= left && chosen.length < LIMITS.rootFields; again += 1) {
      chosen.push(again === 0 ? selection : `a${chosen.length}: ${selection}`)
      left -= size
    }
  }
  return [operationOf(graph, `{ ${chosen.join(' ')} }`) ?? []].flat()
}

const fieldsIn = (selection: string): number => selection.match(/\w+/g)?.length ?? 0

const operationOf = (graph: Graph, query: string): Operation | undefined => {
  const document = parse(query)
  const [node] = document.definitions
  if (node?.kind !== Kind.OPERATION_DEFINITION || exceededLimit(document)) return undefined
  if (validate(graph.schema, document).length > 0) return undefined
  return { graph, document, node, operationName: undefined, variables: {}, key: query }
}

const selectionsOf = ({ schema }: Graph, levels: number): readonly string[] => {
  const root = schema.getQueryType()
  return root ? Object.keys(root.getFields()).flatMap((name) => selectionOf(root, name, levels) ?? []) : []
}

/** A field with all that can be asked of it without arguments; undefined where it needs some. */
const selectionOf = (parent: GraphQLObjectType, name: string, levels: number): string | undefined => {
  const field = parent.getFields()[name]
  if (!field || field.args.some(isRequiredArgument)) return undefined
  const type = getNamedType(field.type)
  if (isLeafType(type)) return name
  if (!isObjectType(type) || levels === 0) return undefined
  const below = Object.keys(type.getFields()).flatMap((key) => selectionOf(type, key, levels - 1) ?? [])
  return below.length > 0 ? `${name} { ${below.join(' ')} }` : undefined
}
