import type { PubSub } from '@codai/stores'
import { live, notFound } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { Change } from './book.ts'
import type { Store } from './store.ts'

type Topics = Record<`account:${string}`, null>

const pageSize = 100

/** Tells listeners what happens on accounts. */
export type Activity = {
  /** Wakes those who listen to the accounts. To be called after the commit. */
  announce: (accountIds: readonly string[]) => Promise<void>
  /**
   * Each change of an account from now on, in its order and without gaps. What travels is only a sign that there is
   * something to read, so that a message that comes late, twice or never takes nothing away.
   * NOT_FOUND when there is no such account.
   */
  listen: (accountId: string) => Promise<AsyncIterableIterator<Change, void>>
}

/** The live side of the ledger. */
export const createActivity = (options: { store: Store; pubSub: PubSub<Topics>; logger: Logger }): Activity => {
  const { store, pubSub, logger } = options

  const announceOne = async (accountId: string): Promise<void> => {
    try {
      await pubSub.publish(`account:${accountId}`, null)
    } catch (error) {
      // The money has moved: a listener that hears of it later is no reason to fail.
      logger.warn({ err: error, accountId }, 'listeners could not be woken')
    }
  }

  const changesSince = (accountId: string, version: bigint) =>
    async function* (signs: AsyncIterable<null>): AsyncGenerator<Change, void> {
      let last = version
      for await (const _ of signs) {
        for (;;) {
          const changes = await store.changesAfter(accountId, last, pageSize)
          for (const change of changes) {
            last = change.sequence
            yield change
          }
          if (changes.length < pageSize) break
        }
      }
    }

  return {
    announce: async (accountIds) => {
      await Promise.all(accountIds.map(announceOne))
    },
    listen: async (accountId) => {
      const signs = pubSub.subscribe(`account:${accountId}`)
      try {
        // The version is read when signs arrive already: nothing can happen in between unseen.
        await signs.ready
        const version = await store.version(accountId)
        if (version === undefined) throw notFound('Account', accountId)
        return live(signs, changesSince(accountId, version))
      } catch (error) {
        await signs.return?.()
        throw error
      }
    },
  }
}
