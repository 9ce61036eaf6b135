import { CodedError } from '@codai/runtime'
import type { Graph, Logger } from '../_kit/index.ts'
import { readSteps } from './definition.ts'
import type { WorkflowStepInput } from './definition.ts'
import type { Store } from './store.ts'

const remember = `mutation Remember($input: RememberInput!) {
  remember(input: $input) { id }
}`

const recall = `query Recall($query: String!) {
  recall(query: $query, first: 5, minScore: 0.2) { score memory { id content } }
}`

const complete = `mutation Complete($input: CompleteInput!) {
  complete(input: $input) { id status }
}`

const forget = `mutation Forget($memory: ID!) {
  forget(memory: $memory) { id }
}`

/** What the built-in assistant does: it keeps in mind what it is told, and answers from what it remembers. */
const assistantSteps: readonly WorkflowStepInput[] = [
  {
    name: 'remember',
    operation: remember,
    variables: { input: { content: '{{ input.fact }}' } },
    compensation: { operation: forget, variables: { memory: '{{ steps.remember.remember.id }}' } },
  },
  { name: 'recall', operation: recall, variables: { query: '{{ input.question }}' } },
  {
    name: 'complete',
    operation: complete,
    variables: { input: { prompt: '{{ input.question }}', context: '{{ steps.recall.recall.*.memory.content }}' } },
  },
]

const builtIn = [
  {
    id: '01JC0DA1BV1LT1N00000000001',
    name: 'Assistant',
    description:
      'Remembers a fact, recalls what has to do with a question, and answers it from that. Follow the answer of the last step with `completion`.',
    steps: assistantSteps,
    createdAt: new Date('2025-03-03T08:00:00.000Z'),
  },
]

/** Offers the workflows that come with the system, as far as the graph has the services that they work with. */
export const offerBuiltIn = async (options: { store: Store; graph: Graph; logger: Logger }): Promise<void> => {
  const { store, graph, logger } = options
  const schema = await graph.schema()
  for (const { steps, ...workflow } of builtIn) {
    try {
      await store.putBuiltIn({ ...workflow, steps: readSteps(schema, steps) })
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      logger.info({ workflow: workflow.name, reason: error.message }, 'a built-in workflow is not offered')
    }
  }
}
