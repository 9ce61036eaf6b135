import { join } from 'node:path'
import { repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, writeSupergraph } from './fixtures/compose.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

let library: Library

beforeAll(async () => {
  library = await startLibrary()
})

afterAll(() => library.stop())

const start = (env: Record<string, string>): Child =>
  spawnChild({
    name: 'gateway',
    command: process.execPath,
    args: ['--import', 'tsx', join(repositoryRoot, 'gateway', 'src', 'main.ts')],
    cwd: repositoryRoot,
    env: { ...process.env, NODE_ENV: 'production', LOG_PRETTY: 'false', GATEWAY_PORT: '0', ...env },
    logger: silentLogger,
  })

describe('the gateway as a process', () => {
  it('takes its configuration from the environment, answers, and ends on SIGTERM', async () => {
    const SUPERGRAPH_FILE = await writeSupergraph(compose([library.people, library.books, library.reviews]))
    const child = start({ SUPERGRAPH_FILE })
    const { url } = await child.ready
    const response = await fetch(`${String(url)}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ topBook { title } }' }),
    })
    expect(await response.json()).toEqual({ data: { topBook: { title: 'Engines' } } })
    await child.stop('SIGTERM')
    expect(await child.exited).toMatchObject({ code: 0 })
  })

  it('says what is wrong when there is no supergraph, and how to get one', async () => {
    const child = start({ SUPERGRAPH_FILE: '/no/such/file.graphql' })
    await expect(child.ready).rejects.toThrow('/no/such/file.graphql cannot be read. Compose it')
    expect(await child.exited).toMatchObject({ code: 1 })
  })
})
