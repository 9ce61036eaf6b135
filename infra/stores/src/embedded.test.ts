import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createLifecycle, readConfig, silentLogger } from '@codai/runtime'
import { Client } from 'pg'
import { expect, test } from 'vitest'

import { startEmbeddedStores } from './embedded.ts'

test('a store without a URL is started under the data folder and stopped with the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codai-stores-'))
  await chmod(folder, 0o755)
  const lifecycle = createLifecycle({ logger: silentLogger })
  const config = readConfig({
    DATA_DIR: folder,
    MONGODB_URL: 'mongodb://127.0.0.1:1',
    EVM_RPC_URL: 'http://127.0.0.1:1',
  })
  const { databaseUrl } = await startEmbeddedStores({ config, logger: silentLogger, lifecycle })

  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  await client.end()

  await lifecycle.stop()
  await expect(new Client({ connectionString: databaseUrl }).connect()).rejects.toThrow('ECONNREFUSED')
  await rm(folder, { recursive: true, force: true })
})

test('stores that are configured by URL are left alone', async () => {
  const urls = {
    databaseUrl: 'postgresql://127.0.0.1:1/shared',
    mongodbUrl: 'mongodb://127.0.0.1:1/',
    evmRpcUrl: 'http://127.0.0.1:1/',
  }
  const config = readConfig({
    DATABASE_URL: urls.databaseUrl,
    MONGODB_URL: urls.mongodbUrl,
    EVM_RPC_URL: urls.evmRpcUrl,
  })
  const lifecycle = createLifecycle({ logger: silentLogger })
  expect(await startEmbeddedStores({ config, logger: silentLogger, lifecycle })).toEqual(urls)
})
