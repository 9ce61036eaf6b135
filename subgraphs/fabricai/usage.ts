import { badInput } from '../_kit/index.ts'
import { dailyTokenLimit, midnightBefore } from './limits.ts'
import { inEuro } from './pricing.ts'
import type { Store } from './store.ts'

const dayMs = 86_400_000

/** What a person used in a period; of today, where it is not said. BAD_USER_INPUT when it ends before it begins. */
export const usageOf = async (
  store: Store,
  ownerId: string,
  given: { from?: Date | null | undefined; to?: Date | null | undefined },
  now: Date,
) => {
  const from = given.from ?? midnightBefore(given.to == null ? now : new Date(given.to.getTime() - 1))
  const to = given.to ?? new Date(Math.max(midnightBefore(now).getTime() + dayMs, from.getTime()))
  if (from > to) throw badInput('`from` is not later than `to`.', { field: 'from' })
  const tasks = await store.usage(ownerId, from, to)
  const sum = (of: (task: (typeof tasks)[number]) => number): number =>
    tasks.reduce((total, task) => total + of(task), 0)
  return {
    from,
    to,
    inferences: sum((task) => task.inferences),
    inputTokens: sum((task) => task.inputTokens),
    outputTokens: sum((task) => task.outputTokens),
    cost: inEuro(tasks.reduce((total, task) => total + task.cost, 0n)),
    byTask: tasks.map((task) => ({ ...task, cost: inEuro(task.cost) })),
    dailyTokenLimit,
  }
}
