import { createLifecycle, createMetrics } from '@codai/runtime'
import type { Config, Lifecycle, Logger } from '@codai/runtime'
import { serveSubgraph } from '../_kit/server.ts'
import type { RunningSubgraph } from '../_kit/server.ts'
import type { Platform } from '../_kit/platform.ts'
import type { Subgraph } from '../_kit/subgraph.ts'
import { createPlatform } from './platform.ts'

/** A service as the host runs it. */
export type HostedSubgraph = RunningSubgraph & { subgraph: Subgraph; service: unknown; platform: Platform }

/** What a host needs to know. */
export type HostOptions = {
  subgraphs: readonly Subgraph[]
  config: Config
  logger: Logger
  /** The life of the process; each service gets one of its own, which ends with it. */
  lifecycle: Lifecycle
  folder: string
  ports: Readonly<Record<string, number>>
  now?: () => Date
  onStoreCall?: (name: string) => void
  /** Told of each step, for people who wait. */
  onProgress?: (message: string) => void
}

/**
 * Runs services in this process: opens all, serves all, seeds all when the configuration says so, and then lets start
 * what works by itself. A service that cannot start stops the whole start, and the error says which one and why.
 */
export const startHost = async (options: HostOptions): Promise<ReadonlyMap<string, HostedSubgraph>> => {
  const {
    subgraphs,
    config,
    logger,
    lifecycle,
    folder,
    ports,
    now = () => new Date(),
    onStoreCall,
    onProgress,
  } = options

  const open = async (subgraph: Subgraph): Promise<HostedSubgraph> => {
    const { name } = subgraph
    const own = createLifecycle({ logger })
    lifecycle.onStop(name, () => own.stop())
    const platform = createPlatform(name, {
      config,
      logger: logger.child({ service: name }),
      metrics: createMetrics({ service: name }),
      lifecycle: own,
      folder,
      ports,
      now,
      ...(onStoreCall && { onStoreCall: () => onStoreCall(name) }),
    })
    const service = await subgraph.open(platform)
    const running = await serveSubgraph(subgraph, service, platform)
    onProgress?.(`${name} listens on port ${running.port}`)
    return { ...running, subgraph, service, platform }
  }

  const hosted = await Promise.all(
    subgraphs.map((subgraph) =>
      open(subgraph).catch((cause: unknown) => {
        throw new Error(`${subgraph.name} could not start: ${cause instanceof Error ? cause.message : String(cause)}`, {
          cause,
        })
      }),
    ),
  )
  if (config.seed)
    await Promise.all(hosted.map(async ({ subgraph, service, platform }) => subgraph.seed?.(service, platform)))
  await Promise.all(hosted.map(async ({ subgraph, service, platform }) => subgraph.start?.(service, platform)))
  for (const { platform } of hosted) platform.lifecycle.markReady()
  return new Map(hosted.map((entry) => [entry.subgraph.name, entry]))
}
