import { codedError, currentTraceparent, inTrace, traced } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { createCancellation } from '../cancellation.ts'
import { createEventStream } from '../event-stream.ts'
import type { Graph } from '../graph/graph.ts'
import type { Call, Operation } from '../operation.ts'
import type { SubgraphResponse } from '../subgraphs/client.ts'
import type { UpstreamSink } from '../subgraphs/upstream.ts'
import { newestOfEach } from '../waiting.ts'
import type { Mark } from './live-fields.ts'
import { WAITING_BYTES, WAITING_EVENTS, tell, tellMissed } from './members.ts'
import type { Member } from './members.ts'
import { createMemory } from './memory.ts'
import type { Item } from './memory.ts'
import type { SubscribeOptions } from './options.ts'
import { planSubscription, sameUpstream } from './planned.ts'
import type { Planned } from './planned.ts'
import { createRenewal } from './renewal.ts'
import { resultOf } from './sending.ts'
import type { Sharing } from './sharing.ts'

/** Those who subscribed to the same: one stream of the subgraph, and one run of the operation for each event. */
export type SubscriptionGroup = {
  /** Lets a member in; false when it is too late for that. */
  readonly join: (member: Member) => boolean
  readonly leave: (member: Member) => void
  /** Begins anew for a member that lost events; false where that is not possible. */
  readonly restart: (member: Member) => boolean
}

export type SubscriptionGroupOptions = SubscribeOptions & {
  readonly operation: Operation
  /** In whose name the subgraphs are asked. */
  readonly call: Call
  readonly sharing: Sharing
  readonly sharingOf: (operation: Operation) => Sharing
  /** Runs an event, unless an equal one is being run for the same identity. */
  readonly share: (event: SubgraphResponse, run: () => Promise<Item['result']>) => Promise<Item['result']>
  /** Finds a group for members who cannot stay in this one. */
  readonly place: (member: Member) => void
  /** Called when nobody is left. */
  readonly onEmpty: () => void
}

/** An event, how many bytes it came in, and the plan under which its upstream was opened. */
type Event = {
  readonly response: SubgraphResponse
  readonly bytes: number
  readonly opened: Planned
  readonly mark: Mark
}

