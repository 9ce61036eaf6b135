import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { codedError, errorStatus } from '@codai/runtime'
import type { QueryPlan } from '@apollo/query-planner'

export type PlanRequest = {
  readonly id: number
  readonly query: string
  readonly operationName: string | undefined
  /** The labels of progressive overrides that hold. */
  readonly overrides?: readonly string[] | undefined
}

export type PlanReply =
  | { readonly id: number; readonly plan: QueryPlan }
  | { readonly id: number; readonly error: string }

/** A thread that plans over one supergraph. */
export type PlannerThread = {
  /** Plans an operation. Throws TIMEOUT when it takes longer than it may; plans that waited behind it are tried again. */
  readonly plan: (query: string, operationName: string | undefined, overrides?: readonly string[]) => Promise<QueryPlan>
  /** Ends the thread once it has nothing left to do; one that is asked again begins again. */
  readonly retire: () => void
  readonly stop: () => Promise<void>
}

type Waiting = {
  readonly request: PlanRequest
  readonly resolve: (plan: QueryPlan) => void
  readonly reject: (error: Error) => void
}

/** Starts a thread for a supergraph's text. An operation may take `budgetMs` milliseconds of planning. */
export const createPlannerThread = (sdl: string, budgetMs = 15_000): PlannerThread => {
  const waiting: Waiting[] = []
  let worker: Worker | undefined
  let timer: NodeJS.Timeout | undefined
  let nextId = 0
  let retired = false
  let stopped = false

  const settle = (reply: PlanReply): void => {
    const current = waiting[0]
    if (!current || current.request.id !== reply.id) return
    waiting.shift()
    clearTimeout(timer)
    if ('plan' in reply) current.resolve(reply.plan)
    else current.reject(new Error(reply.error))
    advance()
  }

  const begin = (): Worker => {
    const started = new Worker(threadModule(), { workerData: { sdl }, execArgv: [] })
    started.unref()
    started.on('message', settle)
    started.on('error', (error) => fail(started, error))
    started.on('exit', (code) => fail(started, new Error(`the planner's thread ended with ${code}`)))
    return started
  }

  /** The thread is lost, and with it what it was planning; what waits behind begins anew. */
  const fail = (lost: Worker, error: Error): void => {
    if (lost !== worker) return
    worker = undefined
    clearTimeout(timer)
    waiting.shift()?.reject(error)
    advance()
  }

  const advance = (): void => {
    const [current] = waiting
    if (!current) {
      if (retired) end()
      return
    }
    worker ??= begin()
    const running = worker
    timer = setTimeout(() => {
      void running.terminate()
      fail(running, tooLong())
    }, budgetMs)
    timer.unref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    running.postMessage(current.request)
  }

  const end = (): void => {
    const ending = worker
    worker = undefined
    void ending?.terminate()
  }

  worker = begin()
  return {
    plan: (query, operationName, overrides) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new Error('the planner has stopped'))
        nextId += 1
        waiting.push({ request: { id: nextId, query, operationName, overrides }, resolve, reject })
        if (waiting.length === 1) advance()
      }),
    retire: () => {
      retired = true
      if (waiting.length === 0) end()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      const ending = worker
      worker = undefined
      for (const { reject } of waiting.splice(0)) reject(new Error('the planner has stopped'))
      await ending?.terminate()
    },
  }
}

const tooLong = (): Error =>
  codedError('TIMEOUT', 'The operation takes too long to plan; ask for less at once.', {
    http: { status: errorStatus('TIMEOUT') },
  })

/** Sources need tsx, which a thread does not inherit from what runs this process. */
const threadModule = (): URL => {
  if (!import.meta.url.endsWith('.ts')) return new URL('./planner-thread.js', import.meta.url)
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx'))
  const tsx = new URL('./esm/api/index.mjs', loader).href
  const source = new URL('./planner-thread.ts', import.meta.url).href
  const code = `import { register } from '${tsx}'; register(); await import('${source}')`
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}
