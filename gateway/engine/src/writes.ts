import type { FetchNode, PlanNode } from '@apollo/query-planner'
import { Kind } from 'graphql'
import type { SelectionSetNode } from 'graphql'
import { fetchedSelections } from './lost.ts'
import { placedFetchesOf } from './plans.ts'
import { readRenamedKeys } from './rewrites.ts'

/** Which fetches of a plan write into which objects of the response. */
export type Writes = {
  /** Whether a fetch brings no objects but the entities themselves. */
  readonly isFlat: (fetch: FetchNode) => boolean
  /** Whether no other fetch writes into the objects that a fetch brings. */
  readonly isOnlyWriter: (fetch: FetchNode, path: readonly string[]) => boolean
  /**
   * Whether nothing tells the objects at a place apart that are equal when one fetch has brought them: no other brings
   * objects to the place or above it, and every fetch about them, or about what is below, is about all of them.
   */
  readonly isUniform: (path: readonly string[]) => boolean
}

/** In: the plans that fill one response. Paths are those of plans, such as `['books', '@', 'author|[Person]']`. */
export const readWrites = (plans: readonly PlanNode[]): Writes => {
  const fetches = plans.flatMap((plan) => placedFetchesOf(plan))
  const objects = new Map(fetches.map(({ fetch }) => [fetch, objectsBelow(fetch)]))
  const counts = new Map<string, number>()

  const writtenBy = (fetch: FetchNode, path: readonly string[]): readonly string[] =>
    (objects.get(fetch) ?? []).map((below) => placeOf(keysOf(path)) + below)
  // What an object takes from those above it makes it another at each place.
  const dependsOnPlace = fetches.some(({ fetch }) => (fetch.contextRewrites ?? []).length > 0)
  const isWrittenOnce = (place: string): boolean => !dependsOnPlace && counts.get(place) === 1

  for (const { fetch, path } of fetches) {
    for (const place of writtenBy(fetch, path)) counts.set(place, (counts.get(place) ?? 0) + 1)
  }

  return {
    isFlat: (fetch) => !dependsOnPlace && objects.get(fetch)?.length === 0,
    isOnlyWriter: (fetch, path) => writtenBy(fetch, path).every(isWrittenOnce),
    isUniform: (path) => {
      const keys = keysOf(path)
      const place = placeOf(keys)
      return (
        keys.length > 0 &&
        keys.every((_, index) => isWrittenOnce(placeOf(keys.slice(0, index + 1)))) &&
        fetches.every(
          (other) =>
            !`${placeOf(keysOf(other.path))}.`.startsWith(`${place}.`) ||
            path.every((step, at) => other.path[at] === step),
        )
      )
    },
  }
}

/** The keys of a path, without lists and conditions. */
const keysOf = (path: readonly string[]): readonly string[] =>
  path.map((element) => element.split('|')[0] ?? '').filter((key) => key !== '@' && key !== '')

const placeOf = (keys: readonly string[]): string => ['', ...keys].join('.')

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
