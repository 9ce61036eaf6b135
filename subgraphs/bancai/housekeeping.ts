import type { Logger, Platform } from '../_kit/index.ts'
import type { Ledger } from './context.ts'

const secondMs = 1_000
const hourMs = 3_600_000
const changesKeptMs = 24 * hourMs
const accountsAtOnce = 100

/** Does work again and again, with a pause between the end of one time and the beginning of the next. */
const repeat = (pauseMs: number, logger: Logger, work: () => Promise<void>): (() => Promise<void>) => {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const step = async (): Promise<void> => {
    try {
      await work()
    } catch (error) {
      logger.error({ err: error }, 'housekeeping failed and will be tried again')
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

/** Writes down which holds have expired. Any number of processes may do it at once: each hold expires once. */
export const expireDueHolds = async ({ store, now, expireHolds }: Ledger): Promise<void> => {
  for (;;) {
    const accountIds = await store.accountsWithDueHolds(now(), accountsAtOnce)
    for (const accountId of accountIds) await expireHolds(accountId)
    if (accountIds.length < accountsAtOnce) return
  }
}

/** What the ledger does by itself: holds expire, the books are proved, old news is removed. */
export const start = async (ledger: Ledger, { lifecycle, logger, metrics, now }: Platform): Promise<void> => {
  const discrepancies = metrics.gauge('ledger_discrepancies', 'Contradictions found when the books were last proved')

  const proveBooks = async (): Promise<void> => {
    const found = await ledger.store.discrepancies()
    discrepancies.set(found.length)
    for (const { id, problem, recorded, computed } of found.slice(0, 100)) {
      logger.error({ id, recorded: String(recorded), computed: String(computed) }, problem)
    }
  }

  const stops = [
    repeat(secondMs, logger, () => expireDueHolds(ledger)),
    repeat(hourMs, logger, async () => {
      await proveBooks()
      await ledger.store.removeChangesBefore(new Date(now().getTime() - changesKeptMs))
    }),
  ]
  lifecycle.onStop('ledger housekeeping', async () => {
    await Promise.all(stops.map((stop) => stop()))
  })
}
