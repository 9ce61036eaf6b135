import type { Logger } from '../_kit/index.ts'
import type { Attempt } from './attempt.ts'
import type { WorkflowRunRecord, WorkflowRunStepRecord } from './records.ts'
import { compensationAttempts, isUnderWay, nextTask, pauseAfter } from './saga.ts'
import type { Outcome, StepError } from './saga.ts'
import type { RunChange } from './store-conducting.ts'
import type { Store } from './store.ts'

/** For how long a run stays with who works on it, unless it is renewed: after a crash, others wait for so long. */
export const leaseMs = 10_000

/** Works on runs. */
export type Conductor = {
  /** Works on what is due, as far as there is room; answers when all of it has begun. */
  takeDue: () => Promise<void>
  /** Keeps what is being worked on. */
  renew: () => Promise<void>
  /** Lets go of everything, and waits for it. */
  stop: () => Promise<void>
}

type Situation = { run: WorkflowRunRecord; steps: WorkflowRunStepRecord[] }

const runsAtOnce = 16

const brief = (text: string): string => text.slice(0, 1_000)

/**
 * Does runs step by step. Every change is written down before and after it is made, under a lease, so that another process
 * goes on where this one was lost, and never two write at once.
 */
export const createConductor = (options: {
  store: Store
  attempt: (attempt: Attempt) => Promise<Outcome>
  /** Told of each change, after the commit. */
  announce: (runId: string) => Promise<void>
  lease: string
  now: () => Date
  logger: Logger
}): Conductor => {
  const { store, attempt, announce, lease, now, logger } = options
  const stopping = new AbortController()
  const active = new Map<string, Promise<void>>()

  const load = async (id: string): Promise<Situation | undefined> => {
    const [[run], steps] = await Promise.all([store.runs([id]), store.stepsOf([id])])
    return run && { run, steps }
  }

  /** False when somebody else works on the run by now. */
  const write = async (id: string, change: RunChange): Promise<boolean> => {
    const isOurs = await store.changeRun(id, lease, change)
    if (isOurs) await announce(id)
    return isOurs
  }

  const finish = ({ run }: Situation, status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED'): Promise<boolean> => {
    const payload = { runId: run.id, workflowId: run.workflowId, name: run.name, owner: run.ownerId, status }
    return write(run.id, {
      run: { status, finishedAt: now(), dueAt: null, lease: null },
      event: { type: 'codai.workflowRunFinished', key: run.id, payload },
    })
  }

  const giveUp = (run: WorkflowRunRecord, step: WorkflowRunStepRecord, error: StepError, isUndo: boolean) => {
    const what = `The step "${step.name}" ${isUndo ? 'could not be undone' : 'failed'}: ${error.message}`
    const failed = { position: step.position, errorCode: error.code, errorMessage: error.message, finishedAt: now() }
    return write(
      run.id,
      isUndo
        ? {
            run: {
              status: 'STUCK',
              failureReason: brief(`${run.failureReason ?? ''} ${what}`.trim()),
              dueAt: null,
              lease: null,
            },
            step: { ...failed, status: 'COMPENSATION_FAILED' },
          }
        : {
            run: { status: 'COMPENSATING', failureReason: brief(run.failureReason ?? what) },
            step: { ...failed, status: 'FAILED' },
          },
    )
  }

  const attemptOnce = async (situation: Situation, step: WorkflowRunStepRecord, isUndo: boolean): Promise<boolean> => {
    const { run, steps } = situation
    const { position, definition } = step
    // Undoing counts its own attempts.
    const before = isUndo && step.status === 'SUCCEEDED' ? 0 : step.attempts
    const attempts = isUnderWay(step) ? before : before + 1
    const status = isUndo ? 'COMPENSATING' : 'RUNNING'
    const startedAt = step.startedAt ?? now()
    const begun = {
      position,
      status,
      attempts,
      startedAt,
      finishedAt: null,
      errorCode: null,
      errorMessage: null,
    } as const
    if (!(await write(run.id, { step: begun }))) return false

    const isLast = attempts >= (isUndo ? compensationAttempts : definition.attempts)
    const outcome = await attempt({ run, steps, step, isUndo, isLast, signal: stopping.signal })
    if (outcome.kind === 'done') {
      const done = { position, finishedAt: now() }
      return write(run.id, {
        step: isUndo ? { ...done, status: 'COMPENSATED' } : { ...done, status: 'SUCCEEDED', output: outcome.data },
      })
    }
    const { error } = outcome
    if (outcome.kind === 'failed' || isLast) return (await giveUp(run, step, error, isUndo)) && !isUndo
    await write(run.id, {
      run: { lease: null, dueAt: new Date(now().getTime() + pauseAfter(attempts)) },
      step: { position, errorCode: error.code, errorMessage: error.message },
    })
    return false
  }

  /** Does the next thing; answers whether there is more to do at once. */
  const proceed = async (situation: Situation): Promise<boolean> => {
    const { run, steps } = situation
    const task = nextTask(run, steps)
    if (task.kind === 'finish') {
      await finish(situation, task.status)
      return false
    }
    if (task.kind === 'turnBack') {
      return write(run.id, { run: { status: 'COMPENSATING', failureReason: run.failureReason ?? 'It was cancelled.' } })
    }
    if (task.kind === 'undo' && task.step.definition.compensation === null) {
      return write(run.id, { step: { position: task.step.position, status: 'COMPENSATED' } })
    }
    return attemptOnce(situation, task.step, task.kind === 'undo')
  }

  const drive = async (id: string): Promise<void> => {
    try {
      for (let goesOn = true; goesOn && !stopping.signal.aborted;) {
        const situation = await load(id)
        goesOn = situation !== undefined && (await proceed(situation))
      }
      if (stopping.signal.aborted) await store.releaseRun(id, lease, now())
    } catch (error) {
      if (!stopping.signal.aborted) logger.error({ err: error, run: id }, 'a workflow run could not go on yet')
      const pauseMs = stopping.signal.aborted ? 0 : pauseAfter(4)
      await store.releaseRun(id, lease, new Date(now().getTime() + pauseMs)).catch(() => undefined)
    }
  }

  return {
    takeDue: async () => {
      const room = runsAtOnce - active.size
      if (room <= 0 || stopping.signal.aborted) return
      const at = now()
      for (const id of await store.takeRuns(lease, at, new Date(at.getTime() + leaseMs), room)) {
        if (active.has(id)) continue
        const work = drive(id).finally(() => active.delete(id))
        active.set(id, work)
      }
    },
    renew: async () => {
      if (active.size > 0) await store.renewLease(lease, new Date(now().getTime() + leaseMs))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all(active.values())
    },
  }
}