export const createSubscriptionGroup = (options: SubscriptionGroupOptions): SubscriptionGroup => {
  const { graphs, send, openUpstream, readmit, prepared, metrics, sharing, sharingOf, share, place } = options
  const { rule } = sharing
  const cancellation = createCancellation()
  const call: Call = { ...options.call, cancellation }
  const memory = createMemory(rule)
  // Events come on a socket that others opened: they belong to the trace of who began this.
  const traceparent = currentTraceparent()
  const members = new Set<Member>()
  /** Members who have to be told a whole state first, which is being got. */
  const newcomers = new Set<Member>()
  let planned: Planned | undefined
  let latestGraph = options.operation.graph
  let closeUpstream = (): void => {}
  let lastNumber: number | undefined
  let closed = false

  const open = (opened: Planned, next: (event: Event) => unknown, end: (error?: Error) => void): (() => void) => {
    const { subgraph, start, operation } = opened
    const { query, operationName } = start
    const request = { query, operationName, variables: start.variables(operation.variables) }
    const receive: UpstreamSink['next'] = (response, bytes) =>
      void next({ response, bytes, opened, mark: opened.markOf(response) })
    return openUpstream(subgraph, request, call, { next: receive, end })
  }

  const follow = (opened: Planned): void => {
    closeUpstream()
    closeUpstream = open(opened, receive, events.end)
  }

  /** Plans on a graph, and opens the upstream unless it would be the one that is open. */
  const adopt = async (operation: Operation): Promise<void> => {
    const next = await planSubscription(operation, prepared, rule)
    if (closed || operation.graph !== latestGraph) return
    const previous = planned
    planned = next
    if (!previous || !sameUpstream(previous, next)) follow(next)
  }

  const receive = (event: Event): void => {
    // Whoever comes later would miss this event, and nobody promised that it does not matter.
    if (!rule || (rule.kind === 'sequence' && event.mark.number === undefined)) memory.close()
    events.push(event)
  }

  const moveTo = (graph: Graph): void => {
    latestGraph = graph
    for (const member of [...members, ...newcomers]) {
      try {
        member.operation = readmit(member.operation, graph, member.call)
      } catch (error) {
        leave(member)
        member.stream.end(toError(error))
      }
    }
    const [first] = [...members, ...newcomers]
    if (!first) return close()
    const next = sharingOf(first.operation)
    // What the new graph says of the stream decides who may share it, and how.
    if (JSON.stringify(next) !== JSON.stringify(sharing)) return dissolve()
    adopt(first.operation).catch((error: unknown) => events.end(toError(error)))
  }

  const run = ({ response, opened }: Event): Promise<Item['result']> => {
    const { prepared, operation } = planned && sameUpstream(opened, planned) ? planned : opened
    const answered = (): Promise<Item['result']> =>
      resultOf(prepared.runEvent(response, operation.variables, send(operation.graph, call)))
    return inTrace(traceparent, () => traced('graphql.event', {}, answered))
  }

  const process = async (event: Event): Promise<Item> => {
    const result = await (rule ? run(event) : share(event.response, () => run(event)))
    const { number } = event.mark
    const isChange = number !== undefined && lastNumber !== undefined && number === lastNumber + 1
    lastNumber = number
    return { ...event.mark, result, isChange }
  }

  const overflow = (dropped: number): Error | undefined => {
    metrics.eventsDropped('behind', dropped)
    if (rule?.kind !== 'sequence' || !planned) return tooMany()
    // Begins anew, which begins with a whole state.
    follow(planned)
    return undefined
  }

  const events = createEventStream<Event, Item>({
    waiting: newestOfEach({
      capacity: WAITING_EVENTS,
      room: { most: WAITING_BYTES, sizeOf: ({ bytes }) => bytes },
      keyOf: ({ mark }) => mark.key,
      onReplaced: () => metrics.eventsDropped('replaced', 1),
    }),
    process,
    overflow,
    onClose: () => {
      closed = true
      memory.close()
      cancellation.cancel()
      stopFollowing()
      closeUpstream()
      renewal.stop()
      streamClosed()
      options.onEmpty()
    },
  })

  const close = (): void => void events.values.return()

  const deliver = async (): Promise<void> => {
    let error: Error | undefined
    try {
      for await (const item of events.values) {
        memory.add(item)
        for (const member of members) tell(member, item)
        if (newcomers.size > 0) admitNewcomers()
      }
    } catch (cause) {
      error = toError(cause)
    }
    for (const { stream } of [...members, ...newcomers]) stream.end(error)
  }

  const admitNewcomers = (): void => {
    const missed = memory.recall()
    if (missed === 'forgotten') return
    renewal.stop()
    for (const member of newcomers) {
      newcomers.delete(member)
      if (missed === 'closed') place(member)
      else admit(member, missed)
    }
  }

  const admit = (member: Member, missed: readonly Item[]): void => {
    members.add(member)
    tellMissed(member, missed)
  }

  const renewal = createRenewal<Event>({
    memory,
    open: (next, end) => planned && open(planned, next, end),
    toItem: async (event) => ({ ...event.mark, result: await run(event), isChange: false }),
    onEnd: () => admitNewcomers(),
  })

  const join = (member: Member): boolean => {
    const missed = memory.recall()
    if (missed === 'closed') return false
    if (missed !== 'forgotten') {
      admit(member, missed)
      return true
    }
    newcomers.add(member)
    renewal.begin()
    return true
  }

  const leave = (member: Member): void => {
    members.delete(member)
    newcomers.delete(member)
    if (members.size + newcomers.size === 0) close()
  }

  /** Sends everybody elsewhere; who is left alone by that closes. */
  const dissolve = (): void => {
    memory.close()
    const all = [...members, ...newcomers]
    members.clear()
    newcomers.clear()
    close()
    for (const member of all) place(member)
  }

  const streamClosed = metrics.streamOpened()
  const stopFollowing = graphs.onChange(moveTo)
  void deliver()
  adopt(options.operation).catch((error: unknown) => events.end(toError(error)))

  return {
    join,
    leave,
    restart: (member) => {
      if (rule?.kind !== 'sequence') return false
      const missed = memory.recall()
      if (typeof missed === 'object') tellMissed(member, missed)
      else {
        members.delete(member)
        if (!join(member)) place(member)
      }
      return true
    },
  }
}

const tooMany = (): CodedError =>
  codedError(
    'LIMIT_EXCEEDED',
    `More than ${WAITING_EVENTS} events or ${WAITING_BYTES} bytes came before they could be completed; subscribe again.`,
  )

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
