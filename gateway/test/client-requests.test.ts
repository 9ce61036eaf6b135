import { createClient as createEventClient } from 'graphql-sse'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { APOLLO_3 } from './fixtures/clients/apollo-3.ts'
import { APOLLO_4, APOLLO_4_ALPHA_9 } from './fixtures/clients/apollo-4.ts'
import type { Application, CreateApplication } from './fixtures/clients/shown.ts'
import { URQL } from './fixtures/clients/urql.ts'
import { compose } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { sha256 } from './fixtures/hash.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const BOOK = 'query Book($id: ID!) { book(id: $id) { id title } }'
const LATER = 'query Later { book(id: "b1") { id title ... @defer { stars } } }'

type Exchange = { readonly sent: string; readonly method: string; readonly status: number; readonly type: string }

let library: Library
let gateway: TestGateway
const applications: Application[] = []

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterEach(async () => {
  for (const application of applications.splice(0)) await application.close()
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

/** An application, and what it sends and receives. */
const observed = (create: CreateApplication | undefined): { application: Application; exchanges: Exchange[] } => {
  if (!create) throw new Error('there is no such client')
  const exchanges: Exchange[] = []
  const observing: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    const sent = typeof init?.body === 'string' ? init.body : decodeURIComponent(new Request(input).url)
    const type = response.headers.get('content-type') ?? ''
    exchanges.push({ sent, method: init?.method ?? 'GET', status: response.status, type })
    return response
  }
  const application = create({ gateway, fetch: observing })
  applications.push(application)
  return { application, exchanges }
}

describe('a query that is named by its hash', () => {
  it.each([
    ['Apollo Client 3', APOLLO_3['Apollo Client 3 with persisted queries'], ['POST', 'POST', 'POST']],
    ['Apollo Client 4', APOLLO_4['Apollo Client 4 with persisted queries'], ['POST', 'POST', 'POST']],
    ['Apollo Client 4 by GET', APOLLO_4['Apollo Client 4 with persisted queries by GET'], ['GET', 'POST', 'GET']],
    ['urql', URQL['urql with persisted queries'], ['GET', 'GET', 'GET']],
  ])('is sent whole once, and never again by %s', async (name, create, methods) => {
    const { application, exchanges } = observed(create)
    const query = BOOK.replace('Book', `Of${name.replaceAll(' ', '')}`)
    expect(await application.ask({ query, variables: { id: 'b1' } })).toMatchObject({ data: { book: { id: 'b1' } } })
    expect(await application.ask({ query, variables: { id: 'b2' } })).toMatchObject({ data: { book: { id: 'b2' } } })
    expect(exchanges.map(({ method }) => method)).toEqual(methods)
    expect(exchanges.map(({ sent }) => /"query"|[?&]query=/.test(sent))).toEqual([false, true, false])
    expect(exchanges.map(({ status }) => status)).toEqual([404, 200, 200])
  })
})

describe('a document that was sent with its hash', () => {
  const query = 'subscription Named { bookRead { page } }'
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(query) } }
  const post = (body: object, accept: string): Promise<Response> =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify(body),
    })

  it.each([
    ['a WebSocket', () => connect(gateway)],
    ['events', () => createEventClient({ url: `${gateway.url}/graphql` })],
    ['events on one connection', () => createEventClient({ url: `${gateway.url}/graphql`, singleConnection: true })],
  ])('is known over %s, too', async (_name, open) => {
    await post({ query, extensions }, 'application/json')
    const client = open()
    const next = client.iterate({ query: '', extensions }).next()
    await library.untilReaders(1)
    library.read('b1', 5)
    expect((await next).value).toEqual({ data: { bookRead: { page: 5 } } })
    await client.dispose()
    await library.untilReaders(0)
  })

  it('is known in parts, too, and is the document of that hash only', async () => {
    await post({ query, extensions }, 'application/json')
    const response = await post({ extensions }, 'multipart/mixed;subscriptionSpec=1.0')
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0"',
    ])
    await response.body?.cancel()
    await library.untilReaders(0)
    const other = await post({ query: BOOK, extensions }, 'application/json')
    expect([other.status, await other.json()]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
    ])
  })

  it('is not taken from the page of another site', async () => {
    const own = '{ books { id pages } }'
    const named = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: sha256(own) } })
    const get = (parameters: Record<string, string>, headers: Record<string, string>): Promise<Response> =>
      fetch(`${gateway.url}/graphql?${new URLSearchParams(parameters).toString()}`, { headers })
    const refused = await get({ query: own, extensions: named }, { 'user-agent': 'Mozilla/5.0 (X11)' })
    expect(refused.status).toBe(400)
    expect((await get({ extensions: named }, {})).status).toBe(404)
    expect((await get({ query: own, extensions: named }, {})).status).toBe(200)
    expect((await get({ extensions: named }, {})).status).toBe(200)
  })

  it('must not be kept as missing by what lies between', async () => {
    const unknown = { persistedQuery: { version: 1, sha256Hash: sha256('unknown') } }
    const response = await post({ extensions: unknown }, 'application/json')
    expect([response.status, response.headers.get('cache-control')]).toEqual([404, 'no-store'])
  })
})

describe('what is deferred', () => {
  it.each([
    ['Apollo Client 3', APOLLO_3['Apollo Client 3'], 'multipart/mixed; boundary="-"; deferSpec=20220824'],
    ['Apollo Client 4', APOLLO_4['Apollo Client 4'], 'multipart/mixed; boundary="-"; deferSpec=20220824'],
    ['urql', URQL['urql'], 'text/event-stream; charset=utf-8'],
  ])('comes in parts to %s', async (_name, create, type) => {
    const { application, exchanges } = observed(create)
    expect(await application.ask({ query: LATER })).toMatchObject({ data: { book: { stars: [5, 4] } }, codes: [] })
    expect(exchanges).toMatchObject([{ status: 200, type }])
  })

  it('comes with everything else to who reads it as a later proposal has it', async () => {
    const { application, exchanges } = observed(APOLLO_4_ALPHA_9)
    expect(await application.ask({ query: LATER })).toMatchObject({ data: { book: { stars: [5, 4] } }, codes: [] })
    expect(exchanges).toMatchObject([{ status: 200, type: 'application/graphql-response+json; charset=utf-8' }])
  })
})
