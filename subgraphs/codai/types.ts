import { requireMaySee, requireUser } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/codai.ts'
import { inputsOf } from './definition.ts'
import { pagesFor } from './pages.ts'
import { resourceOf } from './services.ts'
import { visibleProject, visibleRun, visibleWorkflow } from './views.ts'

/** The fields that are not just there. */
export const typeResolvers: Resolvers = {
  User: {
    projects: ({ id }, args, context) => {
      requireMaySee(context, id, 'these projects')
      return pagesFor(context).projectsOf(id, args)
    },
    workflows: ({ id }, args, context) => {
      requireMaySee(context, id, 'these workflows')
      return pagesFor(context).workflowsOf(id, args)
    },
    workflowRuns: ({ id }, { status, ...args }, context) => {
      requireMaySee(context, id, 'these runs')
      return pagesFor(context).runsOf(id, args, status ? { status } : {})
    },
  },

  Service: {
    __resolveReference: ({ name }, { service }) => service.service(name),
    status: (row, _, { service }) => service.statusOf(row),
    dependencies: (row, _, { service }) => service.dependencies(row),
    dependents: (row, _, { service }) => service.dependents(row),
    resources: ({ stores }) => stores.map(resourceOf),
  },

  Project: {
    __resolveReference: ({ id }, context) => visibleProject(context, id),
    owner: ({ ownerId }) => ({ id: ownerId }),
    members: ({ id }, args, context) => pagesFor(context).members(id, args),
    services: async ({ id }, _, { loaders, service }) => {
      const names = new Set(await loaders.projectServices.load(id))
      return service.services({}).filter(({ name }) => names.has(name))
    },
    workflows: ({ id }, args, context) => pagesFor(context).workflowsIn(id, args),
  },

  Workflow: {
    __resolveReference: ({ id }, context) => visibleWorkflow(context, id),
    owner: ({ ownerId }) => (ownerId === null ? null : { id: ownerId }),
    project: ({ projectId }, _, context) => (projectId === null ? null : visibleProject(context, projectId)),
    inputs: ({ steps }) => inputsOf(steps),
    runs: ({ id }, args, context) => pagesFor(context).runsOf(requireUser(context), args, { workflowId: id }),
  },

  WorkflowRun: {
    __resolveReference: ({ id }, context) => visibleRun(context, id),
    workflow: ({ workflowId }, _, context) => visibleWorkflow(context, workflowId),
    owner: ({ ownerId }) => ({ id: ownerId }),
    steps: async ({ id }, _, { loaders }) => (await loaders.stepsOfRun.load(id))?.steps ?? [],
  },

  WorkflowRunStep: {
    error: ({ errorCode, errorMessage }) =>
      errorCode === null || errorMessage === null ? null : { code: errorCode, message: errorMessage },
  },
}
