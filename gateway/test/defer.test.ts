import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { meros } from 'meros/browser'
import { createClient as createEventClient } from 'graphql-sse'
import { compose } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const ACCEPT = 'multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9'

let library: Library
let gateway: TestGateway

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterEach(async () => {
  for (const subgraph of [library.people, library.books, library.reviews]) {
    await subgraph.crash()
    await subgraph.restart()
  }
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

const post = (query: string, variables?: object, accept = ACCEPT): Promise<Response> =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query, variables }),
  })

/** The parts of an answer, or the one body that it is. */
const partsOf = async (query: string, variables?: object, accept?: string): Promise<unknown[]> => {
  const parts = await meros<unknown>(await post(query, variables, accept))
  if (parts instanceof Response) return [await parts.json()]
  const bodies: unknown[] = []
  for await (const part of parts) bodies.push(part.body)
  return bodies
}

const LATER = 'query { book(id: "b1") { title ... @defer(label: "stars") { stars } } }'

describe('@defer over HTTP', () => {
  it('sends the answer first, and what is deferred later', async () => {
    const response = await post(LATER)
    expect(response.headers.get('content-type')).toBe('multipart/mixed; boundary="-"; deferSpec=20220824')
    await response.body?.cancel()
    expect(await partsOf(LATER)).toEqual([
      { data: { book: { title: 'Engines' } }, hasNext: true },
      { incremental: [{ data: { stars: [5, 4] }, path: ['book'], label: 'stars' }], hasNext: false },
    ])
  })

  it('defers parts of every item of a list, each at its own path', async () => {
    expect(await partsOf('{ books { title ...Later @defer } } fragment Later on Book { author { name } }')).toEqual([
      { data: { books: [{ title: 'Engines' }, { title: 'Compilers' }] }, hasNext: true },
      {
        incremental: [
          { data: { author: { name: 'Ada' } }, path: ['books', 0] },
          { data: { author: { name: 'Grace' } }, path: ['books', 1] },
        ],
        hasNext: false,
      },
    ])
  })

  it('sends what is deferred inside of something deferred after it', async () => {
    const parts = await partsOf(`{
      book(id: "b1") { title ... @defer(label: "outer") { author { name ... @defer(label: "inner") { books { stars } } } } }
    }`)
    const patches = parts.slice(1).flatMap((part) => (part as { incremental: unknown[] }).incremental)
    expect(parts[0]).toEqual({ data: { book: { title: 'Engines' } }, hasNext: true })
    expect(patches).toEqual([
      { label: 'outer', path: ['book'], data: { author: { name: 'Ada' } } },
      { label: 'inner', path: ['book', 'author'], data: { books: [{ stars: [5, 4] }] } },
    ])
  })

  it('defers the parts of an interface by what each object is', async () => {
    const parts = await partsOf('{ named { name ... on Person @defer { id } ... on Robot @defer { serial } } }')
    expect(parts).toEqual([
      { data: { named: [{ name: 'Ada' }, { name: 'R2' }] }, hasNext: true },
      {
        incremental: [
          { data: { id: 'p1' }, path: ['named', 0] },
          { data: { serial: '1' }, path: ['named', 1] },
        ],
        hasNext: false,
      },
    ])
  })

  it('leaves the choice to a variable', async () => {
    const query = 'query ($later: Boolean!) { book(id: "b1") { title ... @defer(if: $later) { stars } } }'
    expect(await partsOf(query, { later: true })).toHaveLength(2)
    expect(await partsOf(query, { later: false })).toEqual([{ data: { book: { title: 'Engines', stars: [5, 4] } } }])
  })

  it('runs a mutation once, and sends parts of what it answers later', async () => {
    const parts = await partsOf('mutation { rename(id: "p2", name: "Hopper") { name ... @defer { books { title } } } }')
    expect(parts).toEqual([
      { data: { rename: { name: 'Hopper' } }, hasNext: true },
      { incremental: [{ data: { books: [{ title: 'Compilers' }] }, path: ['rename'] }], hasNext: false },
    ])
    expect(library.people.requests.filter(({ query }) => query.includes('rename'))).toHaveLength(1)
  })

  it('tells what went wrong with a part beside that part', async () => {
    await library.reviews.crash()
    const parts = await partsOf(LATER)
    await library.reviews.restart()
    expect(parts).toMatchObject([
      { data: { book: { title: 'Engines' } }, hasNext: true },
      {
        incremental: [
          {
            data: { stars: null },
            errors: [{ path: ['book', 'stars'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'reviews' } }],
          },
        ],
        hasNext: false,
      },
    ])
    expect(parts[0]).not.toHaveProperty('errors')
  })

  it('takes a part by a null that breaks the schema, and leaves the object that the client has', async () => {
    const invalid = await partsOf('{ book(id: "b1") { title } ... @defer { invalid } }')
    expect(invalid).toMatchObject([
      { data: { book: { title: 'Engines' } }, hasNext: true },
      { incremental: [{ data: null, path: [], errors: [{ path: ['invalid'] }] }], hasNext: false },
    ])
  })

  it('sends nothing later of an object that is not there', async () => {
    expect(await partsOf('{ book(id: "none") { title ... @defer { stars } } }')).toEqual([{ data: { book: null } }])
  })

  it('answers at once, whole, to a client that takes no parts', async () => {
    const whole = { data: { book: { title: 'Engines', stars: [5, 4] } } }
    for (const accept of [
      'application/json',
      'application/graphql-response+json',
      '*/*',
      'multipart/mixed;deferSpec=x, */*',
    ]) {
      const response = await post(LATER, undefined, accept)
      expect(response.headers.get('content-type')).toContain('json')
      expect(await response.json()).toEqual(whole)
    }
  })

  it('refuses with the status that a query would have', async () => {
    const response = await post('query ($id: ID!) { book(id: $id) { title ... @defer { stars } } }')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    const secured = await post('{ book(id: "b1") { title } ... @defer { me { name } } }')
    expect([secured.status, await secured.json()]).toMatchObject([
      401,
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ])
  })
})

