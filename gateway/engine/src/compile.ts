import type { FetchNode, PlanNode } from '@apollo/query-planner'
import { Kind, OperationTypeNode, isObjectType } from 'graphql'
import type { GraphQLSchema, SelectionSetNode } from 'graphql'
import { compileLostKeys, fetchedSelections } from './lost.ts'
import type { LostKeys } from './lost.ts'
import { compileRepresentations } from './representations.ts'
import type { Represent } from './representations.ts'
import { compileRewrites } from './rewrites.ts'
import type { Rewrite } from './rewrites.ts'
import { compilePlace } from './targets.ts'
import type { Place } from './targets.ts'

/** A fetch of a plan, with all that can be known of it before it runs. */
export type FetchStep = {
  readonly kind: 'fetch'
  readonly service: string
  readonly isRead: boolean
  /** The request as JSON text up to its variables, which the end of the text closes. */
  readonly bodyStart: string
  readonly variables: readonly string[]
  /** The objects that it is about. */
  readonly place: Place
  /** How those are named to the subgraph; undefined for a fetch at the subgraph's root. */
  readonly represent: Represent | undefined
  readonly rewriteOutput: Rewrite | undefined
  /** Entities of different types may have equal representations but need different rewrites. */
  readonly distinguishTypes: boolean
  /** Whether equal entities may share the objects of one answer: not where another fetch writes into those, too. */
  readonly sharesAnswers: boolean
  readonly lostKeys: LostKeys
  /** The client's key for one of the subgraph's answer: plans rename keys that would be in each other's way. */
  readonly clientKey: (key: string) => string
  readonly isObjectType: (typename: unknown) => boolean
}

export type Step =
  | FetchStep
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly Step[] }
  | { readonly kind: 'condition'; readonly variable: string; readonly yes?: Step; readonly no?: Step }

/** Compiles a plan. In: its nodes, and the supergraph's schema. Out: the steps to run. */
export const compilePlan = (node: PlanNode, supergraph: GraphQLSchema): Step => {
  const written = countWrittenObjects(node)

  const compileFetch = (fetch: FetchNode, path: readonly (string | number)[]): FetchStep => {
    const { serviceName, operation: query, operationName, operationKind, requires, variableUsages = [] } = fetch
    const place = compilePlace(path, supergraph)
    const rewriteInput = compileRewrites(fetch.inputRewrites, supergraph)
    const rewriteOutput = compileRewrites(fetch.outputRewrites, supergraph)
    const clientKey = readRenamedKeys(fetch)
    return {
      kind: 'fetch',
      service: serviceName,
      isRead: operationKind === OperationTypeNode.QUERY,
      bodyStart: bodyStart(query, operationName),
      variables: variableUsages,
      place,
      represent: requires && compileRepresentations(requires, rewriteInput, supergraph),
      rewriteOutput,
      distinguishTypes: rewriteInput !== undefined,
      sharesAnswers: objectsWrittenBy(fetch, place.keys).every((key) => written.get(key) === 1),
      lostKeys: compileLostKeys({ query, position: place.keys, supergraph, clientKey }),
      clientKey,
      isObjectType: (typename) => typeof typename === 'string' && isObjectType(supergraph.getType(typename)),
    }
  }

  const compile = (current: PlanNode, path: readonly (string | number)[]): Step => {
    switch (current.kind) {
      case 'Fetch':
        return compileFetch(current, path)
      case 'Flatten':
        return compile(current.node, [...path, ...current.path])
      case 'Sequence':
      case 'Parallel': {
        const steps = current.nodes.map((child) => compile(child, path))
        return { kind: current.kind === 'Sequence' ? 'sequence' : 'parallel', steps }
      }
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = current
        return {
          kind: 'condition',
          variable,
          ...(ifClause && { yes: compile(ifClause, path) }),
          ...(elseClause && { no: compile(elseClause, path) }),
        }
      }
      case 'Defer':
        throw new Error('@defer was not asked for, and is planned nevertheless')
      default:
        throw new Error(`a plan with a node of the unknown kind ${JSON.stringify(current satisfies never)}`)
    }
  }

  return compile(node, [])
}

const bodyStart = (query: string, operationName: string | undefined): string => {
  const text = JSON.stringify({ query, ...(operationName !== undefined && { operationName }) })
  return `${text.slice(0, -1)},"variables":{`
}

const readRenamedKeys = ({ outputRewrites = [] }: FetchNode): ((key: string) => string) => {
  const renamed = new Map<string, string>()
  for (const rewrite of outputRewrites) {
    const key = rewrite.path.at(-1)
    if (rewrite.kind === 'KeyRenamer' && key !== undefined) renamed.set(key, rewrite.renameKeyTo)
  }
  return (key) => renamed.get(key) ?? key
}

/** All fetches of a plan, with the keys to the objects they are about. */
const fetchesOf = (node: PlanNode, path: readonly string[]): readonly (readonly [FetchNode, readonly string[]])[] => {
  switch (node.kind) {
    case 'Fetch':
      return [[node, path]]
    case 'Flatten':
      return fetchesOf(node.node, [...path, ...node.path.map((element) => String(element).split('|')[0] ?? '')])
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((child) => fetchesOf(child, path))
    case 'Condition':
      return [node.ifClause, node.elseClause].flatMap((child) => (child ? fetchesOf(child, path) : []))
    case 'Defer':
    default:
      return []
  }
}

/** By the keys to them, how many fetches write into the objects there. */
const countWrittenObjects = (node: PlanNode): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const [fetch, path] of fetchesOf(node, [])) {
    const keys = path.filter((key) => key !== '@' && key !== '')
    for (const key of objectsWrittenBy(fetch, keys)) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** The places, as keys joined, of the objects that a fetch writes below those that it is about. */
const objectsWrittenBy = (fetch: FetchNode, path: readonly string[]): readonly string[] => {
  const places = new Set<string>()
  const visit = ({ selections }: SelectionSetNode, at: string): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD || !selection.selectionSet) continue
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, at)
        continue
      }
      const below = `${at}.${selection.alias?.value ?? selection.name.value}`
      places.add(below)
      visit(selection.selectionSet, below)
    }
  }
  visit(fetchedSelections(fetch.operation), path.join('.'))
  return [...places]
}
