import { join } from 'node:path'
import { repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compose, replaceFile, writeSupergraph } from './fixtures/compose.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

/** What plans, and reads supergraphs: it takes from tenths of a second to seconds, and tens of megabytes. */
const HEAVY = ['@apollo/federation-internals', '@apollo/gateway', '@apollo/query-graphs']
const PATIENCE = { timeout: 30_000, interval: 50 }

let library: Library
const running: Child[] = []

beforeAll(async () => {
  library = await startLibrary()
})
afterEach(async () => {
  for (const child of running.splice(0)) await child.stop('SIGTERM')
})
afterAll(() => library.stop())

const start = async (engine: string) => {
  const sdl = compose([library.people, library.books, library.reviews])
  const file = await writeSupergraph(sdl)
  const child = spawnChild({
    name: 'gateway',
    command: process.execPath,
    args: ['--import', 'tsx', join(import.meta.dirname, 'fixtures', 'modules-process.ts')],
    cwd: repositoryRoot,
    env: { ...process.env, NODE_ENV: 'test', ENGINE: engine, SUPERGRAPH_FILE: file },
    logger: silentLogger,
  })
  running.push(child)
  const { url, modulesUrl } = await child.ready
  return {
    ask: async (query: string): Promise<unknown> => {
      const response = await fetch(`${String(url)}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'apollo-query-plan-experimental': '1' },
        body: JSON.stringify({ query }),
      })
      return response.json()
    },
    renameTopBook: (name: string) => replaceFile(file, sdl.replaceAll('topBook', name)),
    heavy: async (): Promise<readonly string[]> => {
      const loaded = (await (await fetch(String(modulesUrl))).json()) as readonly string[]
      expect(loaded).toContain('graphql')
      return loaded.filter((name) => HEAVY.includes(name)).toSorted()
    },
  }
}

describe('the thread that serves', () => {
  it('neither plans nor reads supergraphs: what does so is not even loaded there', { timeout: 120_000 }, async () => {
    const gateway = await start('codai')
    expect(await gateway.ask('{ topBook { title } }')).toEqual({
      data: { topBook: { title: 'Engines' } },
      // Shown as text, by a part of the planner's package that comes without the planner.
      extensions: { __queryPlanExperimental: expect.stringContaining('Fetch(service: "books")') },
    })
    await gateway.renameTopBook('bestBook')
    // Planned over the new graph, though the subgraph knows nothing of it.
    await expect.poll(() => gateway.ask('{ bestBook { title } }'), PATIENCE).toMatchObject({ data: { bestBook: null } })
    expect(await gateway.heavy()).toEqual([])
  })

  it('would be found out: the reference plans there', { timeout: 120_000 }, async () => {
    const gateway = await start('reference')
    expect(await gateway.ask('{ topBook { title } }')).toMatchObject({ data: { topBook: { title: 'Engines' } } })
    expect(await gateway.heavy()).toEqual(HEAVY)
  })
})
