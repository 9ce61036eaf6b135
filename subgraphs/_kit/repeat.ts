import { setTimeout as delay } from 'node:timers/promises'
import type { Platform } from './platform.ts'

const longestPauseMs = 30_000

/**
 * Repeats a step until the service stops; each one says after how many milliseconds the next begins. A step that throws is
 * logged and repeated, ever later, up to half a minute. When the service stops, a step under way is waited for; then
 * `finish` runs.
 */
export const repeat = (
  { lifecycle, logger }: Pick<Platform, 'lifecycle' | 'logger'>,
  name: string,
  step: (signal: AbortSignal) => Promise<number>,
  finish: () => Promise<void> = async () => undefined,
): void => {
  const stopping = new AbortController()
  const { signal } = stopping

  const run = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted;) {
      let pauseMs: number
      try {
        pauseMs = await step(signal)
        failures = 0
      } catch (error) {
        failures += 1
        pauseMs = Math.min(1_000 * 2 ** failures, longestPauseMs)
        logger.warn({ err: error, pauseMs }, `${name} did not work and is tried again`)
      }
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }

  const done = run()
  lifecycle.onStop(name, async () => {
    stopping.abort()
    await done
    await finish()
  })
}
