import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

type Sent = { readonly body: Record<string, unknown>; readonly headers?: Record<string, string> }
type Seen = { readonly status: number; readonly headers: Record<string, string>; readonly text: string }

const SHELF = '{ books { title stars author { name } } }'
const NAMED = 'query Weight($id: ID!) { book(id: $id) { title } } query Other { people { name } }'

/** What clients accept for a query in which nothing is deferred. */
const ACCEPTS = {
  'Apollo Client 4': 'application/graphql-response+json,application/json;q=0.9',
  urql: 'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
  GraphiQL: 'application/json, multipart/mixed',
  Relay: 'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
  'a browser': 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'a client of parts':
    'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,multipart/mixed;deferSpec=20220824,application/json',
}

let library: Library
let gateway: TestGateway

const request = async (url: string, init: RequestInit, headers?: Record<string, string>): Promise<Seen> => {
  const response = await fetch(url, { ...init, headers: { 'x-request-id': 'the-same-request', ...headers } })
  const seen = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'))
  return { status: response.status, headers: seen, text: await response.text() }
}

const send = async ({ body, headers }: Sent): Promise<Seen> =>
  request(
    `${gateway.url}/graphql`,
    { method: 'POST', body: JSON.stringify(body) },
    { 'content-type': 'application/json', ...headers },
  )

/** What comes in an address goes to Apollo Server, and so does a document that is seen for the first time. */
const sendThroughApollo = async ({ body, headers }: Sent): Promise<Seen> => {
  unseen += 1
  const query = `${String(body['query'])}${' '.repeat(unseen)}`
  if (!headers?.['accept']?.includes('multipart')) return send({ body: { ...body, query }, headers: { ...headers } })
  return request(`${gateway.url}/graphql?${new URLSearchParams({ query }).toString()}`, {}, headers)
}
let unseen = 0

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

const CASES: readonly (Sent & { readonly it: string })[] = [
  { it: 'a query', body: { query: SHELF } },
  { it: 'a query that a client takes as JSON only', body: { query: SHELF }, headers: { accept: 'application/json' } },
  { it: 'a compressed answer', body: { query: SHELF }, headers: { 'accept-encoding': 'gzip' } },
  { it: 'null for what may be left out', body: { query: SHELF, variables: null, operationName: null } },
  { it: 'a mutation', body: { query: 'mutation { rename(id: "p2", name: "Grace") { name } }' } },
  { it: 'a named operation', body: { query: NAMED, operationName: 'Other' } },
  { it: 'an operation that is not named', body: { query: NAMED } },
  { it: 'a variable of the wrong type', body: { query: NAMED, operationName: 'Weight', variables: { id: {} } } },
  { it: 'a document that does not parse', body: { query: '{ books }}' } },
  { it: 'a document that is not valid', body: { query: '{ nothing }' } },
  { it: 'a subscription', body: { query: 'subscription { bookRead { page } }' } },
  { it: 'introspection', body: { query: '{ __schema { queryType { name } } __typename }' } },
  { it: 'a bad token', body: { query: SHELF }, headers: { authorization: 'nonsense' } },
  {
    it: 'a client that says what it is',
    body: { query: SHELF, extensions: { clientLibrary: { name: '@apollo/client', version: '4.3.8' } } },
  },
  ...Object.entries(ACCEPTS).map(([client, accept]) => ({
    it: `a query of ${client}`,
    body: { query: SHELF },
    headers: { accept },
  })),
  {
    it: 'a document that is not valid, of Apollo Client 4',
    body: { query: '{ nothing }' },
    headers: { accept: ACCEPTS['Apollo Client 4'] },
  },
  { it: 'a client that takes nothing that there is', body: { query: SHELF }, headers: { accept: 'image/png' } },
  { it: 'a plan that is asked for', body: { query: SHELF }, headers: { 'apollo-query-plan-experimental': '1' } },
]

describe('a request with a document that was seen before', () => {
  it.each(CASES)('is answered as Apollo Server answers it: $it', async ({ body, headers = {} }) => {
    const throughApollo = await sendThroughApollo({ body, headers })
    const first = await send({ body, headers })
    const second = await send({ body, headers })
    expect(second).toEqual(throughApollo)
    expect(first).toEqual(throughApollo)
  })

  it('runs once, also where its answer has errors', async () => {
    const body = { query: '{ books { stars } }' }
    await send({ body })
    await library.reviews.crash()
    const before = library.books.requests.length
    const { text } = await send({ body })
    expect(text).toContain('SUBGRAPH_UNAVAILABLE')
    expect(library.books.requests.length - before).toBe(1)
    await library.reviews.restart()
  })
})
