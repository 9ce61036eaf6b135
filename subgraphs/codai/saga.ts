import type { WorkflowRunRecord, WorkflowRunStatus, WorkflowRunStepRecord } from './records.ts'

/** What is to be done next for a run. */
export type Task =
  /** Do a step, or go on with one that was begun. */
  | { kind: 'do'; step: WorkflowRunStepRecord }
  /** Begin to undo what is done. */
  | { kind: 'turnBack' }
  /** Undo a step. */
  | { kind: 'undo'; step: WorkflowRunStepRecord }
  | { kind: 'finish'; status: Extract<WorkflowRunStatus, 'SUCCEEDED' | 'FAILED' | 'CANCELLED'> }

/** An error of an attempt. */
export type StepError = { code: string; message: string }

/** How an attempt went. */
export type Outcome =
  | { kind: 'done'; data: Readonly<Record<string, unknown>> }
  /** It may go better another time. */
  | { kind: 'again'; error: StepError }
  | { kind: 'failed'; error: StepError }

/** How often it is tried to undo a step. */
export const compensationAttempts = 10

const shortestPauseMs = 500
const longestPauseMs = 30_000

/** How long to wait after a failed attempt, in milliseconds: twice as long each time, up to half a minute. */
export const pauseAfter = (attempts: number): number =>
  Math.min(shortestPauseMs * 2 ** Math.max(0, attempts - 1), longestPauseMs)

/**
 * The next task of a run whose steps are in their order. A step that was begun is done to its end before a run is turned
 * back: only then is it known whether there is something to undo.
 */
export const nextTask = (run: WorkflowRunRecord, steps: readonly WorkflowRunStepRecord[]): Task => {
  if (run.status === 'RUNNING') {
    const step = steps.find(({ status }) => status !== 'SUCCEEDED')
    if (run.cancelRequested && step?.status !== 'RUNNING') return { kind: 'turnBack' }
    return step ? { kind: 'do', step } : { kind: 'finish', status: 'SUCCEEDED' }
  }
  const step = steps.findLast(({ status }) => status === 'SUCCEEDED' || status === 'COMPENSATING')
  if (step) return { kind: 'undo', step }
  return { kind: 'finish', status: run.cancelRequested ? 'CANCELLED' : 'FAILED' }
}

/** Whether an attempt was begun and not answered, as after a crash: it is the same attempt when it is done again. */
export const isUnderWay = ({ status, attempts, errorCode }: WorkflowRunStepRecord): boolean =>
  (status === 'RUNNING' || status === 'COMPENSATING') && attempts > 0 && errorCode === null
