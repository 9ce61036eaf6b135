import { afterAll, describe, expect, it } from 'vitest'
import { composeDefinitions } from '../../test/fixtures/federation.ts'
import { createDocuments } from '../documents.ts'
import { loadGraph } from '../graph/graph.ts'
import type { Operation } from '../operation.ts'
import { createCosts } from './costs.ts'

const graph = await loadGraph(
  composeDefinitions({
    shop: `
      type Query {
        product(id: ID!): Product
        products(first: Int = 5, after: String): ProductConnection
        top(count: Int, most: Int = 3): [Product!] @listSize(assumedSize: 20, slicingArguments: ["count", "most"])
        shelves: [Shelf!] @listSize(assumedSize: 4)
        page(size: Int): Page @listSize(slicingArguments: ["size"], sizedFields: ["items", "more"], assumedSize: 7)
        found: Result
        any: [Named!]
        search(text: String @cost(weight: 5)): Int @cost(weight: 30)
        matrix: [[Product!]!]
      }
      type Mutation { rename(id: ID!, name: String!): Product }
      type Subscription { changed: Product }
      interface Named { name: String }
      type Product implements Named @key(fields: "id") { id: ID! name: String maker: Maker related: [Product!] picture: Picture }
      type Maker implements Named { name: String products(first: Int): ProductConnection country: Maker }
      type Picture @cost(weight: 8) { url: String }
      type Shelf { products: [Product!] @listSize(assumedSize: 3) }
      type Page { items: [Product!] more: [Product!] total: Int }
      union Result = Product | Maker
      type ProductConnection { edges: [ProductEdge!] pageInfo: PageInfo! }
      type ProductEdge { node: Product! cursor: String! }
      type PageInfo { hasNextPage: Boolean! }
    `,
  }),
  (_name, url) => url,
)
afterAll(() => graph.planner.stop())

const documents = createDocuments({ introspection: true })
const costs = createCosts()

const operationOf = (query: string, variables: Record<string, unknown> = {}): Operation => {
  const prepared = documents.prepare(graph, { query, variables })
  if (!('node' in prepared)) throw new Error(String(prepared[0]))
  return prepared
}
const estimate = (query: string, variables?: Record<string, unknown>): number =>
  costs.estimate(operationOf(query, variables))
const measure = (query: string, data: unknown): number => costs.measure(operationOf(query), data)

describe('what an operation is estimated to cost', () => {
  it.each([
    ['one point at least', '{ __typename }', 1],
    ['a point for each object, and nothing for its leaves', '{ product(id: 1) { id name maker { name } } }', 2],
    ['the weights that are given', '{ search(text: "a") product(id: 1) { picture { url } } }', 30 + 5 + 1 + 8],
    ['lists as long as their author assumes', '{ shelves { products { id } } }', 4 * (1 + 3)],
    ['lists of which nobody says anything as ten', '{ product(id: 1) { related { id } } }', 1 + 10],
    ['lists of lists', '{ matrix { id } }', 100],
    ['the slicing argument', '{ top(count: 2, most: 1) { id } }', 2],
    ['the largest of several, with defaults', '{ top(count: 2) { id } }', 3],
    ['the lists that are meant', '{ page(size: 2) { items { id } more { id } total } }', 1 + 2 + 2],
    ['assumed sizes of these', '{ page { items { id } } }', 1 + 7],
    [
      'pages of connections',
      '{ products(first: 3) { edges { node { id } } pageInfo { hasNextPage } } }',
      1 + 3 * 2 + 1,
    ],
    ['their defaults', '{ products { edges { cursor } } }', 1 + 5],
    [
      'pages below pages',
      '{ products(first: 3) { edges { node { maker { products(first: 4) { edges { cursor } } } } } } }',
      1 + 3 * (2 + 1 + 1 + 4),
    ],
    ['the same asked twice as once', '{ product(id: 1) { id } product(id: 1) { name maker { name } } }', 2],
    ['an alias as another', '{ a: product(id: 1) { id } b: product(id: 1) { id } }', 2],
    [
      'the dearest type that may be there',
      '{ found { ... on Product { picture { url } } ... on Maker { country { name } } } }',
      1 + 8,
    ],
    [
      'what is common, and of types one',
      '{ any { name ... on Product { maker { name } } ... on Maker { country { name } } } }',
      10 * 2,
    ],
    [
      'fragments',
      '{ product(id: 1) { ...a } } fragment a on Product { maker { ...b } } fragment b on Maker { name }',
      2,
    ],
    ['nothing that is skipped for good', '{ product(id: 1) @skip(if: true) { id } }', 1],
    ['mutations', 'mutation { rename(id: 1, name: "a") { id } }', 11],
    ['each event of a subscription', 'subscription { changed { id maker { name } } }', 2],
    ['a look at the schema', '{ __schema { types { name } } }', 10],
  ])('counts %s', (_what, query, points) => {
    expect(estimate(query)).toBe(points)
  })

  it('goes by the variables of each request', () => {
    const query = 'query ($first: Int = 2) { products(first: $first) { edges { node { id } } } }'
    expect(estimate(query)).toBe(1 + 2 * 2)
    expect(estimate(query, { first: 50 })).toBe(1 + 50 * 2)
    expect(estimate(query, { first: -5 })).toBe(1)
    expect(estimate(query, { first: 'many' })).toBe(1 + 10 * 2)
    const optional = 'query ($with: Boolean!) { product(id: 1) { maker @include(if: $with) { name } } }'
    expect([estimate(optional, { with: true }), estimate(optional, { with: false })]).toEqual([2, 1])
  })

  it('is found in no time for a document that is made to make it long', () => {
    const nested = `${'related { ... on Product { '.repeat(10)}id${' } }'.repeat(10)}`
    expect(estimate(`{ product(id: 1) { ${nested} } }`)).toBeGreaterThan(10 ** 10)
  })
})

describe('what an answer cost', () => {
  it('is what is there, with its lists as long as they are', () => {
    const query = '{ products(first: 50) { edges { node { id maker { name } } } pageInfo { hasNextPage } } }'
    const node = { id: '1', maker: { name: 'a' } }
    const data = {
      products: { edges: [{ node }, { node: { id: '2', maker: null } }], pageInfo: { hasNextPage: false } },
    }
    expect(measure(query, data)).toBe(1 + 2 * 2 + 1 + 1)
    expect(measure(query, { products: null })).toBe(1)
    expect(measure(query, null)).toBe(1)
    expect(measure('{ matrix { id } }', { matrix: [[{ id: 1 }], [{ id: 2 }, { id: 3 }]] })).toBe(3)
  })

  it('counts of several types the one that was there', () => {
    const query = '{ found { ... on Product { picture { url } } ... on Maker { country { name } } } }'
    expect(measure(query, { found: { picture: { url: 'a' } } })).toBe(9)
    expect(measure(query, { found: { country: { name: 'a' } } })).toBe(2)
  })
})
