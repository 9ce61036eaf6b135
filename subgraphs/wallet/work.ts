import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { runSchedules } from './scheduler.ts'

const moneyPauseMs = 1_000
const chainPauseMs = 3_000
const giftsAtOnce = 20

/** Gives new wallets coins of the development chain; answers false when the chain has none to give. */
const giveCoins = async ({ store, chain, now }: Service): Promise<boolean> => {
  for (const { id, address } of await store.walletsWithoutGift(giftsAtOnce)) {
    // The chain itself gives an address its coins once, so that a crash in between does no harm.
    if (!(await chain.gift(address))) return false
    await store.markGifted(id, now())
  }
  return true
}

/**
 * What the wallets do by themselves: schedules are paid, payments and transactions that are on their way arrive, requests
 * and authorizations run out. Any number of processes may do it at once.
 */
export const start = async (service: Service, platform: Platform): Promise<void> => {
  const { store, settlement, chainTransfers, newId, now } = service
  const { logger } = platform
  let mayGive = true
  const every = (pauseMs: number, name: string, work: () => Promise<unknown>): void =>
    repeat(platform, name, async () => {
      await work()
      return pauseMs
    })
  every(moneyPauseMs, 'running schedules', () => runSchedules({ store, newId, now, logger }))
  every(moneyPauseMs, 'settling payments', () => settlement.resume())
  every(moneyPauseMs, 'ending what ran out', () => store.expirePayments(now()))
  every(chainPauseMs, 'following the chain', () => chainTransfers.resume())
  every(chainPauseMs, 'giving coins', async () => {
    mayGive &&= await giveCoins(service)
  })
}
