import type { PubSub } from '@codai/stores'
import { live, notFound } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { WorkflowRunRecord } from './records.ts'
import type { Store } from './store.ts'

type Topics = Record<`run:${string}`, null>

/** Tells listeners how runs go on. */
export type Progress = {
  /** Wakes those who listen to a run. To be called after the commit. */
  announce: (runId: string) => Promise<void>
  /**
   * A run as it is, then after its changes, until it has ended. What travels is only a sign that there is something to
   * read, so that a message that comes late or twice shows nothing wrong; who reads slowly is shown the newest state.
   */
  listen: (runId: string) => Promise<AsyncIterableIterator<WorkflowRunRecord, void>>
}

/** The live side of runs. */
export const createProgress = (options: { store: Store; pubSub: PubSub<Topics>; logger: Logger }): Progress => {
  const { store, pubSub, logger } = options

  const changesOf = (runId: string) =>
    async function* (signs: AsyncIterable<null>): AsyncGenerator<WorkflowRunRecord, void> {
      let seen = -1
      const fresh = async (): Promise<WorkflowRunRecord | undefined> => {
        const [run] = await store.runs([runId])
        if (!run || run.revision <= seen) return undefined
        seen = run.revision
        return run
      }
      const first = await fresh()
      if (!first) throw notFound('WorkflowRun', runId)
      yield first
      if (first.finishedAt) return
      for await (const _ of signs) {
        const run = await fresh()
        if (!run) continue
        yield run
        if (run.finishedAt) return
      }
    }

  return {
    announce: async (runId) => {
      try {
        await pubSub.publish(`run:${runId}`, null)
      } catch (error) {
        // The run goes on: a listener that hears of it later is no reason to fail.
        logger.warn({ err: error, run: runId }, 'listeners could not be woken')
      }
    },
    listen: async (runId) => {
      const signs = pubSub.subscribe(`run:${runId}`)
      // The state is read when signs arrive already: nothing can happen in between unseen.
      await signs.ready
      return live(signs, changesOf(runId))
    },
  }
}
