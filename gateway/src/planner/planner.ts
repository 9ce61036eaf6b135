import { createRequire } from 'node:module'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { codedError, errorStatus } from '@codai/runtime'
import type { Writes } from '@codai/engine'
import type { QueryPlan } from '@apollo/query-planner'
import type { GraphFacts } from '../graph/facts.ts'
import type { Answered, Asked, PlanReply, PlanRequest, Request } from './messages.ts'

export type { PlanRequest } from './messages.ts'

/** A plan, or the reason for the operation's author why there is none. */
export type Planned =
  | {
      readonly plan: QueryPlan
      /** How its fetches write, for `prepare`. */
      readonly writes: readonly Writes[]
      readonly isRenamed: boolean
    }
  | { readonly refusal: string }

/** A thread that reads one supergraph, and plans over it. */
export type Planner = {
  /** What is to be known of the supergraph. Throws an error in words for its author when it cannot be served. */
  readonly read: () => Promise<GraphFacts>
  /** Plans an operation. Throws TIMEOUT when it takes longer than it may; what waited behind it is tried again. */
  readonly plan: (operation: PlanRequest) => Promise<Planned>
  /** Ends the thread once it has nothing left to do, and then resolves; one that is asked again begins again. */
  readonly retire: () => Promise<void>
  readonly stop: () => Promise<void>
}

type Waiting = {
  readonly asked: Asked
  readonly resolve: (answered: Answered) => void
  readonly reject: (error: Error) => void
}

/** Reading takes a second for forty services; a file that takes this long cannot be served. */
const READING_BUDGET_MS = 120_000

/** Starts a thread for a supergraph's text. An operation may take `budgetMs` milliseconds of planning. */
export const startPlanner = (sdl: string, budgetMs = 15_000): Planner => {
  const waiting: Waiting[] = []
  let worker: Worker | undefined
  let timer: NodeJS.Timeout | undefined
  let nextId = 0
  let retirement: { readonly done: () => void } | undefined
  let stopped = false

  const settle = (answered: Answered): void => {
    const current = waiting[0]
    if (!current || current.asked.id !== answered.id) return
    waiting.shift()
    clearTimeout(timer)
    current.resolve(answered)
    advance()
  }

  const begin = (): Worker => {
    const started = new Worker(threadModule(), { workerData: { sdl }, execArgv: [] })
    started.on('message', settle)
    started.on('error', (error) => fail(started, error))
    started.on('exit', (code) => fail(started, new Error(`the planner's thread ended with ${code}`)))
    return started
  }

  /** The thread is lost, and with it what it was doing; what waits behind begins anew. */
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
      worker?.unref()
      if (retirement) void end().then(retirement.done)
      return
    }
    const running = (worker ??= begin())
    // Somebody waits for it, be there nothing else that keeps the process.
    running.ref()
    const { request } = current.asked
    timer = setTimeout(
      () => {
        void running.terminate()
        fail(running, tooLong())
      },
      request.kind === 'read' ? READING_BUDGET_MS : budgetMs,
    )
    timer.unref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    running.postMessage(current.asked)
  }

  const end = async (): Promise<void> => {
    const ending = worker
    worker = undefined
    await ending?.terminate()
  }

  const ask = (request: Request): Promise<Answered> =>
    new Promise((resolve, reject) => {
      if (stopped) return reject(new Error('the planner has stopped'))
      nextId += 1
      waiting.push({ asked: { id: nextId, request }, resolve, reject })
      if (waiting.length === 1) advance()
    })

  worker = begin()
  worker.unref()
  return {
    read: async () => {
      const answered = await ask({ kind: 'read' })
      if ('facts' in answered) return answered.facts
      throw failure(answered)
    },
    plan: async (operation) => {
      const answered = await ask({ kind: 'plan', operation })
      if ('planned' in answered) return readPlan(answered.planned)
      throw failure(answered)
    },
    retire: () =>
      new Promise((done) => {
        retirement = { done }
        if (waiting.length === 0) advance()
      }),
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      for (const { reject } of waiting.splice(0)) reject(new Error('the planner has stopped'))
      await end()
    },
  }
}

const readPlan = async (planned: PlanReply): Promise<Planned> => {
  if ('refusal' in planned) return planned
  const plan = JSON.parse(planned.plan) as QueryPlan
  // A large plan takes milliseconds to read, and to compile as well: others have their turn in between.
  await nextTurn()
  return { ...planned, plan }
}

const failure = (answered: Answered): Error =>
  new Error('error' in answered ? answered.error : 'the planner answered something else')

const tooLong = (): Error =>
  codedError('TIMEOUT', 'The operation takes too long to plan; ask for less at once.', {
    http: { status: errorStatus('TIMEOUT') },
  })

/** Sources need tsx, which a thread does not inherit from what runs this process. */
const threadModule = (): URL => {
  if (!import.meta.url.endsWith('.ts')) return new URL('./thread.js', import.meta.url)
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx'))
  const tsx = new URL('./esm/api/index.mjs', loader).href
  const source = new URL('./thread.ts', import.meta.url).href
  const code = `import { register } from '${tsx}'; register(); await import('${source}')`
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`)
}
