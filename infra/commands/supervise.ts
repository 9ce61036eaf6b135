import { repositoryRoot, spawnChild } from '@codai/runtime'
import type { Child, Lifecycle, Logger } from '@codai/runtime'

/** A process that is kept running. */
export type SupervisedProcess = {
  name: string
  /** What the process said when it first served. */
  details: Readonly<Record<string, unknown>>
  pid: () => number | undefined
  /** Resolves when a process other than the present one serves. */
  replaced: () => Promise<void>
  /** Stops it in order and starts it again, for new code. */
  restart: () => Promise<void>
}

const restartPauseMs = 500

/**
 * Starts a TypeScript file as a process and waits until it serves. When it is lost later, it is started again after half a
 * second, as an orchestrator would; when it cannot start at first, that is the caller's error.
 */
export const supervise = async (options: {
  name: string
  file: string
  /** Options of Node for the process. */
  nodeOptions?: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  logger: Logger
  lifecycle: Lifecycle
}): Promise<SupervisedProcess> => {
  const { name, file, nodeOptions = [], env, logger, lifecycle } = options
  let stopping = false
  let restarting = false
  let onReplaced: (() => void)[] = []

  const spawn = (): Child => {
    const child = spawnChild({
      name,
      command: process.execPath,
      args: [...nodeOptions, '--import', 'tsx', file],
      env,
      cwd: repositoryRoot,
      logger,
      onLine: (line, stream) => void process[stream].write(`${line}\n`),
    })
    void child.exited.then(({ code, signal }) => {
      if (stopping || child !== current) return
      if (!restarting) logger.error({ process: name, code, signal }, `${name} ended by itself; starting it again`)
      setTimeout(() => {
        if (!stopping && child === current) replace()
      }, restartPauseMs)
    })
    return child
  }

  const replace = (): void => {
    current = spawn()
    // Not becoming ready is reported by its exit, which leads to the next try.
    current.ready.then(
      () => {
        for (const resolve of onReplaced) resolve()
        onReplaced = []
      },
      () => undefined,
    )
  }

  let current = spawn()
  lifecycle.onStop(name, async () => {
    stopping = true
    await current.stop()
  })
  const details = await current.ready.catch((error: unknown) => {
    stopping = true
    throw error
  })
  const replaced = (): Promise<void> => new Promise((resolve) => onReplaced.push(resolve))

  return {
    name,
    details,
    pid: () => current.pid,
    replaced,
    restart: async () => {
      const done = replaced()
      restarting = true
      await current.stop()
      await done
      restarting = false
    },
  }
}
