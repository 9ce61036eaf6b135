import { join } from 'node:path'

import type { Config, Lifecycle, Logger } from '@codai/runtime'

import { startEmbeddedPostgres } from './relational/embedded-postgres.ts'

/** Where the stores are: as configured, or as started here. */
export type StoreUrls = { databaseUrl: string; mongodbUrl: string; evmRpcUrl: string }

type EmbeddedEngine = (options: { dataDir: string; logger: Logger }) => Promise<{ url: string; stop(): Promise<void> }>

/**
 * Starts an embedded engine in place of each store that is not configured by URL, with its data under `config.dataDir`;
 * the lifecycle stops them, the last started first.
 * @throws StoreError when an engine does not start; those started before it are left to the lifecycle
 */
export async function startEmbeddedStores(options: {
  config: Config
  logger: Logger
  lifecycle: Lifecycle
}): Promise<StoreUrls> {
  const { config, logger, lifecycle } = options

  async function start(name: string, engine: EmbeddedEngine): Promise<string> {
    const started = await engine({ dataDir: join(config.dataDir, name), logger })
    lifecycle.onStop(`embedded ${name}`, () => started.stop())
    return started.url
  }

  return {
    databaseUrl: config.databaseUrl ?? (await start('postgres', startEmbeddedPostgres)),
    mongodbUrl: config.mongodbUrl ?? (await start('documents', startEmbeddedDocuments)),
    evmRpcUrl: config.evmRpcUrl ?? (await start('chain', startEmbeddedChain)),
  }
}

// Both engines are large, and not loaded where others are used.
const startEmbeddedDocuments: EmbeddedEngine = async (options) => {
  const { startDocumentServer } = await import('./documents/index.ts')
  return startDocumentServer(options)
}

const startEmbeddedChain: EmbeddedEngine = async (options) => {
  const { startChain } = await import('./chain/index.ts')
  return startChain(options)
}
