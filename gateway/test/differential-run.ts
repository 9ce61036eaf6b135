import { parseArgs } from 'node:util'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { constant, oneof, sample, tuple } from 'fast-check'
import { compareOnce, createSides, describeDifference, tally } from './fixtures/differential.ts'
import type { Sides } from './fixtures/differential.ts'
import { FEATURES, composeDefinitions } from './fixtures/federation.ts'
import { randomOperation } from './fixtures/operations.ts'
import { CALM, STORMY } from './fixtures/universe.ts'

/**
 * The differential test for as long as one likes:
 *
 *     node --import tsx gateway/test/differential-run.ts --operations 100000 --seed 1
 *
 * Holds the engine against the reference over the graph with every feature of federation (or the real one: `--graph
 * real`), half the time in calm weather. Prints every difference whole, and in the end (or on SIGTERM) what was compared. Operations come
 * in rounds, one seed each: `--seed` of a difference and `--operations 1` bring its round again.
 */
const ROUND = 250

const run = async (): Promise<boolean> => {
  const { values } = parseArgs({
    options: {
      operations: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      graph: { type: 'string', default: 'features' },
    },
  })
  const sides = await createSides(await supergraph(values.graph))
  const first = Number(values.seed)
  const rounds = Math.ceil(Number(values.operations) / ROUND)
  let differences = 0
  let next = first
  const stopped = new AbortController()
  process.once('SIGTERM', () => stopped.abort())
  for (; next < first + rounds && !stopped.signal.aborted; next += 1) differences += await round(sides, next)
  process.stdout.write(`${JSON.stringify({ graph: values.graph, seeds: [first, next - 1], differences, ...tally })}\n`)
  return differences === 0
}

const supergraph = (name: string): Promise<string> | string => {
  if (name === 'features') return composeDefinitions(FEATURES)
  if (name === 'real') return readFile(join(repositoryRoot, 'schema', 'supergraph.graphql'), 'utf8')
  throw new Error('--graph is "features" or "real"')
}

/** Compares the operations of one seed. Out: how many of them differ. */
const round = async (sides: Sides, seed: number): Promise<number> => {
  const { schema } = sides.graph
  const queries = randomOperation({ schema, root: 'query', depth: 5, fields: 18 })
  const mutations = randomOperation({ schema, root: 'mutation', depth: 4, fields: 12 })
  const operations = oneof({ weight: 9, arbitrary: queries }, { weight: 1, arbitrary: mutations })
  const weathers = oneof(constant(CALM), STORMY)
  let differences = 0
  for (const [operation, weather] of sample(tuple(operations, weathers), { seed, numRuns: ROUND })) {
    const difference = await compareOnce(sides, operation, weather)
    if (!difference) continue
    differences += 1
    process.stdout.write(`seed ${seed}\n${describeDifference(operation, weather, difference)}\n\n`)
  }
  return differences
}

process.exitCode = (await run()) ? 0 : 1
