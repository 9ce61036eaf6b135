import { FindPersonDocument } from '../.generated/codai.logai.ts'
import { notFound } from '../_kit/index.ts'
import type { Peer } from '../_kit/index.ts'

/** Looks people up. */
export type Directory = {
  /** NOT_FOUND when there is no such person; UNAVAILABLE while logai does not answer. */
  requirePerson(id: string, requestId: string): Promise<void>
}

/** The people whom logai knows. */
export const createDirectory = (logai: Peer): Directory => ({
  requirePerson: async (id, requestId) => {
    const representations = [{ __typename: 'User', id }]
    const { _entities: found } = await logai.call(FindPersonDocument, { representations }, { requestId })
    if (!found[0]) throw notFound('User', id)
  },
})
