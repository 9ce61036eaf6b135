import { linkNode, nodeIn } from './lists.ts'
import { me, onField } from './updates.ts'
import type { Updates } from './updates.ts'

/** Runs of workflows. */
export const workflows: Updates = {
  Mutation: {
    startWorkflow: onField('startWorkflow', (run, cache) => {
      linkNode(cache, me(cache), 'workflowRuns', nodeIn(run))
    }),
  },
}
