import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type {
  MemberRow,
  ProjectRecord,
  WorkflowRecord,
  WorkflowRunRecord,
  WorkflowRunStatus,
  WorkflowRunStepRecord,
} from './records.ts'

const json = (value: unknown): Prisma.InputJsonValue => value as Prisma.InputJsonValue

const workflowColumns = Prisma.sql`
  workflows.id, workflows.owner_id AS "ownerId", workflows.project_id AS "projectId", workflows.name,
  workflows.description, workflows.steps, workflows.created_at AS "createdAt", workflows.deleted_at AS "deletedAt",
  viewer.role::text AS "viewerRole"`

const workflowsAs = (viewer: string | undefined): Prisma.Sql => Prisma.sql`
  SELECT ${workflowColumns} FROM codai.workflows
  LEFT JOIN codai.project_members AS viewer
    ON viewer.project_id = workflows.project_id AND viewer.user_id = ${viewer ?? ''}
  WHERE deleted_at IS NULL`

const below = (after: string | undefined): Prisma.Sql =>
  after === undefined ? Prisma.empty : Prisma.sql`AND workflows.id < ${after}`

const runFields = {
  id: true,
  workflowId: true,
  name: true,
  ownerId: true,
  roles: true,
  status: true,
  input: true,
  cancelRequested: true,
  failureReason: true,
  revision: true,
  createdAt: true,
  finishedAt: true,
} as const

/** Which runs to list. */
export type RunFilter = { ownerId: string; workflowId?: string; status?: WorkflowRunStatus }

/** What is read of workflows and their runs. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createWorkflowStore = (client: PrismaClient) => ({
  /** Workflows that were not deleted, as `viewer` sees them, strangers' ones too. */
  workflows: (ids: readonly string[], viewer: string | undefined): Promise<WorkflowRecord[]> =>
    client.$queryRaw`${workflowsAs(viewer)} AND workflows.id = ANY(${[...ids]})`,

  /** What a person defined, newest first. */
  workflowsOf: (
    ownerId: string,
    viewer: string | undefined,
    limit: number,
    after: string | undefined,
  ): Promise<WorkflowRecord[]> =>
    client.$queryRaw`${workflowsAs(viewer)} AND owner_id = ${ownerId} ${below(after)}
      ORDER BY workflows.id DESC LIMIT ${limit}`,

  /** The workflows of a project, newest first. */
  workflowsIn: (
    projectId: string,
    viewer: string | undefined,
    limit: number,
    after: string | undefined,
  ): Promise<WorkflowRecord[]> =>
    client.$queryRaw`${workflowsAs(viewer)} AND workflows.project_id = ${projectId} ${below(after)}
      ORDER BY workflows.id DESC LIMIT ${limit}`,

  /** What comes with the system, oldest first. */
  builtInWorkflows: (limit: number, after: string | undefined): Promise<WorkflowRecord[]> =>
    client.$queryRaw`${workflowsAs(undefined)} AND owner_id IS NULL
      ${after === undefined ? Prisma.empty : Prisma.sql`AND workflows.id > ${after}`}
      ORDER BY workflows.id LIMIT ${limit}`,

  runs: (ids: readonly string[]): Promise<WorkflowRunRecord[]> =>
    client.workflowRun.findMany({ where: { id: { in: [...ids] } }, select: runFields }),

  /** A person's runs, newest first. */
  runsOf: (filter: RunFilter, limit: number, after: string | undefined): Promise<WorkflowRunRecord[]> =>
    client.workflowRun.findMany({
      where: { ...filter, ...(after !== undefined && { id: { lt: after } }) },
      orderBy: { id: 'desc' },
      take: limit,
      select: runFields,
    }),

  /** The steps of runs, each run's in their order. */
  stepsOf: async (runIds: readonly string[]): Promise<WorkflowRunStepRecord[]> =>
    (await client.workflowRunStep.findMany({
      where: { runId: { in: [...runIds] } },
      orderBy: { position: 'asc' },
    })) as WorkflowRunStepRecord[],

  /** Writes what comes with the system, anew when it changed. */
  putBuiltIn: async (workflow: Pick<WorkflowRecord, 'id' | 'name' | 'description' | 'steps' | 'createdAt'>) => {
    const { id, createdAt, ...definition } = workflow
    const data = { ...definition, steps: json(definition.steps) }
    await client.workflow.upsert({ where: { id }, create: { id, createdAt, ...data }, update: data })
  },

  /** Writes demo data as it is; what is there already stays as it is. */
  addDemoData: async (data: {
    project: Omit<ProjectRecord, 'viewerRole'>
    members: readonly Omit<MemberRow, 'projectId'>[]
    services: readonly string[]
    workflow: Omit<WorkflowRecord, 'viewerRole'>
    run: WorkflowRunRecord
    runSteps: readonly WorkflowRunStepRecord[]
  }): Promise<void> => {
    const { project, members, services, workflow, run, runSteps } = data
    const projectId = project.id
    await client.$transaction([
      client.project.createMany({ data: [project], skipDuplicates: true }),
      client.projectMember.createMany({
        data: members.map((member) => ({ ...member, projectId })),
        skipDuplicates: true,
      }),
      client.projectService.createMany({
        data: services.map((service) => ({ projectId, service })),
        skipDuplicates: true,
      }),
      client.workflow.createMany({ data: [{ ...workflow, steps: json(workflow.steps) }], skipDuplicates: true }),
      client.workflowRun.createMany({ data: [{ ...run, input: json(run.input) }], skipDuplicates: true }),
      client.workflowRunStep.createMany({
        data: runSteps.map((step) => ({ ...step, definition: json(step.definition), output: json(step.output) })),
        skipDuplicates: true,
      }),
    ])
  },
})
