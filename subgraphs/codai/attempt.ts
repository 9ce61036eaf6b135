import type { GraphQLFormattedError } from 'graphql'
import { CodedError } from '@codai/runtime'
import type { Graph, GraphAnswer } from '../_kit/index.ts'
import type { WorkflowRunRecord, WorkflowRunStepRecord } from './records.ts'
import type { Outcome, StepError } from './saga.ts'
import { render } from './template.ts'
import type { Scope } from './template.ts'

const mayPass = new Set(['UNAVAILABLE', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR'])
const longestMessage = 500
const largestOutput = 200_000

const stepError = (code: unknown, message: string): StepError => ({
  code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
  message: message.slice(0, longestMessage),
})

const errorOf = ({ extensions, message }: GraphQLFormattedError): StepError => stepError(extensions?.['code'], message)

const failure = (error: StepError): Outcome => ({ kind: mayPass.has(error.code) ? 'again' : 'failed', error })

/** What is done with an answer: one that is too large is not kept, but a change that was made stays made. */
const kept = (data: Readonly<Record<string, unknown>>, isMutation: boolean): Outcome => {
  if (JSON.stringify(data).length <= largestOutput) return { kind: 'done', data }
  if (isMutation) return { kind: 'done', data: {} }
  return failure(stepError('LIMIT_EXCEEDED', `It answered more than ${largestOutput} characters.`))
}

/**
 * What an answer means for a step. A mutation whose field was answered has had its effect, whatever else failed: as long
 * as it may pass it is asked again under the same key, but in the end it counts as done, so that it is undone if need be.
 */
const outcomeOf = ({ data, errors }: GraphAnswer, isMutation: boolean, isLast: boolean): Outcome => {
  const found = errors.map(errorOf)
  const error = found.find(({ code }) => !mayPass.has(code)) ?? found[0]
  if (!error && data) return kept(data, isMutation)
  if (!error) return failure(stepError('UNAVAILABLE', 'The graph answered nothing.'))
  const hadEffect = isMutation && data !== null && Object.values(data).every((value) => value !== null)
  if (!data || !hadEffect) return failure(error)
  return mayPass.has(error.code) && !isLast ? { kind: 'again', error } : kept(data, isMutation)
}

const scopeOf = (run: WorkflowRunRecord, steps: readonly WorkflowRunStepRecord[], key: string): Scope => ({
  input: run.input,
  steps: Object.fromEntries(steps.flatMap(({ name, output }) => (output === null ? [] : [[name, output]]))),
  owner: { id: run.ownerId },
  run: { id: run.id },
  step: { key },
})

/** One attempt at a step, or at what undoes it. */
export type Attempt = {
  run: WorkflowRunRecord
  steps: readonly WorkflowRunStepRecord[]
  step: WorkflowRunStepRecord
  isUndo: boolean
  /** Whether no other attempt follows. */
  isLast: boolean
  signal: AbortSignal
}

/** Makes attempts through the graph. Throws only when the signal ended it. */
export const createAttempt =
  (graph: Graph) =>
  async ({ run, steps, step, isUndo, isLast, signal }: Attempt): Promise<Outcome> => {
    const { definition, position } = step
    const { operation, variables } = isUndo && definition.compensation ? definition.compensation : definition
    // The same for every attempt, after every crash: whoever gets it twice does it once.
    const key = `${run.id}-${position}${isUndo ? '-undo' : ''}`
    try {
      const rendered = render(variables, scopeOf(run, steps, key)) as Record<string, unknown>
      const caller = { userId: run.ownerId, roles: run.roles, timeoutMs: definition.timeoutSeconds * 1_000, signal }
      const answer = await graph.run({ document: operation, variables: rendered }, caller)
      return outcomeOf(answer, /^\s*mutation\b/.test(operation), isLast)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof CodedError) return failure(stepError(error.code, error.message))
      throw error
    }
  }
