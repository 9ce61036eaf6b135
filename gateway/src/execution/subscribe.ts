import { getVariableValues } from 'graphql'
import type { Executor } from '../executor.ts'
import { createFlights } from '../flights.ts'
import type { Result } from '../operation.ts'
import { createMember } from './members.ts'
import type { Member } from './members.ts'
import type { SubscribeOptions } from './options.ts'
import { sharedKey } from './sharing.ts'
import { createSubscriptionGroup } from './subscription-group.ts'
import type { SubscriptionGroup } from './subscription-group.ts'

/**
 * Subscriptions. Who asks the same with the same identity shares one stream and its answers; where nothing that is
 * selected depends on who asks, everybody does. Such a stream is asked for in nobody's name, so that even a wrong promise
 * of a service could show nobody what is another's.
 */
export const createSubscribe = (options: SubscribeOptions): Executor['subscribe'] => {
  const groups = new Map<string, SubscriptionGroup>()
  const groupOf = new WeakMap<Member, SubscriptionGroup>()
  const flights = createFlights<Result>()
  const { sharingOf } = options

  const place = (member: Member): void => {
    const { operation, call } = member
    const sharing = sharingOf(operation)
    const key = sharedKey(operation, call, sharing)
    // Where somebody is who has no name makes no difference to a subscription.
    const isAnonymous = call.caller.identity.kind === 'anonymous'
    const known = groups.get(key)
    if (known) {
      groupOf.set(member, known)
      if (known.join(member)) return
    }
    const group: SubscriptionGroup = createSubscriptionGroup({
      ...options,
      operation,
      call: sharing.isSameForEveryone || isAnonymous ? { caller: options.nobody, requestId: call.requestId } : call,
      sharing,
      place,
      share: (event, run) => flights.join(`${key} ${JSON.stringify(event)}`, undefined, run),
      onEmpty: () => {
        if (groups.get(key) === group) groups.delete(key)
      },
    })
    groups.set(key, group)
    groupOf.set(member, group)
    group.join(member)
  }

  return (operation, call) => {
    const { graph, node, variables } = operation
    const [error] = getVariableValues(graph.schema, node.variableDefinitions ?? [], { ...variables }).errors ?? []
    if (error) throw error
    const member = createMember({
      operation,
      call,
      metrics: options.metrics,
      restart: (one) => groupOf.get(one)?.restart(one) ?? false,
      onLeave: (one) => groupOf.get(one)?.leave(one),
    })
    place(member)
    return member.stream.values
  }
}
