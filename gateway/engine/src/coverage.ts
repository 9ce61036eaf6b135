import type { PlanNode, QueryPlan } from '@apollo/query-planner'
import { Kind } from 'graphql'
import type { SelectionSetNode } from 'graphql'
import { fetchedSelections } from './lost.ts'
import type { ClientOperation } from './operation.ts'

/** The keys that a plan fetches, as a tree. */
type Fetched = Map<string, Fetched>

/**
 * Finds what a plan forgot: of a field that no subgraph can answer the planner makes an empty plan, and says nothing.
 * Looks only at what is asked of every object and under no condition, all else may be left out for good reasons.
 *
 * In: the operation and its plan. Out: the path to the first field that nothing fetches.
 */
export const findForgotten = (operation: ClientOperation, { node }: QueryPlan): readonly string[] | undefined => {
  const root: Fetched = new Map()
  if (node?.kind === 'Subscription') {
    add(node.primary, [], root)
    if (node.rest) add(node.rest, [], root)
  } else if (node) add(node, [], root)
  return forgottenBelow(operation.node.selectionSet, root)
}

const add = (node: PlanNode, path: readonly string[], root: Fetched): void => {
  switch (node.kind) {
    case 'Fetch': {
      const renamed = new Map<string, string>()
      for (const rewrite of node.outputRewrites ?? []) {
        const key = rewrite.path.at(-1)
        if (rewrite.kind === 'KeyRenamer' && key !== undefined) renamed.set(key, rewrite.renameKeyTo)
      }
      addSelections(fetchedSelections(node.operation), path.reduce(below, root), renamed)
      return
    }
    case 'Flatten': {
      const keys = node.path
        .map((element) => String(element).split('|')[0] ?? '')
        .filter((key) => key !== '@' && key !== '')
      add(node.node, [...path, ...keys], root)
      return
    }
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) add(child, path, root)
      return
    case 'Condition':
      for (const child of [node.ifClause, node.elseClause]) if (child) add(child, path, root)
      return
    case 'Defer':
      for (const child of [node.primary, ...node.deferred]) if (child.node) add(child.node, path, root)
      return
    default:
  }
}

const below = (tree: Fetched, key: string): Fetched => {
  const known = tree.get(key) ?? new Map()
  tree.set(key, known)
  return known
}

const addSelections = ({ selections }: SelectionSetNode, tree: Fetched, renamed: ReadonlyMap<string, string>): void => {
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) continue
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      addSelections(selection.selectionSet, tree, renamed)
      continue
    }
    const key = selection.alias?.value ?? selection.name.value
    const next = below(tree, renamed.get(key) ?? key)
    if (selection.selectionSet) addSelections(selection.selectionSet, next, renamed)
  }
}

const forgottenBelow = ({ selections }: SelectionSetNode, fetched: Fetched): readonly string[] | undefined => {
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD || (selection.directives?.length ?? 0) > 0) continue
    if (selection.name.value.startsWith('__')) continue
    const key = selection.alias?.value ?? selection.name.value
    const next = fetched.get(key)
    if (!next) {
      // An object of which only conditions and fragments are asked may end up with nothing to fetch.
      if (selection.selectionSet && !hasPlainField(selection.selectionSet)) continue
      return [key]
    }
    const forgotten = selection.selectionSet && forgottenBelow(selection.selectionSet, next)
    if (forgotten) return [key, ...forgotten]
  }
  return undefined
}

const hasPlainField = ({ selections }: SelectionSetNode): boolean =>
  selections.some(
    (selection) =>
      selection.kind === Kind.FIELD &&
      (selection.directives?.length ?? 0) === 0 &&
      (!selection.selectionSet || hasPlainField(selection.selectionSet)),
  )
