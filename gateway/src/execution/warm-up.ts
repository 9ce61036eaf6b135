import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from '@codai/runtime'
import type { Graph } from '../graph/graph.ts'
import type { Preparations } from './preparations.ts'

export type WarmUpOptions = {
  readonly preparationsOf: (graph: Graph) => Preparations
  readonly logger: Logger
  /** How many operations are planned before a new graph is used. */
  readonly count?: number
  /** How long the new graph waits for them at most, in milliseconds. */
  readonly budgetMs?: number
}

/** Plans the operations that one graph was asked most often over the next, so that none of their clients waits. */
export const createWarmUp =
  ({ preparationsOf, logger, count = 100, budgetMs = 10_000 }: WarmUpOptions) =>
  async (current: Graph, next: Graph): Promise<void> => {
    const preparations = preparationsOf(next)
    const plan = async (): Promise<number> => {
      let planned = 0
      for (const operation of preparationsOf(current).mostUsed(count)) {
        // What no longer fits the schema, or cannot be planned, fails when somebody asks for it.
        await preparations.get({ ...operation, graph: next }).then(
          () => (planned += 1),
          () => {},
        )
      }
      return planned
    }
    const planned = await Promise.race([plan(), pause(budgetMs, undefined, { ref: false })])
    logger.info(
      { planned: planned ?? 'not all in time' },
      'the most used operations are planned over the new supergraph',
    )
  }
