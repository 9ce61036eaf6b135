import { meros } from 'meros/browser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startSubgraph } from './fixtures/subgraph.ts'
import type { RunningSubgraph } from './fixtures/subgraph.ts'

const BOOK = { __typename: 'Book', id: 'b', title: 'Dune', pages: 600 }
const FILM = { __typename: 'Film', id: 'f', title: 'Alien', minutes: 117 }

let library: RunningSubgraph
let reviews: RunningSubgraph
let gateway: TestGateway

beforeAll(async () => {
  library = await startSubgraph({
    name: 'library',
    typeDefs: `
      type Query { media: [Media!]! }
      interface Media @key(fields: "id") { id: ID! title: String! }
      type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int! }
      type Film implements Media @key(fields: "id") { id: ID! title: String! minutes: Int! }
    `,
    resolvers: {
      Query: { media: () => [BOOK, FILM] },
      Media: {
        __resolveReference: ({ id }: { id: string }) => [BOOK, FILM].find((medium) => medium.id === id) ?? null,
      },
    },
  })
  reviews = await startSubgraph({
    name: 'reviews',
    typeDefs: `
      type Query { latest: [Media!]! last: Media! lost: Media! }
      type Media @interfaceObject @key(fields: "id") { id: ID! stars: Int! reviews: [Review!]! }
      type Review { text: String! }
    `,
    resolvers: {
      Query: { latest: () => [{ id: 'f' }, { id: 'b' }], last: () => ({ id: 'f' }), lost: () => ({ id: 'none' }) },
      Media: { stars: () => 5, reviews: ({ id }: { id: string }) => [{ text: `of ${id}` }] },
    },
  })
  gateway = await startTestGateway(compose([library, reviews]))
})

afterAll(async () => {
  await gateway.stop()
  await library.crash()
  await reviews.crash()
})

const partsOf = async (query: string): Promise<unknown[]> => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824' },
    body: JSON.stringify({ query }),
  })
  const parts = await meros<unknown>(response)
  if (parts instanceof Response) return [await parts.json()]
  const bodies: unknown[] = []
  for await (const part of parts) bodies.push(part.body)
  return bodies
}

/** The first answer, and all parts that came after it, whenever they came. */
const deliveredTo = async (query: string): Promise<{ first: unknown; patches: unknown[]; isEnded: boolean }> => {
  const [first, ...rest] = (await partsOf(query)) as { incremental?: unknown[]; hasNext?: boolean }[]
  return {
    first,
    patches: rest.flatMap(({ incremental = [] }) => incremental),
    isEnded: rest.at(-1)?.hasNext === false,
  }
}

describe('a part of objects of which it comes later what they are', () => {
  it('is sent of those that turn out to have it, and of no others', async () => {
    expect(await deliveredTo('{ latest { stars ... on Book @defer(label: "pages") { title pages } } }')).toEqual({
      first: { data: { latest: [{ stars: 5 }, { stars: 5 }] }, hasNext: true },
      patches: [{ label: 'pages', path: ['latest', 1], data: { title: 'Dune', pages: 600 } }],
      isEnded: true,
    })
  })

  it('is sent of each type, and from within fragments that have nothing else', async () => {
    const query = `{ latest {
      stars
      ... on Book { ... @defer { pages } }
      ... on Film @defer { minutes ... on Media @defer(label: "reviews") { reviews { text } } }
    } }`
    const { first, patches, isEnded } = await deliveredTo(query)
    expect(first).toMatchObject({ data: { latest: [{ stars: 5 }, { stars: 5 }] } })
    expect(patches).toHaveLength(3)
    expect(patches).toEqual(
      expect.arrayContaining([
        { path: ['latest', 1], data: { pages: 600 } },
        { path: ['latest', 0], data: { minutes: 117 } },
        { label: 'reviews', path: ['latest', 0], data: { reviews: [{ text: 'of f' }] } },
      ]),
    )
    expect(isEnded).toBe(true)
  })

  it('ends with nothing more where no object has it', async () => {
    expect(await partsOf('{ last { stars ... on Book @defer { pages } } }')).toEqual([
      { data: { last: { stars: 5 } }, hasNext: true },
      { hasNext: false },
    ])
    expect(await partsOf('{ lost { stars ... on Book @defer { pages } } }')).toEqual([
      { data: { lost: { stars: 5 } }, hasNext: true },
      { hasNext: false },
    ])
  })

  it('waits for the objects that it is in, also where two parts lie around it', async () => {
    const { patches, isEnded } = await deliveredTo(`{ latest {
      stars ... @defer { ... on Media @defer { ... on Film { minutes reviews { ... @defer(label: "texts") { text } } } } }
    } }`)
    expect(patches).toContainEqual({ label: 'texts', path: ['latest', 0, 'reviews', 0], data: { text: 'of f' } })
    expect(isEnded).toBe(true)
  })

  it('is told as lost where nobody answers what the objects are', async () => {
    await library.crash()
    const { first, patches, isEnded } = await deliveredTo('{ last { stars ... on Book @defer { pages } } }')
    await library.restart()
    expect(first).toEqual({ data: { last: { stars: 5 } }, hasNext: true })
    expect(patches).toMatchObject([
      { path: ['last'], data: null, errors: [{ path: ['last'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] },
    ])
    expect(isEnded).toBe(true)
  })
})
