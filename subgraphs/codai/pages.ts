import { z } from 'zod'
import { actingUser, connection } from '../_kit/index.ts'
import type { ConnectionArguments } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { MemberRow, WorkflowRunStatus } from './records.ts'

// Ids sort by the time of their making, so that they are a place in a list by themselves.
const byId = { position: z.string(), positionOf: ({ id }: { id: string }) => id }

const byArrival = {
  position: z.object({ createdAt: z.coerce.date(), userId: z.string() }),
  positionOf: ({ createdAt, userId }: MemberRow) => ({ createdAt, userId }),
}

/** The lists of projects, members, workflows and runs. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const pagesFor = (context: Context) => {
  const { store } = context.service
  const viewer = actingUser(context)
  return {
    projectsOf: (userId: string, args: ConnectionArguments) =>
      connection(args, { ...byId, fetch: (limit, after) => store.projectsOf(userId, viewer, limit, after) }),
    members: (projectId: string, args: ConnectionArguments) =>
      connection(args, {
        ...byArrival,
        fetch: (limit, after) => store.members(projectId, limit, after),
        node: ({ userId }: MemberRow) => ({ id: userId }),
        extra: ({ role, createdAt }: MemberRow) => ({ role, createdAt }),
      }),
    workflowsOf: (userId: string, args: ConnectionArguments) =>
      connection(args, { ...byId, fetch: (limit, after) => store.workflowsOf(userId, viewer, limit, after) }),
    workflowsIn: (projectId: string, args: ConnectionArguments) =>
      connection(args, { ...byId, fetch: (limit, after) => store.workflowsIn(projectId, viewer, limit, after) }),
    builtInWorkflows: (args: ConnectionArguments) => connection(args, { ...byId, fetch: store.builtInWorkflows }),
    runsOf: (
      ownerId: string,
      args: ConnectionArguments,
      filter: { workflowId?: string; status?: WorkflowRunStatus } = {},
    ) => connection(args, { ...byId, fetch: (limit, after) => store.runsOf({ ownerId, ...filter }, limit, after) }),
  }
}
