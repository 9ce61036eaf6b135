import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { assert, asyncProperty, constant, nat } from 'fast-check'
import type { Arbitrary } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareDeferred, deferTally } from './fixtures/deferred.ts'
import { createSides } from './fixtures/differential.ts'
import type { Sides } from './fixtures/differential.ts'
import { FEATURES, composeDefinitions } from './fixtures/federation.ts'
import { randomOperation } from './fixtures/operations.ts'
import { CALM, STORMY } from './fixtures/universe.ts'
import type { Weather } from './fixtures/universe.ts'

/** The same operations every time, so that a failure is news; another number finds others. */
const seed = 2027

/** Objects of which it may come later what they are: on a way to each of them, only the interface is known. */
const SCORES = `
  type Query { scored: [Media!] lastScored: Media }
  type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int }
`

const holdEqual = async (
  sides: Sides,
  root: 'query' | 'mutation',
  runs: number,
  weathers: Arbitrary<Weather>,
): Promise<void> => {
  const operations = randomOperation({ schema: sides.graph.schema, root, depth: 4, fields: 14 })
  await assert(
    asyncProperty(operations, weathers, nat(), async (operation, weather, deferSeed) => {
      const difference = await compareDeferred(sides, operation, weather, deferSeed)
      if (difference) throw new Error(JSON.stringify(difference, null, 1))
    }),
    { numRuns: runs, endOnFailure: true, seed },
  )
}

const features = await createSides(composeDefinitions({ ...FEATURES, scores: SCORES }))

describe('what comes in parts, put together by the client', () => {
  it('is what a server without subgraphs answers at once', { timeout: 300_000 }, async () => {
    await expect(holdEqual(features, 'query', 500, constant(CALM))).resolves.toBeUndefined()
    await expect(holdEqual(features, 'mutation', 150, constant(CALM))).resolves.toBeUndefined()
  })

  it(
    'has nothing but true values, and tells of what is missing, while subgraphs fail',
    { timeout: 300_000 },
    async () => {
      await expect(holdEqual(features, 'query', 250, STORMY)).resolves.toBeUndefined()
    },
  )

  it('is whole over the real graph', { timeout: 300_000 }, async () => {
    const real = await createSides(await readFile(join(repositoryRoot, 'schema', 'supergraph.graphql'), 'utf8'))
    await expect(holdEqual(real, 'query', 100, constant(CALM))).resolves.toBeUndefined()
  })

  it('was many parts, and few operations could not be planned in parts', () => {
    expect(deferTally.patches).toBeGreaterThan(800)
    expect(deferTally.unplannable).toBeLessThan(deferTally.compared / 10)
    expect(deferTally.refused).toBeLessThan(deferTally.compared / 10)
  })
})
