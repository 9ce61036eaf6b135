import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ConfigError } from '@codai/runtime'
import type { Logger } from '@codai/runtime'
import type { GraphQLSchema } from 'graphql'
import type { Routing } from '../routing.ts'
import { loadGraph } from './graph.ts'
import type { Graph } from './graph.ts'

export type Graphs = {
  /** The graph that new operations run on. */
  readonly current: () => Graph
  /** The graph that an API schema belongs to: operations end on the graph they were validated against. */
  readonly of: (schema: GraphQLSchema) => Graph
  /** Calls back with every graph that is to replace another, and waits before it does. Returns what ends it. */
  readonly beforeChange: (listener: (next: Graph) => Promise<void>) => () => void
  /** Calls back with every graph that replaces another. Returns what ends it. */
  readonly onChange: (listener: (graph: Graph) => void) => () => void
  readonly stop: () => Promise<void>
}

export type GraphsOptions = {
  /** Path of the supergraph file. */
  readonly file: string
  readonly routing: Routing
  readonly logger: Logger
  /** How long the file must rest before it is read, in milliseconds: writers are seldom done with one write. */
  readonly settleMs?: number
}

/**
 * Loads the supergraph file and follows it. A file that cannot be served is logged and the graph before it stays.
 * Throws `ConfigError` when the first one cannot be served.
 */
export const createGraphs = async ({ file, routing, logger, settleMs = 100 }: GraphsOptions): Promise<Graphs> => {
  let stopped = false
  let current = await firstGraph(file, routing)
  let rejected: string | undefined
  const bySchema = new WeakMap<GraphQLSchema, Graph>([[current.schema, current]])
  const preparing = new Set<(next: Graph) => Promise<void>>()
  const listeners = new Set<(graph: Graph) => void>()
  warnOfMissingUrls(current, logger)

  const reload = async (): Promise<void> => {
    let sdl: string
    try {
      sdl = await readFile(file, 'utf8')
    } catch (error) {
      logger.error({ err: error, file }, 'the supergraph file cannot be read; the graph before it stays in use')
      return
    }
    if (sdl === current.sdl || sdl === rejected) return
    let next: Graph
    try {
      next = await loadGraph(sdl, routing)
    } catch (error) {
      rejected = sdl
      const reason = error instanceof Error ? error.message : String(error)
      logger.error({ file, reason }, 'the new supergraph cannot be served; the graph before it stays in use')
      return
    }
    rejected = undefined
    await Promise.allSettled([...preparing].map((prepare) => prepare(next)))
    if (stopped) return next.planner.stop()
    // What still runs on the graph before has its plans; the little that asks it for more gets a thread again.
    const before = current
    current = next
    bySchema.set(current.schema, current)
    warnOfMissingUrls(current, logger)
    logger.info({ hash: current.hash, subgraphs: current.subgraphs.size }, 'a new supergraph is in use')
    for (const listener of listeners) listener(current)
    void before.planner.retire().then(() => {
      logger.info({ hash: before.hash }, 'the planner of the supergraph before has ended')
    })
  }

  const stopWatching = watchFile(file, settleMs, reload, logger)

  return {
    current: () => current,
    beforeChange: (listener) => {
      preparing.add(listener)
      return () => void preparing.delete(listener)
    },
    of: (schema) => bySchema.get(schema) ?? current,
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: async () => {
      stopped = true
      stopWatching()
      preparing.clear()
      listeners.clear()
      await current.planner.stop()
    },
  }
}

const firstGraph = async (file: string, routing: Routing): Promise<Graph> => {
  let sdl: string
  try {
    sdl = await readFile(file, 'utf8')
  } catch (cause) {
    const advice = 'Compose it (npm run compose), or name another: SUPERGRAPH_FILE=path'
    throw new ConfigError(`The supergraph file ${file} cannot be read. ${advice}`, { cause })
  }
  try {
    return await loadGraph(sdl, routing)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(`The supergraph file ${file} cannot be served: ${reason}`, { cause })
  }
}

const warnOfMissingUrls = (graph: Graph, logger: Logger): void => {
  const missing = [...graph.subgraphs.values()].filter(({ url }) => !URL.canParse(url)).map(({ name }) => name)
  if (missing.length > 0) logger.warn({ subgraphs: missing }, 'subgraphs without a usable url cannot be reached')
}

/**
 * Watches the folder and not the file: a file that is replaced by renaming (or through a symbolic link, as in a
 * Kubernetes volume) is another file, and a watch on the old one never speaks again.
 */
const watchFile = (file: string, settleMs: number, onSettled: () => Promise<void>, logger: Logger): (() => void) => {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const watcher = watch(dirname(file), { persistent: false }, () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(onSettled)
    }, settleMs)
    timer.unref()
  })
  watcher.on('error', (error) => logger.error({ err: error, file }, 'the supergraph file is no longer followed'))
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
