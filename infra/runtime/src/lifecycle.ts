import { constants } from 'node:os'
import type { Logger } from './logs.ts'

export type LifecycleState = 'starting' | 'ready' | 'draining' | 'stopped'

export type Readiness = {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly error?: string }>>
}

export type Lifecycle = {
  readonly state: LifecycleState
  /** Registers what to release; last registered, first run. After the stop has ended it runs at once. */
  onStop(name: string, stop: () => Promise<void> | void): void
  /** Registers a check that rejects while something the process needs is out of reach. */
  addReadinessCheck(name: string, check: () => Promise<void>): void
  /** Runs every check; ready only in the state 'ready' with all checks well. */
  readiness(): Promise<Readiness>
  markReady(): void
  /** Releases everything once; never rejects, failures are logged. */
  stop(): Promise<void>
}

export type LifecycleOptions = {
  readonly logger: Logger
  /** Time limit of each function given to `onStop`, in milliseconds. */
  readonly stopTimeoutMs?: number
  /** Time limit of each readiness check, in milliseconds. */
  readonly checkTimeoutMs?: number
}

/** The life of a process: starting, ready, draining, stopped. */
export const createLifecycle = (options: LifecycleOptions): Lifecycle => {
  const { logger, stopTimeoutMs = 10_000, checkTimeoutMs = 2_000 } = options
  const stops: { readonly name: string; readonly stop: () => Promise<void> | void }[] = []
  const checks = new Map<string, () => Promise<void>>()
  let state: LifecycleState = 'starting'
  let stopping: Promise<void> | undefined

  const release = async ({ name, stop }: (typeof stops)[number]): Promise<void> => {
    try {
      await within(stopTimeoutMs, async () => stop())
      logger.debug({ name }, 'released')
    } catch (error) {
      logger.error({ err: error, name }, 'could not be released in order')
    }
  }

  const releaseAll = async (): Promise<void> => {
    state = 'draining'
    logger.info('stopping')
    for (let next = stops.pop(); next !== undefined; next = stops.pop()) await release(next)
    state = 'stopped'
    logger.info('stopped')
  }

  const runCheck = async (check: () => Promise<void>): Promise<Readiness['checks'][string]> => {
    try {
      await within(checkTimeoutMs, check)
      return { ok: true }
    } catch (error) {
      return { ok: false, error: error instanceof Error ? error.message : String(error) }
    }
  }

  return {
    get state() {
      return state
    },
    onStop: (name, stop) => {
      if (state === 'stopped') void release({ name, stop })
      else stops.push({ name, stop })
    },
    addReadinessCheck: (name, check) => {
      checks.set(name, check)
    },
    readiness: async () => {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => [name, await runCheck(check)] as const),
      )
      return { ready: state === 'ready' && results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) }
    },
    markReady: () => {
      if (state === 'starting') state = 'ready'
    },
    stop: () => (stopping ??= releaseAll()),
  }
}

const within = async (limitMs: number, run: () => Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${limitMs} ms`)), limitMs)
  })
  try {
    await Promise.race([run(), limit])
  } finally {
    clearTimeout(timer)
  }
}

const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const

/** Stops gracefully on the first SIGINT, SIGTERM or SIGHUP, and at once on a second. Returns what takes the handlers away. */
export const stopOnSignals = (
  lifecycle: Pick<Lifecycle, 'stop'>,
  { exit }: { readonly exit: (code: number) => void },
): (() => void) => {
  let signalled = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signalled) return exit(128 + constants.signals[signal])
    signalled = true
    void lifecycle.stop().then(() => exit(0))
  }
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal)
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, onSignal)
  }
}
