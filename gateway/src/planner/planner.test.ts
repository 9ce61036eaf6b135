import { isAbstractType, printSchema } from 'graphql'
import type { GraphQLSchema } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { FEATURES, composeDefinitions } from '../../test/fixtures/federation.ts'
import { failureOf } from '../../test/fixtures/gateway.ts'
import { buildSchema } from '../graph/schema-parts.ts'
import { startPlanner } from './planner.ts'
import type { PlanRequest, Planned, Planner } from './planner.ts'
import { readSupergraph } from './read-supergraph.ts'

const running: Planner[] = []
const sdl = composeDefinitions(FEATURES)

const start = (budgetMs?: number, text = sdl): Planner => {
  const planner = startPlanner(text, budgetMs)
  running.push(planner)
  return planner
}

afterEach(async () => {
  for (const planner of running.splice(0)) await planner.stop()
})

const operation = (query: string, operationName?: string): PlanRequest => ({
  query,
  operationName,
  conditions: {},
  liveFields: new Map(),
  overrides: [],
  isInParts: false,
})

const fetched = (planned: Planned): string => {
  const node = 'plan' in planned ? planned.plan.node : undefined
  return node?.kind === 'Fetch' ? node.serviceName : JSON.stringify(planned)
}

const possible = (schema: GraphQLSchema, name: string): readonly string[] => {
  const type = schema.getType(name)
  return isAbstractType(type) ? schema.getPossibleTypes(type).map(String) : []
}

describe('the thread that plans', () => {
  it('plans operations in the order in which they came', async () => {
    const planner = start()
    const plans = await Promise.all([
      planner.plan(operation('{ users { name } }')),
      planner.plan(operation('query A { latest { stars } } query B { users { name } }', 'A')),
    ])
    expect(plans.map(fetched)).toEqual(['people', 'reviews'])
  })

  it('reads what clients see', async () => {
    const { schema } = await start().read()
    expect(printSchema(await buildSchema(schema))).toBe(printSchema(readSupergraph(sdl).schema))
  })

  it('reads which types there are, and which are others too', async () => {
    const { supergraphTypes } = await start().read()
    const types = await buildSchema(supergraphTypes)
    const { supergraphSchema } = readSupergraph(sdl)
    const abstract = Object.values(supergraphSchema.getTypeMap()).filter(isAbstractType)
    expect(abstract.length).toBeGreaterThan(0)
    for (const { name } of abstract) expect(possible(types, name)).toEqual(possible(supergraphSchema, name))
  })

  it('tells why a supergraph cannot be served', async () => {
    await expect(start(undefined, 'type Query { version: Int }').read()).rejects.toThrow('must be a core schema')
  })

  it('tells why it cannot plan, and goes on', async () => {
    const planner = start()
    await expect(planner.plan(operation('{ nothing }'))).rejects.toThrow('nothing')
    expect(fetched(await planner.plan(operation('{ users { name } }')))).toBe('people')
  })

  it('ends what takes too long with a coded error', async () => {
    const planner = start(1)
    await expect(planner.plan(operation('{ users { name } }'))).rejects.toMatchObject({
      extensions: { code: 'TIMEOUT' },
    })
  })

  it('ends when it retires and has planned what was asked before, and plans what is asked after', async () => {
    const planner = start()
    const asked = planner.plan(operation('{ users { name } }'))
    const retired = planner.retire()
    expect(fetched(await asked)).toBe('people')
    await retired
    expect(fetched(await planner.plan(operation('{ users { name } }')))).toBe('people')
  })

  it('leaves nobody waiting when it stops', async () => {
    const planner = start()
    const failure = failureOf(planner.plan(operation('{ users { name } }')))
    await planner.stop()
    expect(await failure).toMatchObject({ message: 'the planner has stopped' })
  })
})
