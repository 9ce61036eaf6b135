import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { usageLifeMs } from './usage.ts'

const pauseMs = 3_600_000
// Whoever reports use gives up long before that.
const batchLifeMs = 2 * 86_400_000

/** What happens by itself: old use is forgotten. */
export const start = async ({ store, now }: Service, platform: Platform): Promise<void> =>
  repeat(platform, 'forgetting old use', async () => {
    const at = now().getTime()
    await store.forgetUsage(new Date(at - usageLifeMs), new Date(at - batchLifeMs))
    return pauseMs
  })
