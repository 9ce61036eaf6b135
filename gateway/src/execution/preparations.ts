import { codedError, errorStatus } from '@codai/runtime'
import { print } from 'graphql'
import type { DocumentNode } from 'graphql'
import { createCache } from '../cache.ts'
import { findConflict, findRefused, prepare, readOperation, renameKeys, UnanswerableError } from '@codai/engine'
import type { Prepared } from '@codai/engine'
import type { Graph } from '../graph/graph.ts'
import type { Operation } from '../operation.ts'
import { liveFieldsOf, selectLiveFields } from './live-fields.ts'
import { createPlannerThread } from './planning.ts'
import { liveRuleOf } from './sharing.ts'

/** The operations of one graph that are planned and compiled, with the thread that plans them. */
export type Preparations = {
  /** Plans and compiles an operation, or finds it done. */
  readonly get: (operation: Operation) => Promise<Prepared>
  /** The same where it is done; undefined where it is not. */
  readonly known: (operation: Operation) => Prepared | undefined
  /** The operations that were asked for most often , the most frequent first. */
  readonly mostUsed: (count: number) => readonly Operation[]
  readonly retire: () => void
  readonly stop: () => Promise<void>
}

const REMEMBERED_OPERATIONS = 1_000

type Entry = { readonly operation: Operation; readonly prepared: Promise<Prepared>; done?: Prepared; uses: number }

export const createPreparations = (graph: Graph): Preparations => {
  const thread = createPlannerThread(graph.sdl)
  const entries = createCache<Entry>(REMEMBERED_OPERATIONS)
  const recent = new Map<string, Entry>()

  const plan = async (operation: Operation): Promise<Prepared> => {
    const { document, node, operationName } = operation
    const { schema, supergraphSchema: supergraph, fieldSets } = graph
    const conflict = findConflict(readOperation(schema, document, node), fieldSets.inputsWithArguments)
    if (conflict) throw new UnanswerableError(`${conflict.first} and ${conflict.second} cannot be answered together.`)
    const renamed = renameKeys(document, node, fieldSets.names)
    const fields = liveFieldsOf(document, liveRuleOf(operation))
    const planned = selectLiveFields(renamed.document, renamed.node, fields)
    const plan = await thread.plan(planned === document ? sourceOf(document) : print(planned), operationName)
    const refused = findRefused(plan, fieldSets.unresolvable)
    if (refused) throw new UnanswerableError(`${refused.service} does not look up ${refused.type} by any key.`)
    const { clientKey, isRenamed } = renamed
    return prepare({
      schema,
      supergraph,
      plan,
      document: renamed.document,
      node: renamed.node,
      ...(isRenamed && { clientKey }),
    })
  }

  const prepareOrRefuse = async (operation: Operation): Promise<Prepared> => {
    try {
      return await plan(operation)
    } catch (error) {
      if (!(error instanceof UnanswerableError)) throw error
      throw codedError('GRAPHQL_VALIDATION_FAILED', error.message, {
        http: { status: errorStatus('GRAPHQL_VALIDATION_FAILED') },
      })
    }
  }

  const create = (operation: Operation): Entry => {
    // What one client gave for the variables is nobody else's.
    const entry: Entry = { operation: { ...operation, variables: {} }, prepared: prepareOrRefuse(operation), uses: 0 }
    entries.set(operation.key, entry)
    recent.set(operation.key, entry)
    entry.prepared.then(
      (done) => (entry.done = done),
      // Not remembered: the next request may have better luck.
      () => entries.delete(operation.key),
    )
    if (recent.size > REMEMBERED_OPERATIONS) {
      const [oldest] = recent.keys()
      if (oldest !== undefined) recent.delete(oldest)
    }
    return entry
  }

  return {
    get: (operation) => {
      const entry = entries.get(operation.key) ?? create(operation)
      entry.uses += 1
      return entry.prepared
    },
    known: (operation) => {
      const entry = entries.get(operation.key)
      if (entry?.done) entry.uses += 1
      return entry?.done
    },
    mostUsed: (count) =>
      [...recent.values()]
        .filter(({ done }) => done !== undefined)
        .sort((one, other) => other.uses - one.uses)
        .slice(0, count)
        .map(({ operation }) => operation),
    retire: thread.retire,
    stop: thread.stop,
  }
}

const sourceOf = (document: DocumentNode): string => document.loc?.source.body ?? print(document)
