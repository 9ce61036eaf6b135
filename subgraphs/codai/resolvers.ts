import { notFound, requireUser } from '../_kit/index.ts'
import type { Resolvers } from '../.generated/codai.ts'
import type { Context } from './context.ts'
import { pagesFor } from './pages.ts'
import type { WorkflowRunRecord } from './records.ts'
import type { Starter } from './runs.ts'
import { typeResolvers } from './types.ts'
import { visibleProject, visibleRun, visibleWorkflow } from './views.ts'

/** A service that starts a run for a person lends it no more than a member's rights. */
const starterOf = (context: Context): Starter => ({
  userId: requireUser(context),
  roles: context.identity.kind === 'user' ? context.identity.roles : ['MEMBER'],
})

const listen = async (context: Context, id: string): Promise<AsyncIterable<WorkflowRunRecord>> => {
  const run = await context.loaders.run.load(id)
  if (run?.ownerId !== requireUser(context)) throw notFound('WorkflowRun', id)
  return context.service.progress.listen(id)
}

export const resolvers: Resolvers = {
  ...typeResolvers,

  Query: {
    services: (_, filter, { service }) => service.services(filter),
    service: (_, { name }, { service }) => service.service(name),
    project: (_, { id }, context) => visibleProject(context, id),
    workflow: (_, { id }, context) => visibleWorkflow(context, id),
    builtInWorkflows: (_, args, context) => pagesFor(context).builtInWorkflows(args),
    workflowRun: (_, { id }, context) => visibleRun(context, id),
  },

  Mutation: {
    createProject: (_, { input }, context) => context.service.createProject(requireUser(context), input),
    changeProject: (_, { input }, context) => context.service.changeProject(requireUser(context), input),
    deleteProject: (_, { project }, context) => context.service.deleteProject(requireUser(context), project),
    setProjectMember: (_, { input }, context) =>
      context.service.setProjectMember(requireUser(context), input, context.requestId),
    removeProjectMember: (_, { input }, context) => context.service.removeProjectMember(requireUser(context), input),
    transferProject: (_, { input }, context) => context.service.transferProject(requireUser(context), input),
    addProjectService: (_, { input }, context) => context.service.setProjectService(requireUser(context), input, true),
    removeProjectService: (_, { input }, context) =>
      context.service.setProjectService(requireUser(context), input, false),
    defineWorkflow: (_, { input }, context) => context.service.defineWorkflow(requireUser(context), input),
    changeWorkflow: (_, { input }, context) => context.service.changeWorkflow(requireUser(context), input),
    deleteWorkflow: (_, { workflow }, context) => context.service.deleteWorkflow(requireUser(context), workflow),
    startWorkflow: (_, { input }, context) => context.service.startWorkflow(starterOf(context), input),
    cancelWorkflowRun: (_, { run }, context) => context.service.cancelWorkflowRun(requireUser(context), run),
    retryWorkflowRun: (_, { run }, context) => context.service.retryWorkflowRun(requireUser(context), run),
  },

  Subscription: {
    workflowRun: {
      subscribe: (_, { id }, context) => listen(context, id),
      resolve: (run: WorkflowRunRecord) => run,
    },
  },
}
