import type { SelectionSetNode } from 'graphql'
import { collectFields, selectionsBelow } from './collect.ts'
import type { Fields } from './collect.ts'
import type { ClientOperation } from './operation.ts'
import type { Path, Variables } from './types.ts'

/** What a client selected, whatever the types of the objects: a tree of response keys, made as far as it is asked. */
export type Selection = {
  readonly keys: ReadonlySet<string>
  readonly below: (key: string) => Selection | undefined
}

/** In: the operation, and the variables that its `@skip` and `@include` ask. Out: the root of the tree. */
export const selectionOf = (operation: ClientOperation, variables: Variables): Selection =>
  createSelection([operation.node.selectionSet], (sets) => collectFields(operation, undefined, sets, variables))

const createSelection = (
  sets: readonly SelectionSetNode[],
  collect: (sets: readonly SelectionSetNode[]) => Fields,
): Selection => {
  const fields = collect(sets)
  const made = new Map<string, Selection>()
  return {
    keys: new Set(fields.keys()),
    below: (key) => {
      const known = made.get(key)
      const nodes = fields.get(key)
      if (known || !nodes) return known
      const selection = createSelection(selectionsBelow(nodes), collect)
      made.set(key, selection)
      return selection
    },
  }
}

/** The same for a part of an operation, without what comes later than it. */
export const partOf = (
  operation: ClientOperation,
  sets: readonly SelectionSetNode[],
  variables: Variables,
): Selection => createSelection(sets, (below) => collectFields(operation, undefined, below, variables, []))

/** Tells whether a path leads to something that is selected. */
export const isSelectedAt = (root: Selection, path: Path): boolean => selectedPart(root, path).length === path.length

/** The part of a path that the client selected: past it come keys and inputs of plans, which count for their object. */
export const selectedPart = (root: Selection, path: Path): Path => {
  let selection: Selection | undefined = root
  for (const [index, key] of path.entries()) {
    if (typeof key === 'number') continue
    if (!selection?.keys.has(key)) return path.slice(0, index)
    selection = selection.below(key)
  }
  return path
}

/** What is selected below a place, given by its keys without the indices of lists. */
export const selectionAt = (root: Selection, keys: readonly string[]): Selection | undefined =>
  keys.reduce<Selection | undefined>((selection, key) => selection?.below(key), root)
