import type { Events } from '@codai/stores'
import { transact } from '../_kit/index.ts'
import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type {
  CodaiRequest,
  MemberRow,
  ProjectRecord,
  ProjectRole,
  WorkflowRecord,
  WorkflowRunRecord,
  WorkflowStepRecord,
} from './records.ts'

type NewProject = Omit<ProjectRecord, 'viewerRole'>
type NewWorkflow = Omit<WorkflowRecord, 'viewerRole'>

/** What a transaction of codai can do. Everything becomes permanent together, or nothing does. */
export type CodaiTransaction = {
  /**
   * Claims an idempotency key, waiting for whoever is claiming it at the same time.
   * Undefined when it is ours; else the earlier request.
   */
  claim(request: CodaiRequest): Promise<CodaiRequest | undefined>
  /** Lets one transaction at a time look at what a person has, and act on it. */
  lockPerson(userId: string): Promise<void>
  /** Locks a project; answers it as `viewer` sees it. */
  lockProject(id: string, viewer: string): Promise<ProjectRecord | undefined>
  countProjects(ownerId: string): Promise<number>
  insertProject(project: NewProject, services: readonly string[]): Promise<void>
  updateProject(id: string, change: Partial<Pick<NewProject, 'name' | 'description' | 'ownerId'>>): Promise<void>
  deleteProject(id: string, at: Date): Promise<void>
  countMembers(projectId: string): Promise<number>
  member(projectId: string, userId: string): Promise<MemberRow | undefined>
  setMember(projectId: string, userId: string, role: ProjectRole, at: Date): Promise<void>
  removeMember(projectId: string, userId: string): Promise<void>
  setService(projectId: string, service: string, isUsed: boolean): Promise<void>
  countWorkflows(ownerId: string): Promise<number>
  insertWorkflow(workflow: NewWorkflow): Promise<void>
  updateWorkflow(
    id: string,
    change: Partial<Pick<NewWorkflow, 'name' | 'description' | 'steps' | 'deletedAt'>>,
  ): Promise<void>
  countUnfinishedRuns(ownerId: string): Promise<number>
  insertRun(run: WorkflowRunRecord, steps: readonly WorkflowStepRecord[], dueAt: Date): Promise<void>
  lockRun(id: string): Promise<WorkflowRunRecord | undefined>
  /** Says that a run is to end. Whoever works on it reads it; else somebody looks at it at once. */
  requestCancel(id: string, at: Date): Promise<void>
  /** Lets what could not be undone be tried anew. */
  unstick(id: string, at: Date): Promise<void>
  publish: (event: Parameters<Events['publish']>[1]) => Promise<string>
}

/** Runs a transaction of codai. UNAVAILABLE when no connection gets free in time. */
export const transactCodai = <Result>(
  client: PrismaClient,
  events: Events,
  work: (transaction: CodaiTransaction) => Promise<Result>,
): Promise<Result> => transact(client, 'Codai is', (tx) => work(createTransaction(tx, events)))

const json = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue

const createTransaction = (tx: Prisma.TransactionClient, events: Events): CodaiTransaction => ({
  claim: async (request) => {
    const { count } = await tx.codaiRequest.createMany({ data: [request], skipDuplicates: true })
    if (count === 1) return undefined
    const { actor, key } = request
    return tx.codaiRequest.findUniqueOrThrow({ where: { actor_key: { actor, key } } })
  },

  lockPerson: async (userId) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('codai.person'), hashtext(${userId}))`
  },

  lockProject: async (id, viewer) => {
    await tx.$queryRaw`SELECT 1 FROM codai.projects WHERE id = ${id} FOR UPDATE`
    const project = await tx.project.findUnique({ where: { id } })
    const member = await tx.projectMember.findUnique({ where: { projectId_userId: { projectId: id, userId: viewer } } })
    return project ? { ...project, viewerRole: member?.role ?? null } : undefined
  },

  countProjects: (ownerId) => tx.project.count({ where: { ownerId } }),

  insertProject: async (project, services) => {
    const { id, ownerId, createdAt } = project
    await tx.project.create({ data: project })
    await tx.projectMember.create({ data: { projectId: id, userId: ownerId, role: 'OWNER', createdAt } })
    await tx.projectService.createMany({ data: services.map((service) => ({ projectId: id, service })) })
  },

  updateProject: async (id, change) => {
    await tx.project.update({ where: { id }, data: change })
  },

  deleteProject: async (id, at) => {
    await tx.workflow.updateMany({ where: { projectId: id, deletedAt: null }, data: { deletedAt: at } })
    await tx.project.delete({ where: { id } })
  },

  countMembers: (projectId) => tx.projectMember.count({ where: { projectId } }),

  member: async (projectId, userId) =>
    (await tx.projectMember.findUnique({ where: { projectId_userId: { projectId, userId } } })) ?? undefined,

  setMember: async (projectId, userId, role, at) => {
    const key = { projectId, userId }
    await tx.projectMember.upsert({
      where: { projectId_userId: key },
      create: { ...key, role, createdAt: at },
      update: { role },
    })
  },

  removeMember: async (projectId, userId) => {
    await tx.projectMember.deleteMany({ where: { projectId, userId } })
  },

  setService: async (projectId, service, isUsed) => {
    if (isUsed) await tx.projectService.createMany({ data: [{ projectId, service }], skipDuplicates: true })
    else await tx.projectService.deleteMany({ where: { projectId, service } })
  },

  countWorkflows: (ownerId) => tx.workflow.count({ where: { ownerId, deletedAt: null } }),

  insertWorkflow: async (workflow) => {
    await tx.workflow.create({ data: { ...workflow, steps: json(workflow.steps) } })
  },

  updateWorkflow: async (id, { steps, ...change }) => {
    await tx.workflow.update({ where: { id }, data: { ...change, ...(steps && { steps: json(steps) }) } })
  },

  countUnfinishedRuns: (ownerId) => tx.workflowRun.count({ where: { ownerId, finishedAt: null } }),

  insertRun: async (run, steps, dueAt) => {
    await tx.workflowRun.create({ data: { ...run, input: json(run.input), dueAt } })
    await tx.workflowRunStep.createMany({
      data: steps.map((definition, position) => ({
        runId: run.id,
        position,
        name: definition.name,
        definition: json(definition),
        status: 'PENDING' as const,
      })),
    })
  },

  lockRun: async (id) => {
    await tx.$queryRaw`SELECT 1 FROM codai.workflow_runs WHERE id = ${id} FOR UPDATE`
    return (await tx.workflowRun.findUnique({ where: { id } })) ?? undefined
  },

  requestCancel: async (id, at) => {
    await tx.$executeRaw`
      UPDATE codai.workflow_runs
      SET cancel_requested = true, failure_reason = 'It was cancelled.', revision = revision + 1,
        due_at = CASE WHEN lease IS NULL THEN ${at} ELSE due_at END
      WHERE id = ${id}`
  },

  unstick: async (id, at) => {
    await tx.workflowRunStep.updateMany({
      where: { runId: id, status: 'COMPENSATION_FAILED' },
      data: { status: 'COMPENSATING', attempts: 0, errorCode: null, errorMessage: null, finishedAt: null },
    })
    await tx.workflowRun.update({
      where: { id },
      data: { status: 'COMPENSATING', dueAt: at, lease: null, revision: { increment: 1 } },
    })
  },

  publish: (event) => events.publish(tx, event),
})
