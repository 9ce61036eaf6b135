import { createKeyedMutex } from '@codai/runtime'
import { codedError } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import { requestMarks } from './caller.ts'
import type { Caller } from './caller.ts'
import type { Limits } from './limits.ts'
import { costOf } from './pricing.ts'
import type { Result } from './provider.ts'
import type { InferenceRecord, InferenceTask, Usage } from './records.ts'
import { isForPeople } from './routing.ts'
import type { Route, Routing } from './routing.ts'
import type { Store } from './store.ts'

/** Something to be done at once. */
export type Job<Value> = {
  task: InferenceTask
  modelId?: string | null | undefined
  /** What counts against the model's window, in tokens. */
  longest: number
  /** What is used, in tokens. */
  inputTokens: number
  key: string | undefined
  /** What tells this request from another one under the same key. */
  content: unknown
  /** What is kept to be read again; null to keep nothing. */
  input: string | null
  run: (route: Route, signal: AbortSignal) => Promise<Result<Value>>
  outputOf: (value: Value) => string
  countOutput: (value: Value) => number
}

/** What came of it. */
export type Done<Value> = { value: Value; inference: InferenceRecord }

/** Does things at once, and writes down what they used. */
export type Inferences = {
  infer: <Value>(caller: Caller, job: Job<Value>) => Promise<Done<Value>>
}

const longestMs = 60_000

/** CONFLICT when a key was used for something else. */
export const requireSame = (known: InferenceRecord, fingerprint: string | null): void => {
  if (known.fingerprint === fingerprint) return
  throw codedError('CONFLICT', 'This idempotency key was used for something else.')
}

/** Inferences that are done at once. */
export const createInferences = (
  { newId, now }: Pick<Platform, 'newId' | 'now'>,
  { store, limits, routing }: { store: Store; limits: Limits; routing: Routing },
): Inferences => {
  const oneAtATime = createKeyedMutex()

  const inferOnce = async <Value>(caller: Caller, job: Job<Value>): Promise<Done<Value>> => {
    const { task, modelId, key, input } = job
    const routes = routing.routes(task, job.longest, modelId)
    const marks = requestMarks(caller, key, [task, modelId ?? null, job.content])
    const known = marks.requestKey === null ? null : await store.requested(marks.requestKey)
    if (known) requireSame(known, marks.fingerprint)
    else if (caller.ownerId !== null) await limits.take(caller.ownerId, job.inputTokens)

    const createdAt = now()
    const signal = AbortSignal.timeout(longestMs)
    const finished = (rest: Partial<InferenceRecord> & Usage): InferenceRecord => ({
      id: newId(),
      ownerId: caller.ownerId,
      task,
      modelId: routes[0].model.id,
      status: 'SUCCEEDED',
      input,
      output: null,
      keepsContent: input !== null,
      request: null,
      cost: 0n,
      failureReason: null,
      ...marks,
      run: 1,
      leaseUntil: null,
      createdAt,
      finishedAt: now(),
      ...rest,
    })

    try {
      const { value: result, model } = await routing.persist(routes, (route) => job.run(route, signal), signal)
      if (known) return { value: result.value, inference: known }
      const used = result.usage ?? { inputTokens: job.inputTokens, outputTokens: job.countOutput(result.value) }
      const inference = finished({
        ...used,
        modelId: model.id,
        output: input === null ? null : job.outputOf(result.value),
        cost: costOf(model, used),
      })
      const isFirst = await store.addFinished(inference)
      if (isFirst || marks.requestKey === null) return { value: result.value, inference }
      // Another process did the same at the same time, and was first.
      const first = await store.requested(marks.requestKey)
      if (!first) throw new Error('an inference that was there is gone')
      requireSame(first, marks.fingerprint)
      return { value: result.value, inference: first }
    } catch (error) {
      // What is wrong with the request leaves no trace; a model that fails does, but the key may be used again.
      if (!known && isForPeople(error) && error.code === 'UNAVAILABLE') {
        const nothing = { inputTokens: 0, outputTokens: 0, requestKey: null, fingerprint: null }
        await store.addFinished(finished({ ...nothing, status: 'FAILED', failureReason: error.message }))
      }
      if (!signal.aborted) throw error
      throw codedError('TIMEOUT', `No model finished within ${longestMs / 1_000} seconds. Give it less at once.`, {
        cause: error,
      })
    }
  }

  return {
    infer: (caller, job) =>
      job.key === undefined
        ? inferOnce(caller, job)
        : oneAtATime(`${caller.scope} ${job.key}`, () => inferOnce(caller, job)),
  }
}