describe('@defer on other transports', () => {
  const whole = [
    { data: { book: { title: 'Engines' } }, hasNext: true },
    { incremental: [{ data: { stars: [5, 4] }, path: ['book'], label: 'stars' }], hasNext: false },
  ]

  it('travels over a WebSocket', async () => {
    const client = connect(gateway)
    const messages: unknown[] = []
    for await (const message of client.iterate({ query: LATER })) messages.push(message)
    expect(messages).toEqual(whole)
    await client.dispose()
  })

  it.each([false, true])('travels as server-sent events (one connection: %s)', async (singleConnection) => {
    const client = createEventClient({ url: `${gateway.url}/graphql`, singleConnection: singleConnection as false })
    const messages: unknown[] = []
    for await (const message of client.iterate({ query: LATER })) messages.push(message)
    expect(messages).toEqual(whole)
    client.dispose()
  })

  it('is passed over in what a subscription selects: each event comes whole', async () => {
    const client = connect(gateway)
    const next = client.iterate({ query: 'subscription { bookRead { page ... @defer { book { title } } } }' }).next()
    await library.untilReaders(1)
    library.read('b1', 1)
    expect((await next).value).toEqual({ data: { bookRead: { page: 1, book: { title: 'Engines' } } } })
    await client.dispose()
    await library.untilReaders(0)
  })
})

describe('documents with @defer', () => {
  it('find the directive in the schema', async () => {
    const { data } = await gateway.ask('{ __schema { directives { name locations args { name type { kind } } } } }')
    expect((data?.['__schema'] as { directives: unknown[] } | undefined)?.directives).toContainEqual(
      expect.objectContaining({ name: 'defer', locations: ['FRAGMENT_SPREAD', 'INLINE_FRAGMENT'] }),
    )
  })

  it.each([
    ['a label twice', '{ books { ... @defer(label: "a") { id } ... @defer(label: "a") { title } } }'],
    ['a label of a variable', 'query ($l: String) { books { ... @defer(label: $l) { id } } }'],
    ['the root of a mutation', 'mutation { ... @defer { rename(id: "p1", name: "A") { id } } }'],
    ['the root of a subscription', 'subscription { ... @defer { bookRead { page } } }'],
  ])('are refused with %s', async (_what, query) => {
    for (const accept of [ACCEPT, 'application/graphql-response+json']) {
      const response = await post(query, {}, accept)
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
    }
  })
})
