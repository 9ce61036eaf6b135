import { repeat } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Ledger } from './context.ts'

const secondMs = 1_000
const hourMs = 3_600_000
const changesKeptMs = 24 * hourMs
const accountsAtOnce = 100

/** Writes down which holds have expired. Any number of processes may do it at once: each hold expires once. */
export const expireDueHolds = async ({ store, now, expireHolds }: Ledger): Promise<void> => {
  for (;;) {
    const accountIds = await store.accountsWithDueHolds(now(), accountsAtOnce)
    for (const accountId of accountIds) await expireHolds(accountId)
    if (accountIds.length < accountsAtOnce) return
  }
}

/** What the ledger does by itself: holds expire, the books are proved, old news is removed. */
export const start = async (ledger: Ledger, platform: Platform): Promise<void> => {
  const { logger, metrics, now } = platform
  const discrepancies = metrics.gauge('ledger_discrepancies', 'Contradictions found when the books were last proved')

  const proveBooks = async (): Promise<void> => {
    const found = await ledger.store.discrepancies()
    discrepancies.set(found.length)
    for (const { id, problem, recorded, computed } of found.slice(0, 100)) {
      logger.error({ id, recorded: String(recorded), computed: String(computed) }, problem)
    }
  }

  repeat(platform, 'expiring holds', async () => {
    await expireDueHolds(ledger)
    return secondMs
  })
  repeat(platform, 'proving the books', async () => {
    await proveBooks()
    await ledger.store.removeChangesBefore(new Date(now().getTime() - changesKeptMs))
    return hourMs
  })
}
