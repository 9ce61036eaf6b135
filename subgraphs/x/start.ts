import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { demoInstruments } from './demo-market.ts'
import { makeMarket } from './market-maker.ts'

const UPKEEP_PAUSE_MS = 1_000

/** Finishes what a crash or a ledger that did not answer left undone, again and again. */
export const startUpkeep = ({ placement, settlement }: Service, platform: Platform): void =>
  repeat(platform, 'settlement', async () => {
    const results = await Promise.allSettled([placement.recover(), settlement.sweep()])
    const failed = results.find((result) => result.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    return UPKEEP_PAUSE_MS
  })

/** Starts what works by itself: the upkeep, and where there is demo data, its market. */
export const start = async (service: Service, platform: Platform): Promise<void> => {
  startUpkeep(service, platform)
  if (!platform.config.seed) return
  for (const [index, { symbol }] of demoInstruments.entries()) makeMarket(service, platform, { symbol, index })
}
