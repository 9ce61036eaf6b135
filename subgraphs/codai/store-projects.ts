import { Prisma } from '../.generated/prisma/client.ts'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { MemberRow, ProjectRecord } from './records.ts'

/** Where a page of members goes on. */
export type MemberPlace = { createdAt: Date; userId: string }

const projectColumns = Prisma.sql`
  projects.id, projects.owner_id AS "ownerId", projects.name, projects.description,
  projects.created_at AS "createdAt", viewer.role::text AS "viewerRole"`

// Nobody has an empty id, so a caller who is nobody is a member of nothing.
const viewerOf = (viewer: string | undefined): Prisma.Sql => Prisma.sql`
  LEFT JOIN codai.project_members AS viewer ON viewer.project_id = projects.id AND viewer.user_id = ${viewer ?? ''}`

/** What is read of projects. */
// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createProjectStore = (client: PrismaClient) => ({
  /** Projects as `viewer` sees them, strangers' ones too. */
  projects: (ids: readonly string[], viewer: string | undefined): Promise<ProjectRecord[]> =>
    client.$queryRaw`
      SELECT ${projectColumns} FROM codai.projects ${viewerOf(viewer)} WHERE projects.id = ANY(${[...ids]})`,

  /** The projects in which a person is a member, newest first. */
  projectsOf: (
    userId: string,
    viewer: string | undefined,
    limit: number,
    after: string | undefined,
  ): Promise<ProjectRecord[]> =>
    client.$queryRaw`
      SELECT ${projectColumns}
      FROM codai.project_members AS member
      JOIN codai.projects ON projects.id = member.project_id
      ${viewerOf(viewer)}
      WHERE member.user_id = ${userId}
        ${after === undefined ? Prisma.empty : Prisma.sql`AND member.project_id < ${after}`}
      ORDER BY member.project_id DESC LIMIT ${limit}`,

  /** The members of a project in the order in which they came. */
  members: (projectId: string, limit: number, after: MemberPlace | undefined): Promise<MemberRow[]> =>
    client.projectMember.findMany({
      where: {
        projectId,
        ...(after && {
          OR: [{ createdAt: { gt: after.createdAt } }, { createdAt: after.createdAt, userId: { gt: after.userId } }],
        }),
      },
      orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
      take: limit,
    }),

  /** The names of the services of each project. */
  projectServices: async (projectIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
    const rows = await client.projectService.findMany({ where: { projectId: { in: [...projectIds] } } })
    return new Map(
      projectIds.map((id) => [id, rows.filter(({ projectId }) => projectId === id).map(({ service }) => service)]),
    )
  },
})
