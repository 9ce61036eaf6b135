import { conditionVariables, readOperation } from '@codai/engine'
import type { Prepared, Replays } from '@codai/engine'
import { CodedError, traced } from '@codai/runtime'
import type { OperationDefinitionNode } from 'graphql'
import { createCache } from '../cache.ts'
import type { Graph } from '../graph/graph.ts'
import type { PlanMetrics } from '../metrics.ts'
import type { Operation } from '../operation.ts'
import { prepareOperation, readConditions } from './prepare-operation.ts'
import type { Conditions } from './prepare-operation.ts'

/**
 * The operations of one graph that are planned and compiled. What `@skip` and `@include` ask is part of an
 * operation here: each combination of values that occurs has a plan of its own.
 */
export type Preparations = {
  /** Plans and compiles an operation, or finds it done. */
  readonly get: (operation: Operation) => Promise<Prepared>
  /** The same where it is done; undefined where it is not. */
  readonly known: (operation: Operation) => Prepared | undefined
  /** The operations that were asked for most often, the most frequent first. */
  readonly mostUsed: (count: number) => readonly Operation[]
}

export type PreparationsOptions = {
  readonly metrics?: PlanMetrics
  /** Where what operations came to is remembered, for all graphs. */
  readonly replays?: Replays
}

const REMEMBERED_OPERATIONS = 1_000
/** How long it is remembered that an operation takes too long to plan, in milliseconds. */
const TOO_LONG_FOR_MS = 60_000

type Entry = { readonly operation: Operation; readonly prepared: Promise<Prepared>; done?: Prepared; uses: number }

export const createPreparations = (graph: Graph, { metrics, replays }: PreparationsOptions = {}): Preparations => {
  const entries = createCache<Entry>(REMEMBERED_OPERATIONS)
  const recent = new Map<string, Entry>()

  const conditionNames = new WeakMap<OperationDefinitionNode, readonly string[]>()

  const conditionsOf = (operation: Operation): Conditions | undefined => {
    const { document, node } = operation
    const names = conditionNames.get(node) ?? conditionVariables(readOperation(graph.schema, document, node))
    conditionNames.set(node, names)
    return names.length === 0 ? undefined : readConditions(names, operation)
  }

  const keyOf = ({ key }: Operation, conditions: Conditions | undefined): string =>
    conditions ? `${key} ${JSON.stringify(conditions)}` : key

  const create = (operation: Operation, key: string, conditions: Conditions = {}): Entry => {
    // What one client gave for the variables is nobody else's, but for what decides on the plan.
    const observe = metrics?.planning()
    const prepared = traced('graphql.plan', {}, () => prepareOperation(operation, conditions, replays))
    const entry: Entry = { operation: { ...operation, variables: conditions }, prepared, uses: 0 }
    entries.set(key, entry)
    recent.set(key, entry)
    entry.prepared.then(
      (done) => {
        entry.done = done
        observe?.('planned')
      },
      (error: unknown) => {
        observe?.('failed')
        const forget = (): void => {
          if (entries.get(key) === entry) entries.delete(key)
        }
        // The next request may have better luck, but not at once where the planner did not get done.
        if (error instanceof CodedError && error.code === 'TIMEOUT') setTimeout(forget, TOO_LONG_FOR_MS).unref()
        else forget()
      },
    )
    if (recent.size > REMEMBERED_OPERATIONS) {
      const [oldest] = recent.keys()
      if (oldest !== undefined) recent.delete(oldest)
    }
    return entry
  }

  return {
    get: (operation) => {
      const conditions = conditionsOf(operation)
      const key = keyOf(operation, conditions)
      const entry = entries.get(key) ?? create(operation, key, conditions)
      entry.uses += 1
      return entry.prepared
    },
    known: (operation) => {
      const entry = entries.get(keyOf(operation, conditionsOf(operation)))
      if (entry?.done) entry.uses += 1
      metrics?.planLookup(entry?.done !== undefined)
      return entry?.done
    },
    mostUsed: (count) =>
      [...recent.values()]
        .filter(({ done }) => done !== undefined)
        .sort((one, other) => other.uses - one.uses)
        .slice(0, count)
        .map(({ operation }) => operation),
  }
}
