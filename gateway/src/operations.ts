import { traced } from '@codai/runtime'
import type { Executor } from './executor.ts'
import type { GatewayMetrics, Outcome } from './metrics.ts'
import type { Call, Operation, Result } from './operation.ts'
import type { Override } from './overrides.ts'
import { planExtension } from './query-plans.ts'
import type { Limit } from './people-limit.ts'
import type { Authorize } from './security/authorize.ts'

/** What every transport does with an operation: authorize it, run it, count it. */
export type Operations = {
  readonly run: (operation: Operation, call: Call) => Promise<Result>
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
  const started = ({ node }: Operation): ((outcome: Outcome) => void) =>
    metrics.operation(node.name?.value, node.operation)

  const withPlan = async (result: Result, operation: Operation, { planFormat }: Call): Promise<Result> => {
    if (planFormat === undefined || result.data === undefined) return result
    const plan = await executor.plan(operation)
    return { ...result, extensions: { ...result.extensions, ...planExtension(plan, planFormat) } }
  }

  return {
    run: async (asked, call) => {
      const operation = override(asked, call)
      const observe = started(operation)
      const refusal = authorize(operation, call.caller.identity) ?? limit?.(operation, call.caller.identity)
      if (refusal) {
        observe('refused')
        return { errors: [refusal] }
      }
      try {
        const result = await traced('graphql.execute', attributesOf(operation), () => executor.execute(operation, call))
        observe(outcomeOf(result))
        return await withPlan(result, operation, call)
      } catch (error) {
        observe('failed')
        throw error
      }
    },
    subscribe: (asked, call) => {
      const operation = override(asked, call)
      const observe = started(operation)
      const refusal = authorize(operation, call.caller.identity) ?? limit?.(operation, call.caller.identity)
      if (refusal) {
        observe('refused')
        throw refusal
      }
      const results = executor.subscribe(operation, call)
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
