import { createPlannerThread } from './planning.ts'
import type { PlannerThread } from './planning.ts'

/** The threads that plan, one for each supergraph, whoever plans over it. */
export type PlannerThreads = (sdl: string) => PlannerThread

/** A thread costs tens of megabytes: views of one supergraph share it. */
export const createPlannerThreads = (): PlannerThreads => {
  const threads = new Map<string, PlannerThread>()

  return (sdl) => {
    const known = threads.get(sdl)
    if (known) return known
    const thread = createPlannerThread(sdl)
    const forgotten = {
      ...thread,
      retire: () => {
        threads.delete(sdl)
        thread.retire()
      },
    }
    threads.set(sdl, forgotten)
    return forgotten
  }
}
