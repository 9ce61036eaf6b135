import { loader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createBuiltin } from './builtin.ts'
import { createCompletions } from './completions.ts'
import { createEmbedder } from './embedder.ts'
import { createEndpoint } from './endpoint.ts'
import { createInferences } from './inferences.ts'
import { createLimits } from './limits.ts'
import { createListening } from './listening.ts'
import { createRouting } from './routing.ts'
import { createStore } from './store.ts'
import { createTasks } from './tasks.ts'

/** Opens the models and the tables of what they did. */
export const open = async (platform: Platform) => {
  const { config, logger, lifecycle, now } = platform
  const store = createStore(await platform.relational(), await platform.events())
  const embedder = createEmbedder(logger)
  lifecycle.onStop('embedding model', embedder.stop)
  const routing = createRouting([...config.aiEndpoints.map(createEndpoint), createBuiltin(embedder)], logger)
  const limits = createLimits(platform, store)
  const { announce, listen } = createListening({ store, pubSub: platform.pubSub(), logger })
  const completions = createCompletions(platform, { store, limits, routing, announce })
  lifecycle.onStop('answers', completions.stop)
  const tasks = createTasks(createInferences(platform, { store, limits, routing }))
  return { store, now, models: routing.models, tasks, completions, listen }
}

/** The service, as resolvers use it. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. */
export const loaders = ({ store }: Service, _request: LoaderRequest) => ({
  inference: loader(store.inferences, ({ id }) => id),
})

export type Context = ContextOf<typeof open, typeof loaders>
