import type { PubSub } from '@codai/stores'
import { live } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { UsagePointRecord } from './records.ts'
import { minuteOf } from './usage.ts'

/** The minutes of an app whose use changed, in epoch milliseconds. What travels is only a sign that there is something to read. */
type Topics = Record<`usage:${string}`, number[]>

/** Tells those who watch an app how it is used. */
export type Watching = {
  /** To be called after the commit. */
  announce: (appId: string, minutes: readonly Date[]) => Promise<void>
  /** The current minute, and then every minute whose use changed. */
  watch: (appId: string) => AsyncIterableIterator<UsagePointRecord, void>
}

/** The live side of usage. */
export const createWatching = (options: {
  usageOfMinute: (appId: string, minute: Date) => Promise<UsagePointRecord>
  pubSub: PubSub<Topics>
  now: () => Date
  logger: Logger
}): Watching => {
  const { usageOfMinute, pubSub, now, logger } = options

  return {
    announce: async (appId, minutes) => {
      try {
        await pubSub.publish(
          `usage:${appId}`,
          minutes.map((minute) => minute.getTime()).toSorted((a, b) => a - b),
        )
      } catch (error) {
        // It is counted: a watcher that hears of it with the next report is no reason to fail.
        logger.warn({ err: error, appId }, 'those who watch an app could not be told of its use')
      }
    },
    watch: (appId) => {
      const signs = pubSub.subscribe(`usage:${appId}`)
      return live(signs, async function* (minutes) {
        // Read when signs arrive already: nothing can happen in between unseen.
        await signs.ready
        yield await usageOfMinute(appId, minuteOf(now()))
        for await (const changed of minutes) {
          for (const minute of changed) yield await usageOfMinute(appId, new Date(minute))
        }
      })
    },
  }
}
