import { OperationTypeNode } from 'graphql'
import { createCancellation } from './cancellation.ts'
import { DONE, createValues, interruptible, untilEnd } from './generators.ts'
import type { Values } from './generators.ts'
import { tokenExpired } from './identity.ts'
import type { GatewayMetrics } from './metrics.ts'
import type { Answered, Call, Delivery, Operation } from './operation.ts'
import type { Operations } from './operations.ts'
import { onTokenEnd } from './token-end.ts'

/**
 * All that a client gets for an operation on a connection that stays open, in order: one result (of which parts may come
 * later), or one for each event.
 * What it throws is for the client, too. Who ends it ends the work for it, but never a mutation.
 */
export type Answer = (operation: Operation, call: Call) => Values<Answered>

export type AnswersOptions = { readonly operations: Operations; readonly metrics: GatewayMetrics }

/** Answers until the operation ends; the connection is to end what outlives its token. */
export const createAnswer =
  ({ operations, metrics }: AnswersOptions): Answer =>
  (operation, call) =>
    operation.node.operation === OperationTypeNode.SUBSCRIPTION
      ? untilEnd(operations.subscribe(operation, call), metrics.subscriptionOpened(), metrics.eventSent)
      : answerOnce(operations, operation, call)

/** The same for connections of one operation: it ends with TOKEN_EXPIRED when the caller's token does. */
export const untilTokenEnds =
  (answer: Answer): Answer =>
  (operation, call) => {
    const { values, interrupt } = interruptible(answer(operation, call), () => stay())
    const stay = onTokenEnd(call.caller.identity, () => interrupt(tokenExpired()))
    return values
  }

const answerOnce = (operations: Operations, operation: Operation, call: Call): Values<Answered> => {
  const cancellation = createCancellation()
  let delivery: Delivery | undefined
  return createValues<Answered>({
    next: async () => {
      if (delivery) return delivery.rest?.next() ?? DONE
      delivery = await operations.deliver(operation, { ...call, cancellation })
      return { done: false, value: delivery.rest ? { ...delivery.first, hasNext: true } : delivery.first }
    },
    close: () => cancellation.cancel(),
  })
}
