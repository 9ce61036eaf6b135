import { setTimeout as pause } from 'node:timers/promises'
import { CodedError } from '@codai/runtime'
import { OperationTypeNode } from 'graphql'
import { createReplays } from '@codai/engine'
import type { Prepared } from '@codai/engine'
import type { Executor } from '../executor.ts'
import { createFlights } from '../flights.ts'
import type { Graph } from '../graph/graph.ts'
import type { Call, Operation, Result } from '../operation.ts'
import { giveWay } from '../turns.ts'
import { deliver } from './deliver.ts'
import type { EngineExecutorOptions } from './options.ts'
import { createPreparations } from './preparations.ts'
import type { Preparations } from './preparations.ts'
import { createSending, resultOf } from './sending.ts'
import { createSharing } from './sharing.ts'
import { createSubscribe } from './subscribe.ts'
import { createWarmUp } from './warm-up.ts'

export type EngineExecutor = Executor & { readonly stop: () => void }

/** Past this, an answer at once is worth more than one in parts. */
const LONGEST_WAIT_FOR_PARTS_MS = 10_000

/** The executor that stands on our own engine: plans come from a thread, answers leave as text. */
export const createEngineExecutor = (options: EngineExecutorOptions): EngineExecutor => {
  const { graphs, metrics, logger } = options
  const byGraph = new WeakMap<Graph, Preparations>()
  const flights = createFlights<Result>()
  const replays = createReplays({ onRun: metrics.replay })
  const send = createSending(options)
  const sharingOf = createSharing()

  const preparationsOf = (graph: Graph): Preparations => {
    const known = byGraph.get(graph)
    if (known) return known
    const created = createPreparations(graph, { metrics, replays })
    byGraph.set(graph, created)
    return created
  }

  const prepared = (operation: Operation): Promise<Prepared> => preparationsOf(operation.graph).get(operation)

  /** Undefined where the planner fails, or does not get done: there are parts that it could well plan at once. */
  const preparedInTime = async (operation: Operation, { requestId }: Call): Promise<Prepared | undefined> => {
    const late = new AbortController()
    try {
      return await Promise.race([
        prepared(operation),
        pause(LONGEST_WAIT_FOR_PARTS_MS, undefined, { signal: late.signal, ref: false }),
      ])
    } catch (error) {
      logger.debug({ err: error, requestId }, 'an operation cannot be planned in parts')
      return undefined
    } finally {
      late.abort()
    }
  }

  const run = async (operation: Operation, call: Call): Promise<Result> => {
    let ready: Prepared
    try {
      ready = preparationsOf(operation.graph).known(operation) ?? (await prepared(operation))
    } catch (error) {
      if (error instanceof CodedError) return { errors: [error] }
      throw error
    }
    return resultOf(ready.run(operation.variables, send(operation.graph, call)))
  }

  const warmUp = createWarmUp({ preparationsOf, logger })
  const stopPreparing = graphs.beforeChange((next) => warmUp(graphs.current(), next))

  return {
    execute: async (operation, call) => {
      if (operation.node.operation !== OperationTypeNode.QUERY) return run(operation, call)
      const { graph, key, variables } = operation
      const { isSameForEveryone } = sharingOf(operation)
      await giveWay(operation.document)
      // What is the same for everyone is run in nobody's name, for all who wait for it.
      const asker = isSameForEveryone ? { ...call, caller: options.nobody } : call
      const credentials = (await asker.caller.credentials()) ?? ''
      const same = `${graph.hash} ${key} ${credentials} ${JSON.stringify(variables)}`
      return flights.join(same, call.cancellation, (cancellation) => run(operation, { ...asker, cancellation }))
    },
    deliver: async (operation, call) => {
      const ready = await preparedInTime(operation, call)
      return ready && deliver(ready, operation, call, send)
    },
    plan: async (operation) => (await prepared(operation)).plan,
    subscribe: createSubscribe({ ...options, prepared, send, sharingOf }),
    stop: stopPreparing,
  }
}
