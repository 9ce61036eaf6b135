import { createCache } from '../cache.ts'
import type { Cache } from '../cache.ts'
import type { Graph } from './graph.ts'

/** Gives what was found out of a graph under a key, or finds it. */
export type PerGraph<Value> = (graph: Graph, key: string, find: () => Value) => Value

/** Remembers what was found out of each graph, the last `capacity` keys; with a graph goes all that was found out of it. */
export const rememberPerGraph = <Value extends object | boolean>(capacity: number): PerGraph<Value> => {
  const byGraph = new WeakMap<Graph, Cache<Value>>()
  return (graph, key, find) => {
    const cache = byGraph.get(graph) ?? createCache<Value>(capacity)
    byGraph.set(graph, cache)
    const known = cache.get(key)
    if (known !== undefined) return known
    const found = find()
    cache.set(key, found)
    return found
  }
}
