import { issueByRule } from './issuing.ts'
import { latestRun } from './periods.ts'
import type { Store } from './store.ts'

const rulesAtOnce = 50

/**
 * Writes the payments of all schedules that are due, to be settled soon. Each time of a schedule is paid once, by
 * whatever number of processes and after any crash: the payment and the next time become permanent together, and no two
 * payments have the same rule and time. Of the times that were missed only the latest is paid.
 */
export const runSchedules = async (options: { store: Store; newId: () => string; now: () => Date }): Promise<void> => {
  const { store, newId, now } = options

  const run = (ruleId: string, walletId: string): Promise<void> =>
    store.transact(async (tx) => {
      const wallet = await tx.lockWallet(walletId)
      const rule = await tx.rule(ruleId)
      const at = now()
      if (!wallet || !rule || rule.removedAt !== null || rule.nextRunAt === null || rule.nextRunAt > at) return
      const { firstRunAt, period, amount, currency, memo } = rule
      const [payeeId] = rule.payeeIds
      const due = firstRunAt && latestRun({ firstRunAt, period }, at)
      if (!due || amount === null || currency === null || payeeId === undefined) return
      const { dueAt, nextRunAt } = due
      const made = { id: newId(), memo, ruleId, dueAt, originId: null, share: null }
      await issueByRule(tx, wallet, { ...made, payeeId, amount, currency, at })
      await tx.updateRule(ruleId, { nextRunAt })
    })

  for (;;) {
    const rules = await store.dueRules(now(), rulesAtOnce)
    for (const { id, walletId } of rules) await run(id, walletId)
    if (rules.length < rulesAtOnce) return
  }
}
