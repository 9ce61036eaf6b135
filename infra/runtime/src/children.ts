import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Logger } from './logs.ts'

export type ExitStatus = { readonly code: number | null; readonly signal: NodeJS.Signals | null }
export type ReadyDetails = Readonly<Record<string, unknown>>
export type ChildStream = 'stdout' | 'stderr'

export type SpawnChildOptions = {
  readonly name: string
  /** A Node.js executable: the child speaks over Node's IPC channel. */
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly logger: Logger
  /** Takes each line the child writes; without it lines go to the logger. */
  readonly onLine?: (line: string, stream: ChildStream) => void
}

export type Child = {
  readonly name: string
  readonly pid: number | undefined
  /** Resolves with what the child gave to `announceReady`; rejects, with its last words, when it ends before. */
  readonly ready: Promise<ReadyDetails>
  /** Resolves when the process has ended and its output was read. */
  readonly exited: Promise<ExitStatus>
  /** Asks it to stop, kills it after `graceMs` (10 s by default), and waits until it has ended. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<ExitStatus>
}

const LAST_LINES = 20
const READY = 'codai:ready'

/** Starts a child process that ends when this one does, however this one ends (see `exitWithParent`). */
export const spawnChild = (options: SpawnChildOptions): Child => {
  const { name, command, args, env, cwd, logger } = options
  const child = spawn(command, args, {
    env,
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    // In a group of its own: Ctrl-C at a terminal reaches only the parent, which then stops its children in order.
    detached: true,
    ...(cwd !== undefined && { cwd }),
  })
  const onLine = options.onLine ?? relayTo(logger.child({ child: name }))
  const lastErrors: string[] = []
  readLines(child.stdout, (line) => onLine(line, 'stdout'))
  readLines(child.stderr, (line) => {
    lastErrors.push(line)
    if (lastErrors.length > LAST_LINES) lastErrors.shift()
    onLine(line, 'stderr')
  })
  // Writing to a child that has just ended is not our failure.
  child.stdin?.on('error', () => {})

  let startError: Error | undefined
  let status: ExitStatus | undefined
  const exited = new Promise<ExitStatus>((resolve) => {
    child.on('error', (error) => {
      if (child.pid !== undefined) return
      startError = error
      resolve((status = { code: null, signal: null }))
    })
    child.on('close', (code, signal) => resolve((status = { code, signal })))
  })

  const announced = new Promise<ReadyDetails>((resolve) => {
    child.on('message', (message) => {
      if (isReadyMessage(message)) resolve(message.details)
    })
  })
  const ready = Promise.race([
    announced,
    exited.then(({ code, signal }) => {
      const how = startError?.message ?? (signal ? `killed by ${signal}` : `exit code ${code}`)
      throw new Error([`${name} ended before it was ready (${how})`, ...lastErrors].join('\n'))
    }),
  ])
  // Whoever does not wait for readiness learns of the end from `exited`.
  ready.catch(() => {})

  return {
    name,
    pid: child.pid,
    ready,
    exited,
    stop: async (signal = 'SIGTERM', graceMs = 10_000) => {
      if (status) return status
      child.kill(signal)
      const timer = setTimeout(() => {
        logger.warn({ child: name, graceMs }, 'did not stop in its time and is killed')
        child.kill('SIGKILL')
      }, graceMs)
      try {
        return await exited
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** In a child: tells the parent that it serves. Without a parent it does nothing. */
export const announceReady = (details: ReadyDetails = {}): void => {
  if (process.connected) process.send?.({ type: READY, details })
}

/**
 * In a child: when the parent is gone, runs `onOrphaned` and ends the process, after `graceMs` (10 s by default) in any case.
 * In a process that no parent spawned with a channel it does nothing.
 */
export const exitWithParent = (onOrphaned: () => Promise<void> | void, graceMs = 10_000): void => {
  if (process.send === undefined) return
  const end = async (): Promise<void> => {
    setTimeout(() => process.exit(1), graceMs).unref()
    try {
      await onOrphaned()
      process.exit(0)
    } catch {
      process.exit(1)
    }
  }
  // The pipes to the parent are broken by then: writing to them must not cut the orderly end short.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  if (!process.connected) return void end()
  process.once('disconnect', () => void end())
  // Waiting for the parent's end must not keep alive a child that has nothing else to do.
  process.channel?.unref()
}

const readLines = (stream: Readable | null, onLine: (line: string) => void): void => {
  if (stream) createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine)
}

const isReadyMessage = (message: unknown): message is { readonly details: ReadyDetails } =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === READY

/** A child that logs as we do is logged at its own level with its own fields; other lines become messages. */
const relayTo =
  (logger: Logger) =>
  (line: string, stream: ChildStream): void => {
    const entry = parseEntry(line)
    if (entry === undefined) return logger[stream === 'stderr' ? 'warn' : 'info'](line)
    const { level, msg, time: _time, pid: _pid, hostname: _hostname, ...fields } = entry
    const write = { 10: 'trace', 20: 'debug', 40: 'warn', 50: 'error', 60: 'error' } as const
    logger[write[level as keyof typeof write] ?? 'info'](fields, msg)
  }

const parseEntry = (line: string): ({ level: number; msg: string } & Record<string, unknown>) | undefined => {
  if (!line.startsWith('{"level":')) return undefined
  try {
    const entry: unknown = JSON.parse(line)
    const isEntry = typeof entry === 'object' && entry !== null && 'level' in entry && 'msg' in entry
    if (!isEntry || typeof entry.level !== 'number' || typeof entry.msg !== 'string') return undefined
    return { ...entry, level: entry.level, msg: entry.msg }
  } catch {
    return undefined
  }
}
