import { actingUser, maySee } from '../_kit/index.ts'
import type { Context } from './context.ts'
import type { ProjectRecord, WorkflowRecord, WorkflowRunRecord } from './records.ts'
import { mayUse } from './workflows.ts'

/** A project, if the caller may see it; else null, as if it did not exist. */
export const visibleProject = async (context: Context, id: string): Promise<ProjectRecord | null> => {
  const project = await context.loaders.project.load(id)
  return project && (project.viewerRole !== null || maySee(context, project.ownerId)) ? project : null
}

/** Whether the caller may see a workflow. */
const isVisible = (context: Context, workflow: WorkflowRecord): boolean =>
  mayUse(workflow, actingUser(context) ?? '') || (workflow.ownerId !== null && maySee(context, workflow.ownerId))

/** A workflow, if the caller may see it; else null. */
export const visibleWorkflow = async (context: Context, id: string): Promise<WorkflowRecord | null> => {
  const workflow = await context.loaders.workflow.load(id)
  return workflow && isVisible(context, workflow) ? workflow : null
}

/** A run, if the caller may see what belongs to who started it; else null. */
export const visibleRun = async (context: Context, id: string): Promise<WorkflowRunRecord | null> => {
  const run = await context.loaders.run.load(id)
  return run && maySee(context, run.ownerId) ? run : null
}
