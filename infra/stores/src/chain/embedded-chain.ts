import { join, resolve } from 'node:path'

import type { Logger } from '@codai/runtime'

import { claimDataFolder } from '../relational/data-folder.ts'
import { StoreError } from '../relational/store-error.ts'
import { readGenesis } from './genesis.ts'
import { openJournal } from './journal.ts'
import { createNode } from './node.ts'
import { serveNode } from './server.ts'

/** A development chain that runs in this process. */
export type EmbeddedChain = {
  /** Its JSON-RPC endpoint; valid until the next start, which takes another port. */
  url: string
  stop(): Promise<void>
}

/**
 * Starts an EVM chain in this process, over a folder that it makes the first time: every transaction is in a block at
 * once, and after any end of the process the chain is the same to the last hash. For development: it has one node.
 * `port` 0, the default, takes a free one.
 * @throws StoreError DATA_FOLDER_IN_USE or STORE_START_FAILED
 */
export const startChain = async (options: {
  dataDir: string
  logger: Logger
  port?: number
  now?: () => Date
}): Promise<EmbeddedChain> => {
  const { logger, port = 0, now = () => new Date() } = options
  const dataDir = resolve(options.dataDir)
  const release = await claim(dataDir)
  try {
    const genesis = await readGenesis(join(dataDir, 'genesis.json'), now())
    const { journal, entries } = await openJournal(join(dataDir, 'journal.jsonl'))
    try {
      const node = await createNode({ genesis, journal, entries, now, logger })
      const server = await serveNode({ node, port, logger })
      logger.info({ dataDir, url: server.url, blocks: entries.length }, 'the development chain is ready')
      return {
        url: server.url,
        stop: async () => {
          await server.stop()
          await journal.close()
          await release()
        },
      }
    } catch (error) {
      await journal.close()
      throw error
    }
  } catch (error) {
    await release()
    throw error
  }
}

const claim = async (dataDir: string): Promise<() => Promise<void>> => {
  try {
    return await claimDataFolder(dataDir)
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'DATA_FOLDER_IN_USE') throw cause
    const message = `The chain in ${dataDir} is in use by another process. Stop that process, choose another DATA_DIR, or set EVM_RPC_URL in both to share one chain.`
    throw new StoreError('DATA_FOLDER_IN_USE', message, { cause })
  }
}
