import type { GraphQLSchema } from 'graphql'
import { getOwn } from './merge.ts'
import { isOfType } from './type-conditions.ts'
import { isRecord } from './types.ts'
import type { Data, Path } from './types.ts'

/** One step of a plan's path into the response. */
type Step = {
  /** The key to follow; undefined for the items of a list. */
  readonly key: string | undefined
  /** The types that objects found there must be of; undefined for any. */
  readonly types: readonly string[] | undefined
}

/** A place in the response, for all items of the lists on the way. */
export type Place = {
  /** The keys to it, without lists: what the operation selects there. */
  readonly keys: readonly string[]
  /** All objects there, those of the same identity once. */
  readonly objects: (root: Data) => readonly Data[]
  /** Where in the response each of them is: at several places when it is shared. */
  readonly paths: (root: Data) => ReadonlyMap<Data, readonly Path[]>
}

/** Compiles a path of a plan. In: such as `['books', '@', 'author|[Person]']`. Out: how to find what is there. */
export const compilePlace = (path: readonly (string | number)[], schema: GraphQLSchema): Place => {
  const steps = path.map((element) => readStep(String(element)))

  const meets = (value: unknown, types: readonly string[] | undefined): boolean => {
    if (!types || !isRecord(value)) return true
    const typename = value['__typename']
    return typeof typename !== 'string' || types.some((type) => isOfType(schema, typename, type))
  }

  const walk = (value: unknown, index: number, visit: Visit, path: Path | null): void => {
    if (value === undefined || value === null || visit.isDone(value, index)) return
    const { found } = visit
    const step = steps[index]
    if (!step) {
      if (isRecord(value)) found(value, path ?? [])
      // A plan does not name the items of the last list where it is a list of lists.
      else if (Array.isArray(value)) value.forEach((item, at) => walk(item, index, visit, path && [...path, at]))
      return
    }
    if (Array.isArray(value)) {
      const next = step.key === undefined ? index + 1 : index
      value.forEach((item, at) => {
        if (step.key !== undefined || meets(item, step.types)) walk(item, next, visit, path && [...path, at])
      })
      return
    }
    if (step.key === undefined || !isRecord(value)) return
    if (step.key === '') {
      if (meets(value, step.types)) walk(value, index + 1, visit, path)
      return
    }
    const below = getOwn(value, step.key)
    if (meets(below, step.types)) walk(below, index + 1, visit, path && [...path, step.key])
  }

  return {
    keys: steps.flatMap(({ key }) => (key ? [key] : [])),
    objects: (root) => {
      if (steps.length === 0) return [root]
      const objects = new Set<Data>()
      // Objects that are shared are met again and again, along more ways than can be gone.
      const visited = new Set<unknown>()
      const isDone = (value: unknown, index: number): boolean => {
        if (index === 0 || index === steps.length || Array.isArray(value)) return false
        if (visited.has(value)) return true
        visited.add(value)
        return false
      }
      walk(root, 0, { found: (object) => void objects.add(object), isDone }, null)
      return [...objects]
    },
    paths: (root) => {
      const paths = new Map<Data, Path[]>()
      const add = (object: Data, path: Path): void => {
        left -= 1
        const known = paths.get(object)
        if (known) known.push(path)
        else paths.set(object, [path])
      }
      let left = MOST_PATHS
      walk(root, 0, { found: add, isDone: () => left <= 0 }, [])
      return paths
    },
  }
}

/** More errors than these tell a client nothing new. */
const MOST_PATHS = 10_000

/** What to do on the way. */
type Visit = {
  readonly found: (object: Data, path: Path) => void
  /** Whether a value need not be gone into. */
  readonly isDone: (value: unknown, index: number) => boolean
}

const readStep = (element: string): Step => {
  const [name = '', condition] = element.split('|')
  const types = condition?.slice(1, -1).split(',')
  return { key: name === '@' ? undefined : name, types }
}
