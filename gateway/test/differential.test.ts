import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { assert, asyncProperty, constant } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareOnce, createSides, describeDifference, tally } from './fixtures/differential.ts'
import type { Sides } from './fixtures/differential.ts'
import { FEATURES, composeDefinitions } from './fixtures/federation.ts'
import { randomOperation } from './fixtures/operations.ts'
import { CALM, STORMY } from './fixtures/universe.ts'
import type { Weather } from './fixtures/universe.ts'

/** The same operations every time, so that a failure is news; another number finds others. */
const seed = 2026

const holdEqual = async (
  sides: Sides,
  root: 'query' | 'mutation',
  runs: number,
  weathers: Arbitrary<Weather>,
): Promise<void> => {
  const operations = randomOperation({ schema: sides.graph.schema, root, depth: 4, fields: 14 })
  await assert(
    asyncProperty(operations, weathers, async (operation, weather) => {
      const difference = await compareOnce(sides, operation, weather)
      if (difference) throw new Error(describeDifference(operation, weather, difference))
    }),
    { numRuns: runs, endOnFailure: true, seed },
  )
}

const features = await createSides(composeDefinitions(FEATURES))

describe('the engine and the reference executor', () => {
  it('answer random queries over all features of federation alike', { timeout: 300_000 }, async () => {
    await expect(holdEqual(features, 'query', 1100, constant(CALM))).resolves.toBeUndefined()
  })

  it('answer alike while subgraphs fail, are slow or are lost', { timeout: 300_000 }, async () => {
    await expect(holdEqual(features, 'query', 750, STORMY)).resolves.toBeUndefined()
  })

  it('run random mutations alike', { timeout: 300_000 }, async () => {
    await expect(holdEqual(features, 'mutation', 250, STORMY)).resolves.toBeUndefined()
  })

  it('answer random queries over the real graph alike', { timeout: 300_000 }, async () => {
    const sdl = await readFile(join(repositoryRoot, 'schema', 'supergraph.graphql'), 'utf8')
    const real = await createSides(sdl)
    await expect(holdEqual(real, 'query', 300, constant(CALM))).resolves.toBeUndefined()
    await expect(holdEqual(real, 'query', 200, STORMY)).resolves.toBeUndefined()
  })

  it('were held against each other two thousand times', () => {
    expect(tally.compared).toBeGreaterThanOrEqual(2_000)
    expect(tally.withErrors).toBeGreaterThan(200)
    expect(tally.refused).toBe(0)
  })
})
