import { codedError } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import type { Prepared, SubscriptionStart } from '@codai/engine'
import { createEventStream } from '../event-stream.ts'
import type { EventStream } from '../event-stream.ts'
import type { Graph, Subgraph } from '../graph/graph.ts'
import type { Call, Operation, Result } from '../operation.ts'
import type { SubgraphResponse } from '../subgraphs/client.ts'
import { createSend, resultOf } from './sending.ts'
import type { SubscribeOptions } from './options.ts'

/** Those who subscribed to the same: one stream of the subgraph, and one run of the operation for each event. */
export type SubscriptionGroup = {
  readonly join: (operation: Operation, call: Call) => AsyncGenerator<Result, void, undefined>
}

export type SubscriptionGroupOptions = SubscribeOptions & {
  readonly operation: Operation
  readonly call: Call
  /** Runs an event, unless an equal one is being run for the same identity. */
  readonly share: (event: SubgraphResponse, run: () => Promise<Result>) => Promise<Result>
  /** Called when nobody else may join any more. */
  readonly onClosedToOthers: () => void
}

/** How many events may wait for a client that reads slower than they come. */
const WAITING_EVENTS = 1_000

/** A subscription as planned on one graph. */
type Planned = {
  readonly operation: Operation
  readonly prepared: Prepared
  readonly subgraph: Subgraph
  readonly start: SubscriptionStart
}

/** An event, and the plan under which its upstream was opened. */
type Event = { readonly response: SubgraphResponse; readonly opened: Planned }

type Member = {
  operation: Operation
  readonly call: Call
  readonly stream: EventStream<Result, Result>
}

export const createSubscriptionGroup = (options: SubscriptionGroupOptions): SubscriptionGroup => {
  const { graphs, client, openUpstream, readmit, prepared, call, share, onClosedToOthers } = options
  const members = new Set<Member>()
  let planned: Planned | undefined
  let latestGraph = options.operation.graph
  let closeUpstream = (): void => {}
  let closed = false

  const plan = async (operation: Operation): Promise<Planned> => {
    const ready = await prepared(operation)
    const start = ready.subscription
    if (!start) throw new Error('the operation is not a subscription that a subgraph can answer')
    const subgraph = operation.graph.subgraphs.get(start.service)
    if (!subgraph) throw new Error(`the plan names the subgraph ${start.service}, which the graph does not have`)
    return { operation, prepared: ready, subgraph, start }
  }

  /** Plans on a graph, and opens the upstream unless it would be the one that is open. */
  const adopt = async (operation: Operation): Promise<void> => {
    const next = await plan(operation)
    if (closed || operation.graph !== latestGraph) return
    const previous = planned
    planned = next
    if (previous && sameUpstream(previous, next)) return
    closeUpstream()
    const { query, operationName, variables } = next.start
    const request = { query, operationName, variables: variables(operation.variables) }
    closeUpstream = openUpstream(next.subgraph, request, call, {
      next: (response) => {
        onClosedToOthers()
        events.push({ response, opened: next })
      },
      end: events.end,
    })
  }

  const moveTo = (graph: Graph): void => {
    latestGraph = graph
    for (const member of members) {
      try {
        member.operation = readmit(member.operation, graph, member.call)
      } catch (error) {
        members.delete(member)
        member.stream.end(toError(error))
      }
    }
    const [first] = members
    if (!first) close()
    else adopt(first.operation).catch((error: unknown) => events.end(toError(error)))
  }

  const runEvent = ({ response, opened }: Event): Promise<Result> =>
    share(response, async () => {
      const { prepared, operation } = planned && sameUpstream(opened, planned) ? planned : opened
      const send = createSend(operation.graph, client, call)
      return resultOf(prepared.runEvent(response, operation.variables, send))
    })

  const events = createEventStream<Event, Result>({
    capacity: WAITING_EVENTS,
    process: runEvent,
    overflow: tooSlow,
    onClose: () => {
      closed = true
      onClosedToOthers()
      stopFollowing()
      closeUpstream()
    },
  })

  const close = (): void => void events.values.return()

  const deliver = async (): Promise<void> => {
    let error: Error | undefined
    try {
      for await (const result of events.values) for (const { stream } of members) stream.push(result)
    } catch (cause) {
      error = toError(cause)
    }
    for (const { stream } of members) stream.end(error)
  }

  const stopFollowing = graphs.onChange(moveTo)
  void deliver()
  adopt(options.operation).catch((error: unknown) => events.end(toError(error)))

  return {
    join: (operation, call) => {
      const stream = createEventStream<Result, Result>({
        capacity: WAITING_EVENTS,
        process: async (result) => result,
        overflow: tooSlow,
        onClose: () => {
          members.delete(member)
          if (members.size === 0) close()
        },
      })
      const member: Member = { operation, call, stream }
      members.add(member)
      return stream.values
    },
  }
}

const tooSlow = (): CodedError => {
  const message = `More than ${WAITING_EVENTS} events wait to be read; subscribe again and read faster.`
  return codedError('LIMIT_EXCEEDED', message)
}

const sameUpstream = (one: Planned, other: Planned): boolean =>
  one.subgraph.name === other.subgraph.name &&
  one.subgraph.url === other.subgraph.url &&
  one.start.query === other.start.query

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
