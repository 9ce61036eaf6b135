import { Worker } from 'node:worker_threads'
import type { Logger } from '../_kit/index.ts'
import type { Vector } from './provider.ts'

// Few enough that a long list lets others through, and that memory stays small.
const textsAtOnce = 8
const idleMs = 10 * 60_000

type Answer = { job: number; vectors: number[][] } | { job: number; error: string }
type Waiting = { resolve: (vectors: Vector[]) => void; reject: (error: Error) => void }
type Running = { worker: Worker; waiting: Map<number, Waiting> }

/** Turns English texts into vectors. */
export type Embedder = {
  /** One vector of length 1 and 512 dimensions for each text. A text has a letter or a digit. */
  embed: (texts: readonly string[], signal?: AbortSignal) => Promise<Vector[]>
  stop: () => Promise<void>
}

/**
 * The Universal Sentence Encoder Lite (D. Cer et al., 2018) in a thread of its own, so that it keeps nobody else in the
 * process waiting. The thread is started when it is first needed and ends after ten idle minutes: it takes
 * about 200 MB.
 */
export const createEmbedder = (logger: Logger): Embedder => {
  let running: Running | undefined
  let idle: NodeJS.Timeout | undefined
  let jobs = 0

  const begin = (): Running => {
    const worker = new Worker(new URL('./embedding-worker.mjs', import.meta.url), { execArgv: [] })
    const waiting = new Map<number, Waiting>()
    const begun = { worker, waiting }
    const end = (error: Error): void => {
      if (running === begun) running = undefined
      for (const { reject } of waiting.values()) reject(error)
      waiting.clear()
    }
    worker.on('message', (answer: Answer) => {
      const job = waiting.get(answer.job)
      waiting.delete(answer.job)
      if ('error' in answer) job?.reject(new Error(answer.error))
      else job?.resolve(answer.vectors)
    })
    worker.on('error', (error) => {
      logger.error({ err: error }, 'the thread of the embedding model failed')
      end(error)
    })
    worker.on('exit', () => end(new Error('The thread of the embedding model ended.')))
    return begun
  }

  const stop = async (): Promise<void> => {
    clearTimeout(idle)
    await running?.worker.terminate()
  }

  const embedSome = (texts: readonly string[]): Promise<Vector[]> => {
    const { worker, waiting } = (running ??= begin())
    clearTimeout(idle)
    const job = (jobs += 1)
    const vectors = new Promise<Vector[]>((resolve, reject) => waiting.set(job, { resolve, reject }))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage({ job, texts })
    return vectors.finally(() => {
      clearTimeout(idle)
      idle = setTimeout(() => void stop(), idleMs).unref()
    })
  }

  return {
    embed: async (texts, signal) => {
      const vectors: Vector[] = []
      for (let from = 0; from < texts.length; from += textsAtOnce) {
        signal?.throwIfAborted()
        vectors.push(...(await embedSome(texts.slice(from, from + textsAtOnce))))
      }
      return vectors
    },
    stop,
  }
}
