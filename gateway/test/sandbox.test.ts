import { buildClientSchema, getIntrospectionQuery } from 'graphql'
import type { IntrospectionQuery } from 'graphql'
import { meros } from 'meros/browser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connect } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibraryGateway } from './fixtures/library-gateway.ts'
import type { LibraryGateway } from './fixtures/library-gateway.ts'
import type { Library } from './fixtures/library.ts'
import type { Issuer } from './fixtures/tokens.ts'

/**
 * What Apollo Sandbox sends, as the open part of it shows (`@apollo/sandbox` relays what its frame asks for): always a POST
 * of JSON, without cookies; an Accept header where an answer may come in parts; headers that a person adds; over a
 * WebSocket, the headers as connection parameters. It is the page of another site, or embedded in ours.
 */
const STUDIO = 'https://studio.apollographql.com'
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const ACCEPTS = {
  query: 'multipart/mixed; deferSpec=20220824, application/json',
  subscription: 'multipart/mixed; subscriptionSpec="1.0", application/json',
}

let started: LibraryGateway
let library: Library
let issuer: Issuer
let gateway: TestGateway

beforeAll(async () => {
  started = await startLibraryGateway({ corsOrigins: [STUDIO] })
  ;({ library, issuer, gateway } = started)
})

afterAll(() => started.stop())

describe.each([
  ['at its own site', { origin: STUDIO, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }],
  ['embedded in our page', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }],
])('Apollo Sandbox %s', (_place, page) => {
  const send = (body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'user-agent': BROWSER, accept: '*/*', 'content-type': 'application/json', ...page, ...headers },
      body: JSON.stringify(body),
    })

  const partsOf = async (response: Response): Promise<AsyncGenerator> => {
    const parts = await meros(response)
    if (parts instanceof Response) throw new Error(`one body: ${await parts.text()}`)
    return (async function* () {
      for await (const { body } of parts) yield body
    })()
  }

  it('reads the schema', async () => {
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      inputValueDeprecation: true,
    })
    const response = await send({ query, operationName: 'IntrospectionQuery' })
    const { data } = (await response.json()) as { data: IntrospectionQuery }
    const schema = buildClientSchema(data)
    expect(schema.getSubscriptionType()?.getFields()).toHaveProperty('bookRead')
    expect(schema.getDirective('defer')).toBeDefined()
  })

  it('shows an answer, with its time, its status and the plan behind it', async () => {
    const response = await send(
      { query: 'query Shelf { topBook { title } }', variables: {}, operationName: 'Shelf' },
      { 'apollo-query-plan-experimental': '1', accept: ACCEPTS.query },
    )
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    expect(await response.json()).toEqual({
      data: { topBook: { title: 'Engines' } },
      extensions: { __queryPlanExperimental: expect.stringContaining('QueryPlan {') },
    })
  })

  it('shows what is deferred as it comes', async () => {
    const query = 'query Later { topBook { title ... @defer { stars } } }'
    const response = await send({ query, variables: {}, operationName: 'Later' }, { accept: ACCEPTS.query })
    expect(response.headers.get('content-type')).toContain('boundary=')
    const parts = await partsOf(response)
    expect((await parts.next()).value).toEqual({ data: { topBook: { title: 'Engines' } }, hasNext: true })
    expect((await parts.next()).value).toMatchObject({ incremental: [{ data: { stars: [5, 4] } }], hasNext: false })
  })

  it('subscribes over HTTP, and is told how it ends', async () => {
    const query = 'subscription Reading { bookRead { page book { title } } }'
    const response = await send({ query, variables: {}, operationName: 'Reading' }, { accept: ACCEPTS.subscription })
    expect(response.status).toBe(200)
    const parts = await partsOf(response)
    await library.untilReaders(1)
    library.read('b1', 4)
    expect((await parts.next()).value).toEqual({})
    expect((await parts.next()).value).toEqual({
      payload: { data: { bookRead: { page: 4, book: { title: 'Engines' } } } },
    })
    library.read('b1', -1)
    const last = { payload: null, errors: [{ message: 'The library is closed.', extensions: { code: 'FORBIDDEN' } }] }
    expect((await parts.next()).value).toMatchObject(last)
    expect((await parts.next()).done).toBe(true)
    await library.untilReaders(0)
  })

  it('subscribes over a WebSocket, with its headers as parameters', async () => {
    class BrowserSocket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, {
          origin: 'origin' in page ? page.origin : gateway.url,
          headers: { 'user-agent': BROWSER },
        })
      }
    }
    const token = await issuer.sign()
    const connectionParams = { Authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const client = connect(gateway, { webSocketImpl: BrowserSocket, connectionParams, keepAlive: 10_000 })
    const next = client.iterate({ query: 'subscription { bookRead { book { author { email } } } }' }).next()
    await library.untilReaders(1)
    library.read('b1', 1)
    expect((await next).value).toEqual({ data: { bookRead: { book: { author: { email: 'ada@example.org' } } } } })
    await client.dispose()
    await library.untilReaders(0)
  })

  it('is told why it may not, with the status that it shows', async () => {
    const response = await send({ query: '{ me { name } }', variables: {} }, { accept: ACCEPTS.query })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  })
})

describe('the page of another site that is let in', () => {
  const preflight = (method: string, headers: string): Promise<Response> =>
    fetch(`${gateway.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: STUDIO,
        'access-control-request-method': method,
        'access-control-request-headers': headers,
        'sec-fetch-mode': 'cors',
        'sec-fetch-site': 'cross-site',
      },
    })

  it.each([
    ['POST', 'apollo-query-plan-experimental,authorization,content-type,x-apollo-operation-name'],
    ['GET', 'apollo-require-preflight'],
    // One connection for all subscriptions (graphql-sse) is reserved and left by these.
    ['PUT', 'authorization'],
    ['DELETE', 'x-graphql-event-stream-token'],
  ])('may send a %s with %s', async (method, headers) => {
    const response = await preflight(method, headers)
    expect(response.ok).toBe(true)
    expect(response.headers.get('access-control-allow-origin')).toBe(STUDIO)
    expect(response.headers.get('access-control-allow-methods')?.split(/, ?/)).toContain(method)
    expect(response.headers.get('access-control-allow-headers')?.split(/, ?/)).toEqual(headers.split(','))
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it.each([
    ['an answer', '{ topBook { title } }', ACCEPTS.query],
    ['a refusal', '{ nothing }', 'application/graphql-response+json'],
    ['parts', '{ topBook { title ... @defer { stars } } }', ACCEPTS.query],
    ['events', '{ topBook { title } }', 'text/event-stream'],
    ['a subscription', 'subscription { bookRead { page } }', ACCEPTS.subscription],
  ])('may read %s', async (_what, query, accept) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { origin: STUDIO, 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
    })
    expect(response.headers.get('access-control-allow-origin')).toBe(STUDIO)
    expect(response.headers.get('access-control-expose-headers')).toContain('x-request-id')
    expect(response.headers.get('vary')).toContain('Origin')
    await response.body?.cancel()
    await library.untilReaders(0)
  })
})
