import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'

const pauseMs = 3_600_000
/** How long sessions that have ended are kept, for the person who wonders. */
const keptMs = 90 * 24 * 3_600_000

/** Removes, every hour, what nobody can use any more. Any number of processes may do so at once. */
export const start = async ({ store }: Service, { now, logger, lifecycle }: Platform): Promise<void> => {
  let running = Promise.resolve()
  const clean = async (): Promise<void> => {
    try {
      await store.removeExpired(now(), new Date(now().getTime() - keptMs))
    } catch (error) {
      logger.warn({ err: error }, 'Expired sessions and tokens could not be removed; they will be in an hour')
    }
  }
  const timer = setInterval(() => void (running = running.then(clean)), pauseMs)
  lifecycle.onStop('logai housekeeping', async () => {
    clearInterval(timer)
    await running
  })
  running = clean()
}
