import { inTrace, traced, tracedStart } from '@codai/runtime'
import { createDeferrals } from './deferral.ts'
import type { Executor } from './executor.ts'
import type { GatewayMetrics, Outcome } from './metrics.ts'
import type { Call, Delivery, Operation, Result } from './operation.ts'
import type { Override } from './overrides.ts'
import { planExtension } from './query-plans.ts'
import type { Limit } from './people-limit.ts'
import type { Authorize } from './security/authorize.ts'
import { giveWay } from './turns.ts'

/** What every transport does with an operation: authorize it, run it, count it. */
export type Operations = {
  readonly run: (operation: Operation, call: Call) => Promise<Result>
  /** The same for a client that takes parts later (`@defer`). */
  readonly deliver: (operation: Operation, call: Call) => Promise<Delivery>
  /** Throws an error for the client when the subscription cannot begin. */
  readonly subscribe: (operation: Operation, call: Call) => AsyncGenerator<Result, void, undefined>
}

export type OperationsOptions = {
  readonly executor: Executor
  readonly authorize: Authorize
  /** What a caller may use; without it, everything. */
  readonly limit?: Limit | undefined
  readonly metrics: GatewayMetrics
  readonly override: Override
}

export const createOperations = (options: OperationsOptions): Operations => {
  const { executor, authorize, limit, metrics, override } = options
  const deferrals = createDeferrals()
  const started = ({ node }: Operation): ((outcome: Outcome) => void) =>
    metrics.operation(node.name?.value, node.operation)

  const withPlan = async (result: Result, operation: Operation, { planFormat }: Call): Promise<Result> => {
    if (planFormat === undefined || result.data === undefined) return result
    const plan = await executor.plan(operation)
    return { ...result, extensions: { ...result.extensions, ...planExtension(plan, planFormat) } }
  }

  const execute = async (operation: Operation, call: Call): Promise<Result> => {
    const whole = deferrals.whole(operation)
    return withPlan(await executor.execute(whole, call), whole, call)
  }

  const executeInParts = async (operation: Operation, call: Call): Promise<Delivery> => {
    const parts = deferrals.parts(operation)
    const delivery = parts && (await executor.deliver?.(parts, call))
    return delivery ?? { first: await execute(operation, call), rest: undefined }
  }

  /** Authorizes and counts whatever runs. */
  const guarded = async (operation: Operation, call: Call, run: () => Promise<Delivery>): Promise<Delivery> => {
    const observe = started(operation)
    const { document } = operation
    const { identity } = call.caller
    await giveWay(document)
    const forbidden = authorize(operation, identity)
    await giveWay(document)
    const refusal = forbidden ?? limit?.(operation, identity)
    if (refusal) {
      observe('refused')
      return { first: { errors: [refusal] }, rest: undefined }
    }
    try {
      await giveWay(document)
      const delivery = await inTrace(call.traceparent, () => traced('graphql.execute', attributesOf(operation), run))
      observe(outcomeOf(delivery.first))
      return delivery
    } catch (error) {
      observe('failed')
      throw error
    }
  }

  return {
    run: async (asked, call) => {
      const operation = override(asked, call)
      const run = async (): Promise<Delivery> => ({ first: await execute(operation, call), rest: undefined })
      return (await guarded(operation, call, run)).first
    },
    deliver: async (asked, call) => {
      const operation = override(asked, call)
      return guarded(operation, call, () => executeInParts(operation, call))
    },
    subscribe: (asked, call) => {
      const operation = override(asked, call)
      const observe = started(operation)
      const refusal = authorize(operation, call.caller.identity) ?? limit?.(operation, call.caller.identity)
      if (refusal) {
        observe('refused')
        throw refusal
      }
      const results = inTrace(call.traceparent, () =>
        tracedStart('graphql.subscribe', attributesOf(operation), () =>
          executor.subscribe(deferrals.whole(operation), call),
        ),
      )
      observe('ok')
      return results
    },
  }
}

const attributesOf = ({ node }: Operation): Record<string, string> => ({
  'graphql.operation.type': node.operation,
  ...(node.name && { 'graphql.operation.name': node.name.value }),
})

const outcomeOf = ({ data, errors }: Result): Outcome => {
  if (!errors || errors.length === 0) return 'ok'
  return data ? 'partial' : 'failed'
}
