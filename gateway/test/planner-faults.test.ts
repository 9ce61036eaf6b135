import { Kind, parse } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { createPreparations } from '../src/execution/preparations.ts'
import { findForgotten, readOperation } from '@codai/engine'
import { loadGraph } from '../src/graph/graph.ts'
import type { Graph } from '../src/graph/graph.ts'
import { FEATURES, composeDefinitions } from './fixtures/federation.ts'
import { replyOf, sendTo } from './fixtures/reply.ts'
import { CALM, createUniverse } from './fixtures/universe.ts'

const graphs: Graph[] = []

afterEach(async () => {
  for (const { planner } of graphs.splice(0)) await planner.stop()
})

const load = async (sdl: string): Promise<Graph> => {
  const graph = await loadGraph(sdl, (_name, url) => url)
  graphs.push(graph)
  return graph
}

/** What the engine answers to a query, and what a server without subgraphs would. */
const ask = async (sdl: string, query: string): Promise<{ readonly answer: unknown; readonly truth: unknown }> => {
  const graph = await load(sdl)
  const universe = createUniverse(sdl)
  const document = parse(query)
  const [node] = document.definitions
  if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test asks no operation')
  const preparations = createPreparations(graph)
  const prepared = await preparations.get({
    graph,
    document,
    node,
    operationName: undefined,
    variables: {},
    key: query,
  })
  const { data } = await prepared.run({}, sendTo(universe, CALM))
  return { answer: JSON.parse(String(data)), truth: await universe.truth(document, {}) }
}

/** The answers to queries beside those of a server without subgraphs. */
const askAll = async (
  definitions: Readonly<Record<string, string>>,
  queries: readonly string[],
): Promise<{ readonly answers: readonly unknown[]; readonly truths: readonly unknown[] }> => {
  const sdl = composeDefinitions(definitions)
  const answers: unknown[] = []
  const truths: unknown[] = []
  for (const query of queries) {
    const { answer, truth } = await ask(sdl, query)
    answers.push(answer)
    truths.push(truth)
  }
  return { answers, truths }
}

const POSTS = {
  posts: `type Query { posts: [Post!]! }
    type Post @key(fields: "id") { id: ID! comments(limit: Int): [String!]! }`,
  summaries: `type Post @key(fields: "id") {
      id: ID! comments(limit: Int): [String!]! @external
      summary: String! @requires(fields: "comments(limit: 3)")
      brief: String! @requires(fields: "comments(limit: 1)")
    }`,
}

describe('where the planner is wrong', () => {
  it('an input with arguments is not taken from what the client asked with others', async () => {
    const { answers, truths } = await askAll(POSTS, [
      '{ posts { comments(limit: 1) summary } }',
      '{ posts { summary comments(limit: 1) } }',
      '{ posts { ...P comments(limit: 1) } } fragment P on Post { summary }',
    ])
    expect(answers).toEqual(truths)
  })

  it('a key or input is not taken from another field under its name, nor the other way round', async () => {
    const { answers, truths } = await askAll(FEATURES, [
      '{ users { email: name trust } }',
      '{ users { level: name email: id reviews { id: text stars } } }',
      '{ stocked { id: inStock name: sku reviews { stars } } }',
    ])
    expect(answers).toEqual(truths)
  })

  it('errors have the keys of the client also where they were renamed for planning', async () => {
    const sdl = composeDefinitions(FEATURES)
    const graph = await load(sdl)
    const query = '{ users { email: name } }'
    const document = parse(query)
    const [node] = document.definitions
    if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test asks no operation')
    const preparations = createPreparations(graph)
    const operation = { graph, document, node, operationName: undefined, variables: {}, key: query }
    const prepared = await preparations.get(operation)
    const { data, errors } = await prepared.run({}, async () =>
      replyOf({
        data: { users: [{ email__asked: null }] },
        errors: [{ message: 'no name', path: ['users', 0, 'email__asked'] }],
      }),
    )
    expect(String(data)).toBe('{"users":[{"email":null}]}')
    expect(errors.map(({ path }) => path)).toEqual([['users', 0, 'email']])
  })

  it('introspection keeps the keys of the client', async () => {
    const { answers, truths } = await askAll(FEATURES, [
      '{ __type(name: "Level") { id: name name: kind } users { id: name level } }',
    ])
    expect(answers).toEqual(truths)
  })

  it('two fields that need one input with different arguments are refused together, and answered apart', async () => {
    const together = ask(composeDefinitions(POSTS), '{ posts { brief summary } }')
    await expect(together).rejects.toMatchObject({
      message: 'Post.brief and Post.summary cannot be answered together.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
    const { answers, truths } = await askAll(POSTS, ['{ posts { brief } again: posts { summary } }'])
    expect(answers).toEqual(truths)
  })

  it('a subgraph is not asked for entities that it does not look up', async () => {
    const definitions = {
      first: `type Query { thing: Thing }
        type Thing @key(fields: "id", resolvable: false) { id: ID! size: Int @external twice: Int @requires(fields: "size") }`,
      second: 'type Thing @key(fields: "id") { id: ID! size: Int }',
    }
    await expect(ask(composeDefinitions(definitions), '{ thing { twice } }')).rejects.toMatchObject({
      message: 'first does not look up Thing by any key.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
    const { answers, truths } = await askAll(definitions, ['{ thing { size } }'])
    expect(answers).toEqual(truths)
  })

  it('two subgraphs that require of each other by turns are not asked without their inputs', async () => {
    const definitions = {
      left: `type Query { pair: Pair }
        type Pair @key(fields: "id") { id: ID! first: Int second: Int @external third: Int @requires(fields: "second") }`,
      right: `type Pair @key(fields: "id") {
        id: ID! first: Int @external third: Int @external
        second: Int @requires(fields: "first") fourth: Int @requires(fields: "third")
      }`,
    }
    await expect(ask(composeDefinitions(definitions), '{ pair { fourth } }')).rejects.toMatchObject({
      message: 'left cannot answer Pair.second by itself.',
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
    const { answers, truths } = await askAll(definitions, ['{ pair { third } }', '{ pair { first second } }'])
    expect(answers).toEqual(truths)
  })

  it('a field that no subgraph can answer is told of, not answered with null', async () => {
    const sdl = composeDefinitions({
      first: 'type Query { thing: Thing } type Thing @key(fields: "id") { id: ID! }',
      second: 'type Thing @key(fields: "id") { id: ID! size: Int }',
    })
    // As a supergraph is that was composed without a look at whether everything can be reached.
    const broken = sdl.replaceAll('@join__type(graph: SECOND, key: "id")', '@join__type(graph: SECOND)')
    expect(broken).not.toBe(sdl)
    await expect(ask(broken, '{ thing { size } }')).rejects.toThrow('size')
  })

  it('an empty plan is found out', async () => {
    const { schema } = await load(composeDefinitions(POSTS))
    const document = parse('{ all: posts { id } }')
    const [node] = document.definitions
    if (node?.kind !== Kind.OPERATION_DEFINITION) throw new Error('the test asks no operation')
    expect(findForgotten(readOperation(schema, document, node), { kind: 'QueryPlan' })).toEqual(['all'])
  })
})
