import type { PubSub } from '@codai/stores'
import { live, notFound } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { PaymentRecord } from './records.ts'
import type { Store } from './store.ts'

type Topics = Record<`wallet:${string}`, null>

const pageSize = 100

/** Tells listeners what arrives in wallets. */
export type Arrivals = {
  /** Wakes those who listen to a wallet. To be called after the commit. */
  announce: (walletId: string) => Promise<void>
  /**
   * Each payment that arrives in a wallet from now on, in its order and without gaps. What travels is only a sign that
   * there is something to read, so that a message that comes late, twice or never takes nothing away.
   */
  listen: (walletId: string) => Promise<AsyncIterableIterator<PaymentRecord, void>>
}

/** The live side of the wallets. */
export const createArrivals = (options: { store: Store; pubSub: PubSub<Topics>; logger: Logger }): Arrivals => {
  const { store, pubSub, logger } = options

  const paymentsSince = (walletId: string, arrivals: bigint) =>
    async function* (signs: AsyncIterable<null>): AsyncGenerator<PaymentRecord, void> {
      let last = arrivals
      for await (const _ of signs) {
        for (;;) {
          const payments = await store.arrivalsAfter(walletId, last, pageSize)
          for (const payment of payments) {
            last = payment.arrival ?? last
            yield payment
          }
          if (payments.length < pageSize) break
        }
      }
    }

  return {
    announce: async (walletId) => {
      try {
        await pubSub.publish(`wallet:${walletId}`, null)
      } catch (error) {
        // The money has moved: a listener that hears of it later is no reason to fail.
        logger.warn({ err: error, walletId }, 'listeners could not be woken')
      }
    },
    listen: async (walletId) => {
      const signs = pubSub.subscribe(`wallet:${walletId}`)
      try {
        // The number is read when signs arrive already: nothing can happen in between unseen.
        await signs.ready
        const arrivals = await store.arrivals(walletId)
        if (arrivals === undefined) throw notFound('Wallet', walletId)
        return live(signs, paymentsSince(walletId, arrivals))
      } catch (error) {
        await signs.return?.()
        throw error
      }
    },
  }
}
