import type { FetchNode, QueryPlan } from '@apollo/query-planner'
import { Kind } from 'graphql'
import type { SelectionSetNode } from 'graphql'
import { fetchedSelections } from './lost.ts'
import { placedFetchesOf } from './plans.ts'
import type { PlacedFetch } from './plans.ts'
import { readRenamedKeys } from './rewrites.ts'

/** How a fetch of a plan and the others write into the objects of the response. */
export type Writes = {
  /** Whether it brings no objects but the entities themselves. */
  readonly isFlat: boolean
  /** Whether no other fetch writes into the objects that it brings. */
  readonly isOnlyWriter: boolean
  /**
   * Whether nothing tells the objects at its place apart that are equal when one fetch has brought them: no other brings
   * objects to the place or above it, and every fetch about them, or about what is below, is about all of them.
   */
  readonly isUniform: boolean
}

/**
 * Reads how the fetches of a plan write. It parses them all: of a large plan it takes longer than all the rest of
 * compiling. In: a plan. Out: plain data, for each fetch in the order of `fetchesOf`.
 */
export const readWrites = ({ node }: QueryPlan): readonly Writes[] => {
  if (!node) return []
  if (node.kind !== 'Subscription') return writesOf(placedFetchesOf(node))
  // The event is there before anything else is fetched.
  const primary = placedFetchesOf(node.primary)
  return [...writesOf(primary), ...writesOf(placedFetchesOf(node)).slice(primary.length)]
}

const writesOf = (fetches: readonly PlacedFetch[]): readonly Writes[] => {
  const objects = new Map(fetches.map(({ fetch }) => [fetch, objectsBelow(fetch)]))
  const counts = new Map<string, number>()

  const writtenBy = (fetch: FetchNode, path: readonly string[]): readonly string[] =>
    (objects.get(fetch) ?? []).map((below) => placeOf(keysOf(path)) + below)
  // What an object takes from those above it makes it another at each place.
  const dependsOnPlace = fetches.some(({ fetch }) => (fetch.contextRewrites ?? []).length > 0)
  const isWrittenOnce = (place: string): boolean => !dependsOnPlace && counts.get(place) === 1
  /** The paths of the fetches about what is at a place or below it: a plan of hundreds would compare each with each. */
  const pathsBelow = new Map<string, (readonly string[])[]>()

  for (const { fetch, path } of fetches) {
    for (const place of writtenBy(fetch, path)) counts.set(place, (counts.get(place) ?? 0) + 1)
    for (const place of placesAlong(keysOf(path))) {
      const known = pathsBelow.get(place)
      if (known) known.push(path)
      else pathsBelow.set(place, [path])
    }
  }

  const isUniform = (path: readonly string[]): boolean => {
    const places = placesAlong(keysOf(path))
    const place = places.at(-1)
    if (place === undefined || !places.every(isWrittenOnce)) return false
    return (pathsBelow.get(place) ?? []).every((other) => path.every((step, at) => other[at] === step))
  }

  return fetches.map(({ fetch, path }) => ({
    isFlat: !dependsOnPlace && objects.get(fetch)?.length === 0,
    isOnlyWriter: writtenBy(fetch, path).every(isWrittenOnce),
    isUniform: isUniform(path),
  }))
}

/** The keys of a path, without lists and conditions. */
const keysOf = (path: readonly string[]): readonly string[] =>
  path.map((element) => element.split('|')[0] ?? '').filter((key) => key !== '@' && key !== '')

const placeOf = (keys: readonly string[]): string => ['', ...keys].join('.')

/** A place, and those above it, without the root. */
const placesAlong = (keys: readonly string[]): readonly string[] => {
  let place = ''
  return keys.map((key) => (place += `.${key}`))
}

/** The places of the objects that a fetch brings, seen from those that it is about. */
const objectsBelow = (fetch: FetchNode): readonly string[] => {
  const places = new Set<string>()
  const clientKey = readRenamedKeys(fetch)
  const visit = ({ selections }: SelectionSetNode, at: string): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) continue
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, at)
        continue
      }
      const below = `${at}.${clientKey(selection.alias?.value ?? selection.name.value)}`
      places.add(below)
      visit(selection.selectionSet, below)
    }
  }
  visit(fetchedSelections(fetch.operation), '')
  return [...places]
}
