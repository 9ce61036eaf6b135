import { join } from 'node:path'
import { inheritedEnvironment, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import type { Block } from './blocks.ts'

/** A gateway under measurement, in a process of its own. */
export type GatewayProcess = {
  readonly url: string
  /** What its process has used of the processor so far, all threads, in milliseconds. */
  readonly cpuMs: () => Promise<number>
  /** The longest that its event loop stood still since this was last asked; it is watched from the first time on. */
  readonly longestBlock: () => Promise<Block>
  /** The memory that its process takes. */
  readonly rssBytes: () => Promise<number>
  readonly stop: () => Promise<unknown>
}

type Usage = { readonly cpuMs: number; readonly rssBytes: number }

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
    longestBlock: async () => (await (await fetch(`${usageUrl}/block`)).json()) as Block,
    rssBytes: async () => (await usage()).rssBytes,
    stop: () => child.stop(),
  }
}
