import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

let library: Library
let gateway: TestGateway
/** Takes connections and never answers. */
let frozen: Server
let frozenUrl: string

beforeAll(async () => {
  library = await startLibrary()
  frozen = createServer(() => {})
  await new Promise<void>((resolve) => frozen.listen(0, '127.0.0.1', resolve))
  frozenUrl = `http://127.0.0.1:${(frozen.address() as AddressInfo).port}/graphql`
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]), {
    subgraphBudgetMs: 2_000,
  })
})

afterAll(async () => {
  await gateway.stop()
  frozen.closeAllConnections()
  frozen.close()
  await library.stop()
})

describe('a subgraph that is down', () => {
  it('costs its own fields, with one error at each, and nothing else', async () => {
    await library.reviews.crash()
    const { status, data, errors } = await gateway.ask(
      '{ shelf: books { title stars heavy: weight } topBook { title } people { name } }',
    )
    expect(status).toBe(200)
    expect(data).toEqual({
      shelf: [
        { title: 'Engines', stars: null, heavy: null },
        { title: 'Compilers', stars: null, heavy: null },
      ],
      topBook: null,
      people: [{ name: 'Ada' }, { name: 'Grace' }],
    })
    const paths = errors?.map(({ path }) => path?.join('.')).sort()
    expect(paths).toEqual(['shelf.0.heavy', 'shelf.0.stars', 'shelf.1.heavy', 'shelf.1.stars', 'topBook'])
    for (const { message, extensions } of errors ?? []) {
      expect(message).toBe('reviews is not answering.')
      expect(extensions).toEqual({ code: 'SUBGRAPH_UNAVAILABLE', service: 'reviews' })
    }
    await library.reviews.restart()
  })

  it('counts for the entity where only a hidden input was to come from it', async () => {
    await library.books.crash()
    const { data, errors } = await gateway.ask('{ topBook { weight } }')
    expect(data).toEqual({ topBook: { weight: null } })
    expect(errors).toMatchObject([
      { path: ['topBook'], extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'books' } },
    ])
    await library.books.restart()
  })

  it('is told of by /health/services and /health/ready, while the gateway is ready', async () => {
    await library.reviews.crash()
    const ready = await fetch(`${gateway.url}/health/ready`)
    expect(ready.status).toBe(200)
    const { subgraphs } = (await ready.json()) as { subgraphs: Record<string, unknown> }
    expect(subgraphs).toMatchObject({
      people: { ready: true },
      books: { ready: true },
      reviews: { ready: false, error: 'is not answering' },
    })
    const services = await (await fetch(`${gateway.url}/health/services`)).text()
    expect(JSON.parse(services)).toEqual(subgraphs)
    expect(services).not.toContain('127.0.0.1')
    await library.reviews.restart()
  })
})

describe('a subgraph that is frozen', () => {
  it('times out with a coded error at its fields', async () => {
    const slow = await startTestGateway(
      compose([library.people, library.books, { ...library.reviews, url: frozenUrl }]),
      {
        subgraphBudgetMs: 200,
      },
    )
    const { data, errors } = await slow.ask('{ books(first: 1) { title stars } }')
    expect(data).toEqual({ books: [{ title: 'Engines', stars: null }] })
    expect(errors).toEqual([
      {
        message: 'reviews did not answer within 0.2 seconds.',
        path: ['books', 0, 'stars'],
        extensions: { code: 'TIMEOUT', service: 'reviews' },
      },
    ])
    expect(await (await fetch(`${slow.url}/health/services`)).json()).toMatchObject({
      reviews: { ready: false, error: 'did not answer in time' },
    })
    await slow.stop()
  })
})

describe('errors of subgraphs', () => {
  it('pass when they have a code of the table, with the path of the client', async () => {
    const { errors } = await gateway.ask('{ name: invalid }')
    expect(errors).toMatchObject([
      {
        message: 'The name is taken.',
        path: ['name'],
        extensions: { code: 'ALREADY_EXISTS', field: 'name', service: 'people' },
      },
    ])
  })

  it('are masked when they have none, and name the request they are logged under', async () => {
    const answer = await gateway.ask('{ explode }', { headers: { 'x-request-id': 'request-1' } })
    expect(answer.data).toEqual({ explode: null })
    expect(answer.errors).toMatchObject([
      {
        message: 'Something went wrong on our side.',
        path: ['explode'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1', service: 'people' },
      },
    ])
    expect(JSON.stringify(answer)).not.toMatch(/postgres|10\.0\.0\.7|stack|127\.0\.0\.1/)
    await gateway.untilLogged('postgres://user')
  })
})

describe('input that is malformed or huge', () => {
  const post = async (body: string, headers = {}): Promise<[number, unknown]> => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    const { errors } = (await response.json()) as { errors: { extensions: { code: unknown } }[] }
    return [response.status, errors[0]?.extensions.code]
  }
  const ask = (query: string): Promise<[number, unknown]> => post(JSON.stringify({ query }))

  it('gets a coded error, never a fault', async () => {
    expect(await post('{ not json')).toEqual([400, 'BAD_REQUEST'])
    expect(await post('[]')).toEqual([400, 'BAD_REQUEST'])
    expect(await post('null')).toEqual([400, 'BAD_REQUEST'])
    expect(await post('{}')).toEqual([400, 'BAD_REQUEST'])
    expect(await post('{"query": 1}')).toEqual([400, 'BAD_REQUEST'])
    expect(await post('{"query": "{ books { title } }", "variables": "x"}')).toEqual([400, 'BAD_REQUEST'])
    expect(await ask('{ books {')).toEqual([400, 'GRAPHQL_PARSE_FAILED'])
    expect(await ask('{ nothing }')).toEqual([400, 'GRAPHQL_VALIDATION_FAILED'])
    expect(await ask('query A { books { title } } query B { books { title } }')).toEqual([
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ])
    expect(await post(`{"query": "${' '.repeat(1_000_001)}"}`)).toEqual([413, 'PAYLOAD_TOO_LARGE'])
  })

  it('is refused before validation when the document is too deep, too wide or too long', async () => {
    const deep = `{ books { ${'author { books { '.repeat(13)} title ${'} }'.repeat(13)} } }`
    expect(await ask(deep)).toEqual([422, 'LIMIT_EXCEEDED'])
    const wide = Array.from({ length: 51 }, (_, index) => `a${index}: books { title }`).join(' ')
    expect(await ask(`{ ${wide} }`)).toEqual([422, 'LIMIT_EXCEEDED'])
    const aliased = Array.from({ length: 251 }, (_, index) => `a${index}: title`).join(' ')
    expect(await ask(`{ books { ${aliased} } }`)).toEqual([422, 'LIMIT_EXCEEDED'])
    // Each fragment doubles the one before it: 2^20 fields in 20 lines.
    const doubling = Array.from({ length: 20 }, (_, n) => `fragment F${n} on Book { ...F${n + 1} ...F${n + 1} }`)
    const bomb = `{ books { ...F0 } } ${doubling.join(' ')} fragment F20 on Book { title }`
    expect(await ask(bomb)).toEqual([422, 'LIMIT_EXCEEDED'])
    expect(await ask(`{ ${'books { title } '.repeat(3_000)} }`)).toEqual([400, 'GRAPHQL_PARSE_FAILED'])
    expect(await ask('{ books { ...A } } fragment A on Book { ...A }')).toEqual([400, 'GRAPHQL_VALIDATION_FAILED'])
  })
})
