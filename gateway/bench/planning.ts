import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { repositoryRoot } from '@codai/runtime'
import { Kind, getNamedType, isLeafType, isObjectType, isRequiredArgument, parse, validate } from 'graphql'
import type { GraphQLObjectType } from 'graphql'
import { createPreparations } from '../src/execution/preparations.ts'
import { buildGraph } from '../src/graph/graph.ts'
import type { Operation } from '../src/operation.ts'

/** How many levels of objects each operation asks for. */
const LEVELS = 4

/** Measures what operations cost that the gateway meets for the first time, over the graph that it serves here. */
export const measurePlanning = async (say: (line: string) => void): Promise<void> => {
  const sdl = await readFile(join(repositoryRoot, 'schema/supergraph.graphql'), 'utf8')
  const startedAt = performance.now()
  const graph = buildGraph(sdl, (_name, url) => url)
  say(`\nthe graph of ${graph.subgraphs.size} services is built in ${(performance.now() - startedAt).toFixed(0)} ms`)

  const root = graph.schema.getQueryType()
  const operations = Object.keys(root?.getFields() ?? {}).flatMap((name): Operation[] => {
    const selection = root && selectionOf(root, name, LEVELS)
    if (!selection) return []
    const query = `{ ${selection} }`
    const document = parse(query)
    const [node] = document.definitions
    if (node?.kind !== Kind.OPERATION_DEFINITION || validate(graph.schema, document).length > 0) return []
    return [{ graph, document, node, operationName: undefined, variables: {}, key: query }]
  })
  const preparations = createPreparations(graph)
  const [first] = operations
  // The thread reads the supergraph before its first plan.
  if (first) await preparations.get({ ...first, key: 'first' })

  const delay = monitorEventLoopDelay({ resolution: 1 })
  const times: number[] = []
  delay.enable()
  for (const operation of operations) {
    const askedAt = performance.now()
    await preparations.get(operation)
    times.push(performance.now() - askedAt)
  }
  delay.disable()
  await preparations.stop()
  times.sort((one, other) => one - other)
  const at = (part: number): string => (times[Math.floor((times.length - 1) * part)] ?? 0).toFixed(0)
  say(`  ${times.length} operations of ${LEVELS} levels: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`)
  const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1)
  say(`  meanwhile the event loop stood still for ${ms(delay.max)} ms at most, ${ms(delay.percentile(99))} ms at p99`)
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
