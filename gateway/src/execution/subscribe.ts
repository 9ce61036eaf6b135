import { createHash } from 'node:crypto'
import { getVariableValues } from 'graphql'
import type { Executor } from '../executor.ts'
import { createFlights } from '../flights.ts'
import type { Call, Operation, Result } from '../operation.ts'
import type { SubscribeOptions } from './options.ts'
import { createSubscriptionGroup } from './subscription-group.ts'
import type { SubscriptionGroup } from './subscription-group.ts'

/**
 * Subscriptions. Who asks the same with the same identity joins one stream, until its first event: a stream may begin
 * with the state of things, which somebody who came later would miss. Events that are equal are run once at a time.
 */
export const createSubscribe = (options: SubscribeOptions): Executor['subscribe'] => {
  const joinable = new Map<string, SubscriptionGroup>()
  const flights = createFlights<Result>()

  return (operation, call) => {
    const { graph, node, variables } = operation
    const [error] = getVariableValues(graph.schema, node.variableDefinitions ?? [], { ...variables }).errors ?? []
    if (error) throw error
    const key = sharedKey(operation, call)
    const known = joinable.get(key)
    if (known) return known.join(operation, call)
    const group: SubscriptionGroup = createSubscriptionGroup({
      ...options,
      operation,
      call,
      share: (event, run) => flights.join(`${key} ${JSON.stringify(event)}`, undefined, run),
      onClosedToOthers: () => {
        if (joinable.get(key) === group) joinable.delete(key)
      },
    })
    joinable.set(key, group)
    return group.join(operation, call)
  }
}

/** Equal for those who must be answered alike. Where an anonymous caller is makes no difference to a subscription. */
const sharedKey = ({ key, variables }: Operation, { caller: { identity } }: Call): string => {
  const who = identity.kind === 'anonymous' ? identity.kind : identity
  return createHash('sha256')
    .update(JSON.stringify([key, variables, who]))
    .digest('base64')
}
