import { ProjectRolesDocument } from '../.generated/memorai.codai.ts'
import type { Platform } from '../_kit/index.ts'

/** Knows in which projects a person works. */
export type Membership = {
  /** Those of the projects of which the person is a member. Throws UNAVAILABLE while codai does not answer. */
  among: (personId: string, projectIds: readonly string[], requestId: string) => Promise<readonly { id: string }[]>
}

/** Memberships as codai knows them, asked each time: who leaves a project is out at once. */
export const createMembership = ({ peer }: Pick<Platform, 'peer'>): Membership => ({
  among: async (personId, projectIds, requestId) => {
    const representations = projectIds.map((id) => ({ __typename: 'Project', id }))
    const { _entities: found } = await peer('codai').call(
      ProjectRolesDocument,
      { representations },
      { onBehalfOf: personId, requestId },
    )
    return found.flatMap((project) =>
      project && 'id' in project && project.viewerRole != null ? [{ id: project.id }] : [],
    )
  },
})
