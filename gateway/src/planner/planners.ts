import { startPlanner } from './planner.ts'
import type { Planner } from './planner.ts'

/** How long the thread for parts stays without work, in milliseconds. */
const LONGEST_IDLE_MS = 60_000

/**
 * Starts what plans over a supergraph. Operations of which parts come later have a thread of their own, that begins with
 * the first of them and ends when no more come: Apollo's planner never gets done with some, and nobody else is to wait.
 */
export const startPlanners = (sdl: string, budgetMs?: number): Planner => {
  const planner = startPlanner(sdl, budgetMs)
  let ofParts: Planner | undefined
  let idle: NodeJS.Timeout | undefined

  const retireOfParts = async (): Promise<void> => {
    clearTimeout(idle)
    const ending = ofParts
    ofParts = undefined
    await ending?.retire()
  }

  const plannerOfParts = (): Planner => {
    clearTimeout(idle)
    idle = setTimeout(() => void retireOfParts(), LONGEST_IDLE_MS)
    idle.unref()
    return (ofParts ??= startPlanner(sdl, budgetMs))
  }

  return {
    read: planner.read,
    plan: (operation) => (operation.isInParts ? plannerOfParts() : planner).plan(operation),
    retire: async () => {
      await Promise.all([planner.retire(), retireOfParts()])
    },
    stop: async () => {
      clearTimeout(idle)
      await Promise.all([planner.stop(), ofParts?.stop()])
    },
  }
}
