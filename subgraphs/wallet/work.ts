import type { Logger, Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { runSchedules } from './scheduler.ts'

const moneyPauseMs = 1_000
const chainPauseMs = 3_000
const giftsAtOnce = 20

/** Does work again and again, with a pause between the end of one time and the beginning of the next. */
const repeat = (what: string, pauseMs: number, logger: Logger, work: () => Promise<void>): (() => Promise<void>) => {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const step = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      logger.warn({ err: error }, `${what} failed and will be tried again`)
    }
    if (stopped) return
    timer = setTimeout(() => {
      running = step()
    }, pauseMs)
  }
  let running = step()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}

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
 * run out. Any number of processes may do it at once.
 */
export const start = async (service: Service, { lifecycle, logger }: Platform): Promise<void> => {
  const { store, settlement, chainTransfers, newId, now } = service
  let mayGive = true
  const stops = [
    repeat('running schedules', moneyPauseMs, logger, () => runSchedules({ store, newId, now })),
    repeat('settling payments', moneyPauseMs, logger, () => settlement.resume()),
    repeat('ending requests', moneyPauseMs, logger, async () => {
      await store.expireRequests(now())
    }),
    repeat('following the chain', chainPauseMs, logger, () => chainTransfers.resume()),
    repeat('giving coins', chainPauseMs, logger, async () => {
      mayGive &&= await giveCoins(service)
    }),
  ]
  lifecycle.onStop('wallet work', async () => {
    await Promise.all(stops.map((stop) => stop()))
  })
}
