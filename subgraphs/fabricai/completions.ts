import { z } from 'zod'
import { codedError } from '../_kit/index.ts'
import type { Logger, Platform } from '../_kit/index.ts'
import { requestMarks } from './caller.ts'
import type { Caller } from './caller.ts'
import { requireSame } from './inferences.ts'
import type { Limits } from './limits.ts'
import { costOf } from './pricing.ts'
import { ProviderError } from './provider.ts'
import type { CompletionRequest, InferenceRecord, Usage } from './records.ts'
import { isForPeople } from './routing.ts'
import type { Route, Routing } from './routing.ts'
import type { CompletionEnd, NewEvent, Run, Store } from './store.ts'
import { countTokens } from './text.ts'
import { createWriter } from './writer.ts'

const mostRunning = 4
const mostRuns = 3
const leaseMs = 30_000
const heartbeatMs = 10_000
const takenAtOnce = 4
// Of those that are taken up: what people ask for begins at once.
const mostUnderWay = 16

const requestShape = z.object({
  prompt: z.string(),
  context: z.array(z.string()),
  maxTokens: z.number(),
  model: z.string().optional(),
})

/** Another run of the same answer began, so that this one has nothing more to say. */
class SupersededError extends Error {
  override readonly name = 'SupersededError'
}

/** How many tokens an answer is to be made from. */
export const tokensGiven = ({ prompt, context }: CompletionRequest): number =>
  [prompt, ...context].reduce((sum, text) => sum + countTokens(text), 0)

/** Makes answers, token by token. */
export type Completions = {
  /** Writes down that an answer is to be made, and begins. The same key begins once. */
  begin: (
    caller: Caller,
    request: CompletionRequest,
    options: { key: string | undefined; keepsContent: boolean },
  ) => Promise<InferenceRecord>
  /** Takes up what nobody works on. */
  resume: () => Promise<void>
  /** Lets go of what is under way, for another process to take up. */
  stop: () => Promise<void>
}

type Parts = {
  store: Store
  limits: Limits
  routing: Routing
  /** Wakes who listens to an answer. */
  announce: (inferenceId: string) => Promise<void>
}

