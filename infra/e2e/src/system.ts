import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startStack } from '@codai/commands/stack'
import type { Stack } from '@codai/commands/stack'
import { createLifecycle, readConfig, silentLogger } from '@codai/runtime'
import { afterAll, beforeAll } from 'vitest'
import { registeredPorts } from '@codai/subgraphs/registry'
import { freePortOffset } from '@codai/subgraphs/testing/ports'

/** The whole system, on stores and ports of its own. */
export type System = {
  /** Where the gateway listens. */
  url: string
  stack: Stack
  /** Where a service listens. */
  serviceUrl(name: string): string
  stop(): Promise<void>
}

const gatewayPort = 8080

/** Starts everything as `npm start` does: all services in one process, or one process for each. */
export const startSystem = async ({ each }: { each: boolean }): Promise<System> => {
  const folder = await mkdtemp(join(tmpdir(), 'codai-e2e-'))
  // PostgreSQL's account passes through it when the tests run as root.
  await chmod(folder, 0o755)
  const offset = await freePortOffset([...Object.values(registeredPorts), gatewayPort])
  const config = readConfig({
    DATA_DIR: join(folder, 'data'),
    PORT_OFFSET: String(offset),
    GATEWAY_PORT: String(gatewayPort + offset),
    LOG_LEVEL: 'fatal',
  })
  const lifecycle = createLifecycle({ logger: silentLogger })
  const stop = async (): Promise<void> => {
    await lifecycle.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const stack = await startStack({ config, logger: silentLogger, lifecycle, each, onProgress: () => undefined })
    return {
      url: `http://127.0.0.1:${config.gatewayPort}`,
      stack,
      serviceUrl: (name) => `http://127.0.0.1:${(registeredPorts[name] ?? 0) + offset}`,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A system for all tests of a file. */
export const useSystem = (options: { each: boolean }): (() => System) => {
  let system: System | undefined
  beforeAll(async () => {
    system = await startSystem(options)
  }, 120_000)
  afterAll(() => system?.stop(), 60_000)
  return () => {
    if (!system) throw new Error('The system runs only while tests run.')
    return system
  }
}
