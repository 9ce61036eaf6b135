import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

let library: Library
let gateway: TestGateway

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

describe('queries and mutations', () => {
  it('answers one query from three subgraphs, with aliases, fragments and variables', async () => {
    const { status, data, errors } = await gateway.ask(
      `query Shelf($first: Int!, $withAuthor: Boolean = true) {
        shelf: books(first: $first) { ...Card author @include(if: $withAuthor) { writer: name books { title } } }
        topBook { title stars }
      }
      fragment Card on Book { __typename name: title stars weight(unit: "lb") }`,
      { variables: { first: 1 } },
    )
    expect(errors).toBeUndefined()
    expect(status).toBe(200)
    expect(data).toEqual({
      shelf: [
        {
          __typename: 'Book',
          name: 'Engines',
          stars: [5, 4],
          weight: '600 lb',
          author: { writer: 'Ada', books: [{ title: 'Engines' }] },
        },
      ],
      topBook: { title: 'Engines', stars: [5, 4] },
    })
  })

  it('runs mutations in the order of the document, across subgraphs', async () => {
    const { data } = await gateway.ask(
      'mutation { a: addBook(title: "A") b: addReview(stars: 2) c: addBook(title: "C") }',
    )
    expect(data).toEqual({
      a: ['book A'],
      b: ['book A', 'review 2'],
      c: ['book A', 'review 2', 'book C'],
    })
  })

  it('answers over GET, and refuses mutations there', async () => {
    const get = (query: string): Promise<Response> =>
      fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept: 'application/json' },
      })
    expect(await (await get('{ books { title } }')).json()).toMatchObject({
      data: { books: [{ title: 'Engines' }, {}] },
    })
    expect((await get('mutation { addBook(title: "A") }')).status).toBe(405)
  })

  it('tells of a variable of the wrong type before asking a subgraph', async () => {
    const asked = library.books.requests.length
    const { status, errors } = await gateway.ask('query ($first: Int!) { books(first: $first) { title } }', {
      variables: { first: 'many' },
    })
    expect(status).toBe(400)
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT')
    expect(library.books.requests.length).toBe(asked)
  })

  it('describes itself, by introspection', async () => {
    const { data } = await gateway.ask('{ __schema { queryType { name } } __type(name: "Book") { name } }')
    expect(data).toEqual({ __schema: { queryType: { name: 'Query' } }, __type: { name: 'Book' } })
  })

  it('tells a client that subscribes as if it queried how subscriptions travel', async () => {
    const { status, errors } = await gateway.ask('subscription { bookRead { page } }')
    expect(status).toBe(400)
    expect(errors?.[0]?.message).toContain('WebSocket')
  })

  it('sends the request id that the client gave to subgraphs, and back', async () => {
    const { headers } = await gateway.ask('{ books { title } }', { headers: { 'x-request-id': 'a-request-of-mine' } })
    expect(headers.get('x-request-id')).toBe('a-request-of-mine')
    expect(library.books.requests.at(-1)?.headers['x-request-id']).toBe('a-request-of-mine')
  })

  it('serves a foreign supergraph without identities: no identity header is sent', async () => {
    const { data } = await gateway.ask('{ books { title } }', { headers: { 'x-codai-identity': 'forged' } })
    expect(data?.['books']).toHaveLength(2)
    expect(library.books.requests.at(-1)?.headers).not.toHaveProperty('x-codai-identity')
  })
})