/** Answers, each made by one process at a time, and taken up by another when that is lost. */
export const createCompletions = (
  { newId, now, logger }: Pick<Platform, 'newId' | 'now'> & { logger: Logger },
  { store, limits, routing, announce }: Parts,
): Completions => {
  const stopping = new AbortController()
  const underWay = new Set<Promise<void>>()
  const leaseUntil = (): Date => new Date(now().getTime() + leaseMs)

  const tell = async (run: Run, news: readonly NewEvent[], end?: CompletionEnd): Promise<void> => {
    if (!(await store.append(run, news, end))) throw new SupersededError('taken up by another')
    await announce(run.id)
  }

  /** Writes the answer of one model; what an attempt before it wrote is void. */
  const answer = async (
    run: Run,
    request: CompletionRequest,
    { provider, model }: Route,
    signal: AbortSignal,
  ): Promise<{ output: string; usage: Usage | undefined }> => {
    if (!provider.complete) throw new ProviderError(`${provider.name} does not answer prompts.`, { passing: false })
    const writer = createWriter<string>((texts) =>
      tell(
        run,
        texts.map((text) => ({ kind: 'TOKEN', text })),
      ),
    )
    let output = ''
    let usage: Usage | undefined
    try {
      for await (const part of provider.complete(model, request, signal)) {
        signal.throwIfAborted()
        if ('usage' in part) usage = part.usage
        else {
          output += part.text
          writer.push(part.text)
        }
      }
    } finally {
      // Also when the model broke off: what is still being written would come after the news of the next attempt.
      await writer.end()
    }
    return { output, usage }
  }

  const make = async (inference: InferenceRecord, signal: AbortSignal): Promise<void> => {
    const run: Run = { id: inference.id, run: inference.run }
    const request = requestShape.parse(inference.request)
    const { inputTokens } = inference
    const routes = routing.routes('COMPLETE', inputTokens + request.maxTokens, request.model)
    let isFirst = inference.run === 1
    const { value, model } = await routing.persist(
      routes,
      async (route) => {
        await tell(run, [{ kind: isFirst ? 'STARTED' : 'RESTARTED', text: null }])
        isFirst = false
        return answer(run, request, route, signal)
      },
      signal,
    )
    const used = value.usage ?? { inputTokens, outputTokens: countTokens(value.output) }
    await tell(run, [{ kind: 'DONE', text: null }], {
      status: 'SUCCEEDED',
      modelId: model.id,
      output: value.output,
      ...used,
      cost: costOf(model, used),
      failureReason: null,
      finishedAt: now(),
    })
  }

  const fail = (inference: InferenceRecord, reason: string): Promise<void> =>
    tell(inference, [{ kind: 'FAILED', text: reason }], {
      status: 'FAILED',
      modelId: inference.modelId,
      output: null,
      inputTokens: 0,
      outputTokens: 0,
      cost: 0n,
      failureReason: reason,
      finishedAt: now(),
    })

  const run = async (inference: InferenceRecord): Promise<void> => {
    const lost = new AbortController()
    const signal = AbortSignal.any([stopping.signal, lost.signal])
    const heartbeat = setInterval(() => {
      store.keepLease(inference, leaseUntil()).then(
        (kept) => kept || lost.abort(),
        (error: unknown) => logger.warn({ err: error, inference: inference.id }, 'a lease could not be kept'),
      )
    }, heartbeatMs)
    try {
      if (inference.run > mostRuns) await fail(inference, 'The process that answered was lost again and again.')
      else await make(inference, signal)
    } catch (error) {
      if (error instanceof SupersededError || lost.signal.aborted) return
      if (stopping.signal.aborted) {
        await store.release(inference)
        return
      }
      const reason = isForPeople(error) ? error.message : 'Something went wrong on our side.'
      if (!isForPeople(error)) logger.error({ err: error, inference: inference.id }, 'an answer could not be made')
      await fail(inference, reason)
    } finally {
      clearInterval(heartbeat)
    }
  }

  const follow = (inference: InferenceRecord): void => {
    const running = run(inference)
      .catch((error: unknown) => logger.error({ err: error, inference: inference.id }, 'an answer is left to others'))
      .finally(() => underWay.delete(running))
    underWay.add(running)
  }

  const take = async (limit: number, id?: string): Promise<number> => {
    if (stopping.signal.aborted) return 0
    const options = { now: now(), leaseUntil: leaseUntil(), limit, ...(id !== undefined && { id }) }
    const taken = await store.takeCompletions(options)
    for (const inference of taken) follow(inference)
    return taken.length
  }

  return {
    begin: async (caller, request, { key, keepsContent }) => {
      const inputTokens = tokensGiven(request)
      const [{ model }] = routing.routes('COMPLETE', inputTokens + request.maxTokens, request.model)
      const marks = requestMarks(caller, key, ['COMPLETE', request, keepsContent])
      const known = marks.requestKey === null ? null : await store.requested(marks.requestKey)
      if (known) {
        requireSame(known, marks.fingerprint)
        return known
      }
      if (caller.ownerId !== null) await limits.take(caller.ownerId, inputTokens + request.maxTokens)
      const inference: InferenceRecord = {
        id: newId(),
        ownerId: caller.ownerId,
        task: 'COMPLETE',
        modelId: model.id,
        status: 'RUNNING',
        input: [request.prompt, ...request.context].join('\n\n'),
        output: null,
        keepsContent,
        request: { ...request, context: [...request.context] },
        inputTokens,
        outputTokens: 0,
        cost: 0n,
        failureReason: null,
        ...marks,
        run: 0,
        leaseUntil: null,
        createdAt: now(),
        finishedAt: null,
      }
      const added = await store.addCompletion(inference, mostRunning)
      if (added === undefined) {
        throw codedError('LIMIT_EXCEEDED', `At most ${mostRunning} answers can be under way at once.`, {
          limit: mostRunning,
        })
      }
      if (added) {
        await take(1, inference.id)
        return inference
      }
      const first = marks.requestKey === null ? null : await store.requested(marks.requestKey)
      if (!first) throw new Error('an answer that was there is gone')
      requireSame(first, marks.fingerprint)
      return first
    },

    resume: async () => {
      while (underWay.size < mostUnderWay && (await take(takenAtOnce)) === takenAtOnce);
    },

    stop: async () => {
      stopping.abort()
      await Promise.allSettled(underWay)
    },
  }
}
