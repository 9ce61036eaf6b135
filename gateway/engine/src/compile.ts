import type { DeferNode, FetchNode, PlanNode } from '@apollo/query-planner'
import { OperationTypeNode, isObjectType } from 'graphql'
import type { GraphQLSchema } from 'graphql'
import { compileContexts } from './contexts.ts'
import type { ReadContexts } from './contexts.ts'
import { compileLostKeys } from './lost.ts'
import type { LostKeys } from './lost.ts'
import { fetchesOf } from './plans.ts'
import { compileRepresentations } from './representations.ts'
import type { Represent } from './representations.ts'
import { compileRewrites, readRenamedKeys } from './rewrites.ts'
import type { Rewrite } from './rewrites.ts'
import { compilePlace } from './targets.ts'
import type { Place } from './targets.ts'
import type { Writes } from './writes.ts'

/** A fetch of a plan, with all that can be known of it before it runs. */
export type FetchStep = {
  /** By which parts that come later wait for it. */
  readonly id: string | undefined
  /** Equal for steps that ask the same of entities, and may therefore share requests and their answers. */
  readonly question: string
  readonly service: string
  readonly isRead: boolean
  readonly query: string
  /** The request as JSON text up to its variables, which the end of the text closes. */
  readonly bodyStart: string
  readonly variables: readonly string[]
  /** The objects that it is about. */
  readonly place: Place
  /** Whether equal objects there may become one: nobody ever tells them apart. */
  readonly isUniform: boolean
  /** How those are named to the subgraph; undefined for a fetch at the subgraph's root. */
  readonly represent: Represent | undefined
  /** The variables that objects take from those above them, where they do. */
  readonly readContexts: ReadContexts | undefined
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
  | { readonly kind: 'fetch'; readonly compiled: () => FetchStep }
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly Step[] }
  | { readonly kind: 'condition'; readonly variable: string; readonly yes?: Step; readonly no?: Step }
  | DeferStep

/** Something that comes at once, and parts that come later. */
export type DeferStep = {
  readonly kind: 'defer'
  readonly primary?: Step
  /** The ids of the primary's fetches, and those that parts wait for although the plan gave them to none. */
  readonly fetches: readonly string[]
  readonly parts: readonly DeferredPart[]
}

export type DeferredPart = {
  readonly label: string
  /** The ids of the fetches that must be done before it begins. */
  readonly needs: readonly string[]
  /** Undefined where all of it was fetched before. */
  readonly step?: Step
}

/** Compiles a plan. In: its nodes, the supergraph's schema, and how all fetches write. Out: the steps to run. */
export const compilePlan = (
  node: PlanNode,
  supergraph: GraphQLSchema,
  writes: ReadonlyMap<FetchNode, Writes | undefined>,
): Step => {
  const ids = new Set(idsOf(node))
  let fetches = 0

  const compileFetch = (fetch: FetchNode, path: readonly (string | number)[], number: number): FetchStep => {
    const { serviceName, operation: query, operationName, operationKind, requires, variableUsages = [] } = fetch
    const place = compilePlace(path, supergraph)
    const rewriteInput = compileRewrites(fetch.inputRewrites, supergraph)
    const rewriteOutput = compileRewrites(fetch.outputRewrites, supergraph)
    const clientKey = readRenamedKeys(fetch)
    const { isFlat = false, isUniform = false, isOnlyWriter = false } = writes.get(fetch) ?? {}
    return {
      id: fetch.id,
      // Objects below an entity would become part of the response at the places of two steps, where others may write
      // into them.
      question: isFlat ? textOf(fetch) : `${number}`,
      service: serviceName,
      isRead: operationKind === OperationTypeNode.QUERY,
      query,
      bodyStart: bodyStart(query, operationName),
      variables: variableUsages,
      place,
      represent: requires && compileRepresentations(requires, rewriteInput, supergraph),
      readContexts: compileContexts(fetch, place, supergraph),
      rewriteOutput,
      distinguishTypes: rewriteInput !== undefined,
      isUniform,
      sharesAnswers: isOnlyWriter,
      lostKeys: compileLostKeys({ query, position: place.keys, supergraph, clientKey }),
      clientKey,
      isObjectType: (typename) => typeof typename === 'string' && isObjectType(supergraph.getType(typename)),
    }
  }

  const compile = (current: PlanNode, path: readonly (string | number)[]): Step => {
    switch (current.kind) {
      case 'Fetch': {
        fetches += 1
        const number = fetches
        // When it first runs: a plan may have hundreds of fetches, and the event loop waits for none of them here.
        return { kind: 'fetch', compiled: once(() => compileFetch(current, path, number)) }
      }
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
        return compileDefer(current, path)
      default:
        throw new Error(`a plan with a node of the unknown kind ${JSON.stringify(current satisfies never)}`)
    }
  }

  const compileDefer = ({ primary, deferred }: DeferNode, path: readonly (string | number)[]): Step => ({
    kind: 'defer',
    ...(primary.node && { primary: compile(primary.node, path) }),
    // Planners forget to say which of the primary's fetches has an id: then all of them must be done.
    fetches: [
      ...idsOf(primary.node),
      ...deferred.flatMap(({ depends }) => depends.map(({ id }) => id)).filter((id) => !ids.has(id)),
    ],
    parts: deferred.map(({ label = '', depends, node: part }) => ({
      label,
      needs: depends.map(({ id }) => id),
      ...(part && { step: compile(part, path) }),
    })),
  })

  return compile(node, [])
}

const idsOf = (node: PlanNode | undefined): readonly string[] =>
  node ? fetchesOf({ kind: 'QueryPlan', node }).flatMap(({ id }) => id ?? []) : []

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

const bodyStart = (query: string, operationName: string | undefined): string => {
  const text = JSON.stringify({ query, ...(operationName !== undefined && { operationName }) })
  return `${text.slice(0, -1)},"variables":{`
}

/** What a fetch asks, whatever its name, which is of the plan's making and no other fetch's. */
const textOf = (fetch: FetchNode): string => {
  const { serviceName, operation, operationName = '', requires, inputRewrites, outputRewrites } = fetch
  const anonymous = operation.replace(operationName, '')
  return JSON.stringify([serviceName, anonymous, requires, inputRewrites, outputRewrites])
}
