import type { GraphQLSchema } from 'graphql'
import { getOwn, setOwn } from './merge.ts'
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

/** Gives the object that is to stand for another one; itself where it stays. */
export type Unify = (object: Data) => Data

/** A place in the response, for all items of the lists on the way. */
export type Place = {
  /** The keys to it, without lists: what the operation selects there. */
  readonly keys: readonly string[]
  readonly name: string
  /**
   * All objects there, those of the same identity once. With `unify`, each is replaced by what that gives for it: what is
   * equal becomes one object.
   */
  readonly objects: (root: Data, unify?: Unify) => readonly Data[]
  /** Where in the response each of them is, at several places when it is shared: some thousand paths, or as many as said. */
  readonly paths: (root: Data, most?: number) => ReadonlyMap<Data, readonly Path[]>
}

/** Compiles a path of a plan. In: such as `['books', '@', 'author|[Person]']`. Out: how to find what is there. */
export const compilePlace = (path: readonly (string | number)[], schema: GraphQLSchema): Place => {
  const steps = path.map((element) => readStep(String(element)))

  const meets = (value: unknown, types: readonly string[] | undefined): boolean => {
    if (!types || !isRecord(value)) return true
    const typename = value['__typename']
    return typeof typename !== 'string' || types.some((type) => isOfType(schema, typename, type))
  }

  /** Goes on from a value; gives what is to be in its place. */
  const walk = (value: unknown, index: number, visit: Visit, path: Path | null): unknown => {
    if (value === undefined || value === null || visit.isDone(value, index)) return value
    const step = steps[index]
    if (!step) {
      if (isRecord(value)) return visit.found(value, path ?? [])
      // A plan does not name the items of the last list where it is a list of lists.
      if (Array.isArray(value)) walkItems(value, undefined, index, visit, path)
      return value
    }
    if (Array.isArray(value)) {
      if (step.key === undefined) walkItems(value, step.types, index + 1, visit, path)
      else walkItems(value, undefined, index, visit, path)
      return value
    }
    if (step.key === undefined || !isRecord(value)) return value
    if (step.key === '') return meets(value, step.types) ? walk(value, index + 1, visit, path) : value
    const below = getOwn(value, step.key)
    if (!meets(below, step.types)) return value
    const replaced = walk(below, index + 1, visit, path && [...path, step.key])
    if (replaced !== below) setOwn(value, step.key, replaced)
    return value
  }

  const walkItems = (
    items: unknown[],
    types: readonly string[] | undefined,
    index: number,
    visit: Visit,
    path: Path | null,
  ): void => {
    for (let at = 0; at < items.length; at += 1) {
      const item = items[at]
      if (!meets(item, types)) continue
      const replaced = walk(item, index, visit, path && [...path, at])
      if (replaced !== item) items[at] = replaced
    }
  }

  return {
    keys: steps.flatMap(({ key }) => (key ? [key] : [])),
    name: path.join('.'),
    objects: (root, unify) => {
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
      const found = (object: Data): Data => {
        const one = unify ? unify(object) : object
        objects.add(one)
        return one
      }
      walk(root, 0, { found, isDone }, null)
      return [...objects]
    },
    paths: (root, most = MOST_PATHS) => {
      const paths = new Map<Data, Path[]>()
      const found = (object: Data, path: Path): Data => {
        left -= 1
        const known = paths.get(object)
        if (known) known.push(path)
        else paths.set(object, [path])
        return object
      }
      let left = most
      walk(root, 0, { found, isDone: () => left <= 0 }, [])
      return paths
    },
  }
}

/** More errors than these tell a client nothing new. */
const MOST_PATHS = 10_000

/** What to do on the way. */
type Visit = {
  readonly found: (object: Data, path: Path) => Data
  /** Whether a value need not be gone into. */
  readonly isDone: (value: unknown, index: number) => boolean
}

const readStep = (element: string): Step => {
  const [name = '', condition] = element.split('|')
  const types = condition?.slice(1, -1).split(',')
  return { key: name === '@' ? undefined : name, types }
}
