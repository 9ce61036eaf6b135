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
import { longestBlockMs } from './blocks.ts'

/** How many levels of objects each operation of the first part asks for. */
const LEVELS = 4
/** How long nothing is done, to see how still the machine lets an event loop stand. */
const IDLE_MS = 3_000

const ms = (milliseconds: number): string => `${milliseconds.toFixed(0)} ms`

/** Measures what operations cost that the gateway meets for the first time, over the graph that it serves here. */
export const measurePlanning = async (say: (line: string) => void): Promise<void> => {
  const sdl = await readFile(join(repositoryRoot, 'schema/supergraph.graphql'), 'utf8')
  say('\nplanning; a block is the longest time that the event loop stood still')
  say(`  nothing at all: a block of ${ms(await longestBlockMs(() => pause(IDLE_MS)))}`)

  const load = (): Promise<Graph> => loadGraph(sdl, (_name, url) => url)
  const graph = await load()
  await measureLoading(load, graph.subgraphs.size, say)
  await measureOperations(`operations of ${LEVELS} levels`, graph, operationsOf(graph, LEVELS), say)
  const largest = [3, 4, 5, 6, 7].flatMap((levels) => largestOf(graph, levels))
  await measureOperations('operations as large as the limits allow', graph, largest, say)
  await graph.planner.stop()
}

/** A second time, as a gateway does that has run for long. */
const measureLoading = async (load: () => Promise<Graph>, services: number, say: (line: string) => void) => {
  const startedAt = performance.now()
  const block = await longestBlockMs(async () => (await load()).planner.stop())
  say(`  a graph of ${services} services is loaded in ${ms(performance.now() - startedAt)}: a block of ${ms(block)}`)
}

const measureOperations = async (
  title: string,
  graph: Graph,
  operations: readonly Operation[],
  say: (line: string) => void,
): Promise<void> => {
  const preparations = createPreparations(graph)
  const [first] = operations
  // The planner gets ready with its first plan.
  if (first) await preparations.get({ ...first, key: 'first' })
  const times: number[] = []
  const block = await longestBlockMs(async () => {
    for (const operation of operations) {
      const askedAt = performance.now()
      await preparations.get(operation)
      times.push(performance.now() - askedAt)
    }
  })
  times.sort((one, other) => one - other)
  const at = (part: number): string => ms(times[Math.floor((times.length - 1) * part)] ?? 0)
  say(`  ${times.length} ${title}: median ${at(0.5)}, longest ${at(1)}: a block of ${ms(block)}`)
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
