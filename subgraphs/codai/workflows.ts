import { codedError, forbidden, notFound, requireId, requireKey, requiredText, optionalText } from '../_kit/index.ts'
import type { Graph } from '../_kit/index.ts'
import { readSteps } from './definition.ts'
import type { WorkflowStepInput } from './definition.ts'
import { mayMaintain, readTexts } from './projects.ts'
import type { WorkflowRecord } from './records.ts'
import type { Requests } from './requests.ts'
import type { Store } from './store.ts'

const mostWorkflows = 100

export type DefineWorkflowInput = {
  name: string
  description?: string | null | undefined
  project?: string | null | undefined
  steps: readonly WorkflowStepInput[]
  idempotencyKey: string
}

export type ChangeWorkflowInput = {
  workflow: string
  name?: string | null | undefined
  description?: string | null | undefined
  steps?: readonly WorkflowStepInput[] | null | undefined
}

/** Whether a person may see a workflow, and start it. */
export const mayUse = ({ ownerId, viewerRole }: WorkflowRecord, userId: string): boolean =>
  ownerId === null || ownerId === userId || viewerRole !== null

/** The rules of workflows. */
export const createWorkflows = (options: { store: Store; requests: Requests; graph: Graph; now: () => Date }) => {
  const { store, requests, graph, now } = options

  /** A workflow that the person may see; NOT_FOUND for any other. */
  const load = async (userId: string, workflowId: string): Promise<WorkflowRecord> => {
    const id = requireId('Workflow', workflowId)
    const [workflow] = await store.workflows([id], userId)
    if (!workflow || !mayUse(workflow, userId)) throw notFound('Workflow', id)
    return workflow
  }

  const loadToChange = async (userId: string, workflowId: string): Promise<WorkflowRecord> => {
    const workflow = await load(userId, workflowId)
    if (workflow.ownerId === null) throw forbidden('What comes with the system cannot be changed.')
    if (workflow.ownerId !== userId && !mayMaintain(workflow.viewerRole)) {
      throw forbidden('Only its owner, and the maintainers of its project, may do this.')
    }
    return workflow
  }

  return {
    workflow: load,

    defineWorkflow: async (userId: string, input: DefineWorkflowInput): Promise<WorkflowRecord> => {
      const name = requiredText(input.name, 80, 'name')
      const description = optionalText(input.description, 1_000, 'description')
      const projectId = input.project == null ? null : requireId('Project', input.project)
      const steps = readSteps(await graph.schema(), input.steps)
      const key = requireKey(input.idempotencyKey)
      const content = { name, description, projectId, steps }
      const id = await requests.once({ actor: userId, key, operation: 'defineWorkflow', content }, async (tx, id) => {
        await tx.lockPerson(userId)
        if (projectId !== null) {
          const project = await tx.lockProject(projectId, userId)
          if (!project || project.viewerRole === null) throw notFound('Project', projectId)
          if (!mayMaintain(project.viewerRole))
            throw forbidden('Only owner and maintainers of the project may do this.')
        }
        if ((await tx.countWorkflows(userId)) >= mostWorkflows) {
          throw codedError('LIMIT_EXCEEDED', `A person has at most ${mostWorkflows} workflows.`)
        }
        const workflow = { id, ownerId: userId, projectId, name, description, steps, createdAt: now(), deletedAt: null }
        await tx.insertWorkflow(workflow)
      })
      return load(userId, id)
    },

    changeWorkflow: async (userId: string, input: ChangeWorkflowInput): Promise<WorkflowRecord> => {
      const { id } = await loadToChange(userId, input.workflow)
      const steps = input.steps ? readSteps(await graph.schema(), input.steps) : undefined
      const change = { ...readTexts(input), ...(steps && { steps }) }
      await store.transact((tx) => tx.updateWorkflow(id, change))
      return load(userId, id)
    },

    /** Deletes a workflow; answers it as it was. */
    deleteWorkflow: async (userId: string, workflowId: string): Promise<WorkflowRecord> => {
      const workflow = await loadToChange(userId, workflowId)
      await store.transact((tx) => tx.updateWorkflow(workflow.id, { deletedAt: now() }))
      return workflow
    },
  }
}
