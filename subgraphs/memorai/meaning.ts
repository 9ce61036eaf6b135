import { randomUUID } from 'node:crypto'
import { EmbedDocument } from '../.generated/memorai.fabricai.ts'
import type { Platform } from '../_kit/index.ts'

/** Who turns texts into vectors: one model for all memories, as vectors of different models cannot be compared. */
const model = 'codai/sentence-encoder-en'

/** Says what texts mean, as vectors of length 1. Throws UNAVAILABLE while fabricai does not answer. */
export type Meaning = {
  /** For a person, who is metered for it. At most 100 texts, of together at most 20,000 characters. */
  of: (ownerId: string, texts: readonly string[], requestId?: string) => Promise<readonly (readonly number[])[]>
}

/** Meanings by fabricai. */
export const createMeaning = ({ peer }: Pick<Platform, 'peer'>): Meaning => ({
  of: async (ownerId, texts, requestId) => {
    const { embed } = await peer('fabricai').call(
      EmbedDocument,
      // A key of its own makes a repeated call harmless.
      { input: { texts: [...texts], model, idempotencyKey: randomUUID() } },
      { onBehalfOf: ownerId, ...(requestId !== undefined && { requestId }) },
    )
    if (!embed) throw new Error('fabricai answered without vectors.')
    return embed.vectors
  },
})
