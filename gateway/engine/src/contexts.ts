import type { FetchNode } from '@apollo/query-planner'
import type { GraphQLSchema } from 'graphql'
import { getOwn } from './merge.ts'
import type { Place } from './targets.ts'
import { isOfType } from './type-conditions.ts'
import { isRecord } from './types.ts'
import type { Data, Path } from './types.ts'

/** Reads, for each object of a step, the variables that it takes from the objects above it, as JSON text. */
export type ReadContexts = (root: Data) => (object: Data) => string

type Context = { readonly name: string; readonly levels: number; readonly steps: readonly string[] }

const PARENT = '..'
const TYPE_CONDITION = '... on '

/**
 * Compiles what `@fromContext` asks of a fetch. In: the fetch, where its objects are, and the supergraph's schema. Out: how
 * their variables are read; undefined where there are none.
 */
export const compileContexts = (
  { contextRewrites = [] }: FetchNode,
  place: Place,
  schema: GraphQLSchema,
): ReadContexts | undefined => {
  if (contextRewrites.length === 0) return undefined
  const contexts = contextRewrites.map(({ path, renameKeyTo: name }): Context => {
    const levels = path.filter((step) => step === PARENT).length
    return { name, levels, steps: path.slice(levels) }
  })

  const valueIn = (ancestor: unknown, steps: readonly string[]): unknown =>
    steps.reduce<unknown>((value, step) => {
      if (!isRecord(value)) return undefined
      if (!step.startsWith(TYPE_CONDITION)) return getOwn(value, step)
      const typename = value['__typename']
      const condition = step.slice(TYPE_CONDITION.length)
      return typeof typename !== 'string' || isOfType(schema, typename, condition) ? value : undefined
    }, ancestor)

  return (root) => {
    const paths = place.paths(root, Infinity)
    return (object) => {
      const [path = []] = paths.get(object) ?? []
      const values = new Map<string, unknown>()
      for (const { name, levels, steps } of contexts) {
        // One context may be set by several types: the one that is there counts.
        const value = values.get(name) ?? valueIn(ancestorAt(root, path, levels), steps)
        values.set(name, value)
      }
      return [...values].map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`).join(',')
    }
  }
}

/** The object so many fields above the end of a path. */
const ancestorAt = (root: Data, path: Path, levels: number): unknown => {
  let length = path.length
  for (let level = 0; level < levels; level += 1) {
    while (typeof path[length - 1] === 'number') length -= 1
    length -= 1
  }
  return path.slice(0, Math.max(length, 0)).reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)]
    return isRecord(value) ? getOwn(value, String(key)) : undefined
  }, root)
}
