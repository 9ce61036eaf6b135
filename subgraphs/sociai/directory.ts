import { FindPersonDocument, UsersByHandlesDocument } from '../.generated/sociai.logai.ts'
import { notFound } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'

const rememberedMs = 10 * 60_000

/** What `createDirectory` gives. */
export type Directory = ReturnType<typeof createDirectory>

/** Looks people up in logai. Both throw UNAVAILABLE while it does not answer. */
export const createDirectory = ({ peer, cache }: Platform) => ({
  /** NOT_FOUND when there is no such person. */
  requirePerson: async (id: string, requestId: string): Promise<void> => {
    await cache().getOrSet(`person:${id}`, rememberedMs, async () => {
      const representations = [{ __typename: 'User', id }]
      const { _entities: found } = await peer('logai').call(FindPersonDocument, { representations }, { requestId })
      if (!found[0]) throw notFound('User', id)
      return true
    })
  },

  /** The ids of those who exist, by handle in lower case. */
  idsByHandle: async (handles: readonly string[], requestId?: string): Promise<ReadonlyMap<string, string>> => {
    const { usersByHandles } = await peer('logai').call(
      UsersByHandlesDocument,
      { handles: [...handles] },
      requestId === undefined ? {} : { requestId },
    )
    return new Map(usersByHandles.map(({ id, handle }) => [handle.toLowerCase(), id]))
  },
})
