import type { ServiceMap } from '@apollo/gateway'
import type { FetchNode, PlanNode } from '@apollo/query-planner'
import { codedError } from '@codai/runtime'
import type { CodedError } from '@codai/runtime'
import { GraphQLError } from 'graphql'
import { createEventStream } from '../event-stream.ts'
import { inOrder } from '../waiting.ts'
import type { Executor } from '../executor.ts'
import type { Graph, Subgraph } from '../graph/graph.ts'
import type { Operation, Result } from '../operation.ts'
import type { SubgraphResponse } from '../subgraphs/client.ts'
import { createServices, toGatewayResponse } from './data-source.ts'
import type { ReferenceExecutorOptions } from './executor.ts'
import type { ReferencePlanner } from './planner.ts'
import { EVENT_SUFFIX, runPlan, variableErrors } from './plans.ts'

/** How many events may wait for a client that reads slower than they come. */
const WAITING_EVENTS = 1_000

/** A subscription as planned on one graph. */
type Planned = {
  readonly operation: Operation
  readonly subgraph: Subgraph
  readonly primary: FetchNode
  readonly rest: PlanNode | undefined
}

/** An event, and the plan under which its upstream was opened. */
type Event = { readonly response: SubgraphResponse; readonly opened: Planned }

/**
 * Subscriptions: the planner's first fetch runs as a subscription at its subgraph, and every event runs the rest of the
 * plan. When the graph changes, a subscription that is still admitted is planned anew and goes on; its upstream is
 * opened again only where the new plan asks another subgraph, or asks otherwise.
 */
export const createSubscribe =
  (
    { graphs, client, openUpstream, readmit, logger }: ReferenceExecutorOptions,
    plannerOf: (graph: Graph) => ReferencePlanner,
  ): Executor['subscribe'] =>
  (operation, call) => {
    const [error] = variableErrors(operation)
    if (error) throw error
    let planned = planSubscription(operation, plannerOf(operation.graph))

    const open = (): (() => void) => {
      const opened = planned
      const { subgraph, primary, operation } = opened
      const request = {
        query: primary.operation,
        variables: pick(operation.variables, primary.variableUsages ?? []),
        operationName: primary.operationName,
      }
      return openUpstream(subgraph, request, call, {
        next: (response) => stream.push({ response, opened }),
        end: stream.end,
      })
    }

    const adopt = (graph: Graph): void => {
      const previous = planned
      try {
        planned = planSubscription(readmit(previous.operation, graph, call), plannerOf(graph))
      } catch (error) {
        stream.end(error instanceof Error ? error : new Error(String(error)))
        return
      }
      if (sameUpstream(previous, planned)) return
      closeUpstream()
      closeUpstream = open()
    }

    const runEvent = ({ response, opened }: Event): Promise<Result> => {
      const { operation, primary, rest } = sameUpstream(opened, planned) ? planned : opened
      const services: ServiceMap = createServices(operation.graph, client, operation, call)
      const serviceName = `${primary.serviceName}${EVENT_SUFFIX}`
      services[serviceName] = { process: async () => toGatewayResponse(response) }
      const nodes: PlanNode[] = [{ ...primary, serviceName }, ...(rest ? [rest] : [])]
      return runPlan({ kind: 'Sequence', nodes }, services, operation, call, logger, plannerOf(operation.graph))
    }

    const stream = createEventStream<Event, Result>({
      waiting: inOrder(WAITING_EVENTS),
      process: runEvent,
      overflow: tooSlow,
      onClose: () => {
        stopFollowing()
        closeUpstream()
      },
    })
    const stopFollowing = graphs.onChange(adopt)
    let closeUpstream = open()
    return stream.values
  }

const planSubscription = (operation: Operation, { plan }: ReferencePlanner): Planned => {
  const { graph } = operation
  const { node } = plan(operation)
  if (node?.kind !== 'Subscription') {
    throw new GraphQLError('The operation is not a subscription that a subgraph can answer.')
  }
  const subgraph = graph.subgraphs.get(node.primary.serviceName)
  if (!subgraph)
    throw new Error(`the plan names the subgraph ${node.primary.serviceName}, which the graph does not have`)
  return { operation, subgraph, primary: node.primary, rest: node.rest }
}

const tooSlow = (): CodedError => {
  const message = `More than ${WAITING_EVENTS} events wait to be read; subscribe again and read faster.`
  return codedError('LIMIT_EXCEEDED', message)
}

const sameUpstream = (one: Planned, other: Planned): boolean =>
  one.subgraph.name === other.subgraph.name &&
  one.subgraph.url === other.subgraph.url &&
  one.primary.operation === other.primary.operation

const pick = (variables: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(variables, name)).map((name) => [name, variables[name]]))
