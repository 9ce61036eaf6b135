import { setTimeout as delay } from 'node:timers/promises'
import { CodedError } from '@codai/runtime'
import { badInput, codedError, notFound } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import { ProviderError } from './provider.ts'
import type { Provider } from './provider.ts'
import type { InferenceTask, ModelRecord } from './records.ts'

/** Before each repetition with the same model, in milliseconds; half to all of it, so that many do not come at once. */
const pausesMs = [200, 800]

/** A model, and who runs it. */
export type Route = { provider: Provider; model: ModelRecord }

/** Finds who does a task, and persists until somebody does it. */
export type Routing = {
  models: readonly ModelRecord[]
  /**
   * Who is to be tried for a task, in order: those that take so many tokens. NOT_FOUND or BAD_USER_INPUT for a model that
   * cannot do it; LIMIT_EXCEEDED, with the limit, when no model takes so many.
   */
  routes: (task: InferenceTask, tokens: number, modelId?: string | null) => readonly [Route, ...Route[]]
  /**
   * What the first route gives that does not fail. One that fails in passing is tried three times. UNAVAILABLE when all
   * fail; the message is that of the last.
   */
  persist: <Value>(
    routes: readonly Route[],
    run: (route: Route) => Promise<Value>,
    signal: AbortSignal,
  ) => Promise<{ value: Value; model: ModelRecord }>
}

const inOrder = (task: InferenceTask, providers: readonly Provider[]): Route[] =>
  providers.flatMap((provider) =>
    provider.models.filter((model) => model.task === task).map((model) => ({ provider, model })),
  )

/** Routes over providers, the preferred first. */
export const createRouting = (providers: readonly Provider[], logger: Logger): Routing => {
  const models = providers.flatMap((provider) => provider.models)

  const named = (task: InferenceTask, modelId: string): Route[] => {
    const model = models.find(({ id }) => id === modelId)
    if (!model) throw notFound('Model', modelId.slice(0, 200))
    if (model.task !== task) {
      throw badInput(`The model "${modelId}" is for ${model.task}, not for ${task}.`, { field: 'model' })
    }
    return inOrder(task, providers).filter((route) => route.model.id === modelId)
  }

  const unnamed = (task: InferenceTask): Route[] => {
    const routes = inOrder(task, providers)
    // Vectors of different models cannot be compared: what is not named must always be the same.
    return task === 'EMBED' ? routes.slice(-1) : routes
  }

  const tryOnce = async <Value>(
    route: Route,
    run: (route: Route) => Promise<Value>,
  ): Promise<{ value: Value } | { error: ProviderError }> => {
    try {
      return { value: await run(route) }
    } catch (error) {
      if (error instanceof ProviderError) return { error }
      throw error
    }
  }

  return {
    models,

    routes: (task, tokens, modelId) => {
      const all = modelId == null ? unnamed(task) : named(task, modelId)
      const [first, ...others] = all.filter(({ model }) => tokens <= model.contextWindow)
      if (first) return [first, ...others]
      const limit = Math.max(...all.map(({ model }) => model.contextWindow))
      throw codedError(
        'LIMIT_EXCEEDED',
        `That is ${tokens.toLocaleString('en')} tokens; at most ${limit.toLocaleString('en')} are possible.`,
        { limit },
      )
    },

    persist: async (routes, run, signal) => {
      let last: ProviderError | undefined
      for (const route of routes) {
        for (const pauseMs of [0, ...pausesMs]) {
          await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal })
          const result = await tryOnce(route, run)
          if ('value' in result) return { value: result.value, model: route.model }
          signal.throwIfAborted()
          last = result.error
          logger.warn({ err: last, model: route.model.id }, 'a model failed')
          if (!last.passing) break
        }
      }
      throw codedError('UNAVAILABLE', last?.message ?? 'No model does this.', { cause: last })
    },
  }
}

/** Whether an error says something to the person who asked. */
export const isForPeople = (error: unknown): error is CodedError => error instanceof CodedError
