import { join } from 'node:path'
import { inheritedEnvironment, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'

/** A gateway under measurement, in a process of its own. */
export type GatewayProcess = {
  readonly url: string
  /** What its process has used of the processor so far, all threads, in milliseconds. */
  readonly cpuMs: () => Promise<number>
  /** The longest time that its event loop stood still since this was last asked, in milliseconds. */
  readonly longestBlockMs: () => Promise<number>
  /** The memory that its process takes. */
  readonly rssBytes: () => Promise<number>
  readonly stop: () => Promise<unknown>
}

type Usage = { readonly cpuMs: number; readonly longestBlockMs: number; readonly rssBytes: number }

/** Starts a file of this folder as a process. */
export const startProcess = (
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  nodeOptions: readonly string[] = [],
): Child =>
  spawnChild({
    name: file,
    command: process.execPath,
    args: [...nodeOptions, '--import', 'tsx', join(import.meta.dirname, file), ...args],
    env: { ...inheritedEnvironment(), NODE_ENV: 'production', ...env },
    logger: silentLogger,
  })

/** Starts `gateway.ts` with its arguments, and waits until it serves. */
export const startGatewayProcess = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<GatewayProcess> => {
  const child = startProcess('gateway.ts', args, env, nodeOptions)
  const { url, usageUrl } = (await child.ready) as { readonly url: string; readonly usageUrl: string }
  const usage = async (): Promise<Usage> => (await (await fetch(usageUrl)).json()) as Usage
  return {
    url,
    cpuMs: async () => (await usage()).cpuMs,
    longestBlockMs: async () => (await usage()).longestBlockMs,
    rssBytes: async () => (await usage()).rssBytes,
    stop: () => child.stop(),
  }
}
