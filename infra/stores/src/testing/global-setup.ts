import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { silentLogger } from '@codai/runtime'
import { startEmbeddedPostgres } from '../relational/embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The administrator's URL of the PostgreSQL server that all tests of a run share. */
    postgresUrl: string
    /** Another server, on which the suites of the stores run too; from CODAI_TEST_DATABASE_URL. */
    realPostgresUrl: string | undefined
  }
}

/** One embedded PostgreSQL for the whole test run, in a folder of its own that is deleted afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'codai-test-'))
  // PostgreSQL's account must pass through it when the tests run as root.
  await chmod(folder, 0o755)
  const server = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    logger: silentLogger,
    durable: false,
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  project.provide('postgresUrl', server.url)
  project.provide('realPostgresUrl', process.env['CODAI_TEST_DATABASE_URL'] || undefined)
  return async () => {
    await server.stop()
    await rm(dirname(server.dataDir), { recursive: true, force: true })
    await rm(folder, { recursive: true, force: true })
  }
}
