import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'

const catchUpPauseMs = 2_000
const repairPauseMs = 6 * 3_600_000
const ownersAtOnce = 100

/** Compares all vectors with all memories, and makes good what differs. */
export const repairIndex = async ({ index }: Service, { logger }: Pick<Platform, 'logger'>): Promise<void> => {
  for (let owners = await index.owners(ownersAtOnce); owners.length > 0;) {
    for (const ownerId of owners) {
      const { erased, unindexed } = await index.repair(ownerId)
      if (erased + unindexed > 0) logger.warn({ ownerId, erased, unindexed }, 'vectors were not like the memories')
    }
    owners = owners.length < ownersAtOnce ? [] : await index.owners(ownersAtOnce, owners.at(-1))
  }
  const foreign = await index.eraseForeign()
  if (foreign > 0) logger.warn({ foreign }, 'vectors of people without memories were erased')
}

/** What the memories do by themselves: vectors follow them, whatever was interrupted. */
export const start = async (service: Service, platform: Platform): Promise<void> => {
  repeat(platform, 'indexing memories', async () => {
    await service.indexing.catchUp()
    return catchUpPauseMs
  })
  // Not at once: it loads what a system that nobody asks does without, and a crash alone makes nothing differ.
  let isDue = false
  repeat(platform, 'comparing vectors and memories', async () => {
    if (isDue) await repairIndex(service, platform)
    isDue = true
    return repairPauseMs
  })
}
