import type { Metrics } from '@codai/runtime'

export type Outcome = 'ok' | 'partial' | 'failed' | 'refused'

/** What the gateway counts. Each timer starts when it is asked for and is observed when called with its outcome. */
export type GatewayMetrics = PlanMetrics & {
  readonly operation: (name: string | undefined, type: string) => (outcome: Outcome) => void
  readonly subgraphRequest: (
    subgraph: string,
  ) => (outcome: 'answered' | 'timeout' | 'unavailable' | 'cancelled') => void
  /** Whether requests to a subgraph are refused at once. */
  readonly subgraphCutOff: (subgraph: string, isCutOff: boolean) => void
  readonly socketOpened: () => () => void
  readonly subscriptionOpened: () => () => void
  /** A stream of a subgraph, which any number of subscriptions may share. */
  readonly streamOpened: () => () => void
  readonly eventSent: () => void
  readonly eventsDropped: (reason: DropReason, count: number) => void
}

/** What planning costs, and how often it, or all that came of a query, was known from before. */
export type PlanMetrics = {
  readonly planLookup: (isKnown: boolean) => void
  readonly replay: (isKnown: boolean) => void
  readonly planning: () => (outcome: 'planned' | 'failed') => void
}

/**
 * Why events did not reach a client: a newer state took their place, the client began anew with a whole state, its
 * subscription was ended for being too slow, or they came faster than they could be completed.
 */
export type DropReason = 'replaced' | 'restarted' | 'ended' | 'behind'

const MAX_OPERATION_NAMES = 500

export const createGatewayMetrics = (metrics: Metrics): GatewayMetrics => {
  const operations = metrics.histogram('gateway_operation_duration_seconds', 'Time to run an operation', [
    'operation',
    'type',
    'outcome',
  ])
  const subgraphs = metrics.histogram('gateway_subgraph_request_duration_seconds', "Time to a subgraph's answer", [
    'subgraph',
    'outcome',
  ])
  const cutOff = metrics.gauge(
    'gateway_subgraph_cut_off',
    'Whether requests to a subgraph are refused at once, because most of them failed lately (1) or not (0)',
    ['subgraph'],
  )
  const sockets = metrics.gauge('gateway_open_sockets', 'WebSockets that clients hold open')
  const subscriptions = metrics.gauge('gateway_open_subscriptions', 'Subscriptions that clients hold open')
  const streams = metrics.gauge('gateway_open_streams', 'Streams of subgraphs, each shared by its subscriptions')
  const sent = metrics.counter('gateway_events_sent_total', 'Events of subscriptions that were given to a client')
  const dropped = metrics.counter('gateway_events_dropped_total', 'Events that a client was not sent', ['reason'])
  const lookups = metrics.counter('gateway_plan_lookups_total', 'Operations that found their plan, or did not', [
    'result',
  ])
  const [hits, misses] = [lookups.labels('hit'), lookups.labels('miss')]
  const replays = metrics.counter(
    'gateway_replays_total',
    'Queries that all subgraphs answered as before, so that nothing was computed, and others',
    ['result'],
  )
  const [known, computed] = [replays.labels('hit'), replays.labels('miss')]
  const planning = metrics.histogram(
    'gateway_planning_duration_seconds',
    'Time to plan an operation, queueing included',
    ['outcome'],
  )
  const labelOf = createBoundedLabel(MAX_OPERATION_NAMES)

  const secondsSince = (startedAt: number): number => (performance.now() - startedAt) / 1000
  const opened = (gauge: typeof sockets) => (): (() => void) => {
    gauge.inc()
    let open = true
    return () => {
      if (open) gauge.dec()
      open = false
    }
  }

  return {
    operation: (name, type) => {
      const startedAt = performance.now()
      const operation = name === undefined ? 'anonymous' : labelOf(name)
      return (outcome) => operations.observe({ operation, type, outcome }, secondsSince(startedAt))
    },
    subgraphRequest: (subgraph) => {
      const startedAt = performance.now()
      return (outcome) => subgraphs.observe({ subgraph, outcome }, secondsSince(startedAt))
    },
    planLookup: (isKnown) => (isKnown ? hits : misses).inc(),
    replay: (isKnown) => (isKnown ? known : computed).inc(),
    planning: () => {
      const startedAt = performance.now()
      return (outcome) => planning.observe({ outcome }, secondsSince(startedAt))
    },
    subgraphCutOff: (subgraph, isCutOff) => cutOff.set({ subgraph }, isCutOff ? 1 : 0),
    socketOpened: opened(sockets),
    subscriptionOpened: opened(subscriptions),
    streamOpened: opened(streams),
    eventSent: () => sent.inc(),
    eventsDropped: (reason, count) => dropped.inc({ reason }, count),
  }
}

/** Clients choose operation names: past the first few hundred they share one label, or metrics would grow without end. */
export const createBoundedLabel = (capacity: number): ((name: string) => string) => {
  const known = new Set<string>()
  return (name) => {
    if (known.has(name)) return name
    if (known.size >= capacity) return 'other'
    known.add(name)
    return name
  }
}
