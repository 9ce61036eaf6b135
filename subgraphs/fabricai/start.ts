import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'

const resumePauseMs = 2_000
const minuteMs = 60_000
const eventsKeptMs = 60 * minuteMs

/** Takes up answers that a lost process left behind, and forgets how those of the last hours came word by word. */
export const start = async ({ completions, store }: Service, platform: Platform): Promise<void> => {
  repeat(platform, 'resuming answers', async () => {
    await completions.resume()
    return resumePauseMs
  })
  repeat(platform, 'forgetting events', async () => {
    await store.removeEventsOfEnded(new Date(platform.now().getTime() - eventsKeptMs))
    return minuteMs
  })
}
