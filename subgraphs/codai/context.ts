import { actingUser, loader, valueLoader } from '../_kit/index.ts'
import type { ContextOf, LoaderRequest, Platform } from '../_kit/index.ts'
import { createDirectory } from './directory.ts'
import { createProgress } from './progress.ts'
import { createProjects } from './projects.ts'
import { createRequests } from './requests.ts'
import { createRuns } from './runs.ts'
import { createServices } from './services.ts'
import { createStore } from './store.ts'
import { createWorkflows } from './workflows.ts'

/** Opens projects, workflows and runs over their tables. */
export const open = async (platform: Platform) => {
  const { newId, now, logger } = platform
  const store = createStore(await platform.relational(), await platform.events())
  const requests = createRequests({ store, newId, now })
  const graph = platform.graph()
  const progress = createProgress({ store, pubSub: platform.pubSub(), logger })
  const workers = new Set<() => void>()
  const wake = (runId: string): void => {
    void progress.announce(runId)
    for (const work of workers) work()
  }
  const workflows = createWorkflows({ store, requests, graph, now })
  return {
    store,
    graph,
    progress,
    /** Calls `work` whenever there is something to do for a run. */
    onWake: (work: () => void): void => void workers.add(work),
    ...createServices(new Set(platform.services)),
    ...createProjects({ store, requests, directory: createDirectory(platform.peer('logai')), now }),
    ...workflows,
    ...createRuns({ store, requests, workflow: workflows.workflow, wake, now }),
  }
}

/** Codai, as resolvers use it. */
export type Service = Awaited<ReturnType<typeof open>>

/** The batched reads of one request. Projects and workflows come as the caller sees them. */
export const loaders = ({ store }: Service, { identity }: LoaderRequest) => {
  const viewer = actingUser({ identity })
  return {
    project: loader(
      (ids) => store.projects(ids, viewer),
      ({ id }) => id,
    ),
    projectServices: valueLoader(store.projectServices, []),
    workflow: loader(
      (ids) => store.workflows(ids, viewer),
      ({ id }) => id,
    ),
    run: loader(store.runs, ({ id }) => id),
    stepsOfRun: loader(
      async (runIds) => {
        const steps = await store.stepsOf(runIds)
        return runIds.map((runId) => ({ runId, steps: steps.filter((step) => step.runId === runId) }))
      },
      ({ runId }) => runId,
    ),
  }
}

export type Context = ContextOf<typeof open, typeof loaders>
