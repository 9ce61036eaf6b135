import { afterEach, describe, expect, it } from 'vitest'
import { FEATURES, composeDefinitions } from '../../test/fixtures/federation.ts'
import { prepareOperation } from '../execution/prepare-operation.ts'
import { createPreparations } from '../execution/preparations.ts'
import { loadGraph } from '../graph/graph.ts'
import { createDeferrals } from '../deferral.ts'
import { createDocuments } from '../documents.ts'
import type { Graph } from '../graph/graph.ts'
import type { Operation } from '../operation.ts'
import type { Planner } from './planner.ts'
import { startPlanners } from './planners.ts'

const sdl = composeDefinitions(FEATURES)
const running: Graph[] = []

const load = async (budgetMs?: number): Promise<Graph> => {
  const graph = await loadGraph(sdl, (_name, url) => url, startPlanners(sdl, budgetMs))
  running.push(graph)
  return graph
}

const operationOf = (graph: Graph, query: string): Operation => {
  const operation = createDocuments({ introspection: false }).prepare(graph, { query })
  if (!('node' in operation)) throw new Error(String(operation))
  return createDeferrals().parts(operation) ?? operation
}

/** Parts in each other, of which each fetch may be of each: it takes the planner far longer than most operations. */
const INTRICATE = `{
  node { ... on Media { reviews { subject {
    a: title
    ... @defer { b: title id score ... on Media { c: title ... @defer { d: title e: id f: score } } }
  } } } }
}`

afterEach(async () => {
  for (const { planner } of running.splice(0)) await planner.stop()
})

describe('operations of which parts come later', () => {
  it('hold up no others, however long it takes to plan them', async () => {
    const graph = await load()
    const order: string[] = []
    const plan = async (name: string, query: string): Promise<void> => {
      const { plan } = await prepareOperation(operationOf(graph, query), {})
      expect(plan.node).toBeDefined()
      order.push(name)
    }
    await Promise.all([plan('in parts', INTRICATE), plan('at once', '{ users { name } }')])
    expect(order).toEqual(['at once', 'in parts'])
  })
})

describe('an operation that takes too long to plan', () => {
  it('is not planned again at once', async () => {
    const { planner, ...rest } = await load(1)
    let asked = 0
    const plan: Planner['plan'] = (request) => {
      asked += 1
      return planner.plan(request)
    }
    const graph: Graph = { ...rest, planner: { ...planner, plan } }
    const preparations = createPreparations(graph)
    const operation = operationOf(graph, '{ users { name } }')
    const tooLong = { extensions: { code: 'TIMEOUT' } }
    await expect(preparations.get(operation)).rejects.toMatchObject(tooLong)
    await expect(preparations.get(operation)).rejects.toMatchObject(tooLong)
    expect(asked).toBe(1)
  })
})
