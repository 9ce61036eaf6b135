import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

/** As browsers call themselves; a page cannot change it without being asked about. */
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' }
const JSON_TYPE = { 'content-type': 'application/json' }

type Headers = Readonly<Record<string, string>>

let library: Library
let gateway: TestGateway

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]), {
    config: { corsOrigins: ['https://app.example'] },
  })
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

const statusOf = async (method: 'GET' | 'POST', headers: Headers, body?: string): Promise<number> => {
  const url = method === 'GET' ? `${gateway.url}/graphql?query={books{title}}` : `${gateway.url}/graphql`
  const response = await request(url, { method, headers, ...(body !== undefined && { body }) })
  await response.body.dump()
  return response.statusCode
}

const QUERY = '{"query":"{ books { title } }"}'

describe('a GET of a query', () => {
  it('is answered to programs that are no browsers, without any header', async () => {
    expect(await statusOf('GET', {})).toBe(200)
    expect(await statusOf('GET', { 'user-agent': 'curl/8.14.1', accept: '*/*' })).toBe(200)
  })

  it('is answered to our own pages, and to an address that a person entered', async () => {
    expect(await statusOf('GET', { ...BROWSER, 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await statusOf('GET', { ...BROWSER, 'sec-fetch-site': 'none' })).toBe(200)
  })

  it('is refused to pages of other sites, whatever they accept', async () => {
    for (const site of ['cross-site', 'same-site']) {
      for (const accept of ['*/*', 'image/avif,*/*;q=0.8', 'application/graphql-response+json', 'text/event-stream']) {
        expect(await statusOf('GET', { ...BROWSER, 'sec-fetch-site': site, accept })).toBe(400)
      }
    }
  })

  it('is refused to browsers that do not say which page sends it', async () => {
    expect(await statusOf('GET', { ...BROWSER, accept: 'application/json' })).toBe(400)
    expect(await statusOf('GET', { origin: 'https://evil.example', accept: 'application/json' })).toBe(400)
  })

  it('is answered to a page that CORS was asked about', async () => {
    const page = { ...BROWSER, 'sec-fetch-site': 'cross-site', origin: 'https://app.example' }
    expect(await statusOf('GET', { ...page, 'apollo-require-preflight': 'true' })).toBe(200)
    expect(await statusOf('GET', { ...page, ...JSON_TYPE })).toBe(200)
  })
})

describe('a POST', () => {
  it('of JSON is answered to everybody: browsers ask before they send it', async () => {
    expect(await statusOf('POST', { ...BROWSER, ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, QUERY)).toBe(200)
  })

  it('of what a form can send is refused, also where it is JSON', async () => {
    for (const type of ['text/plain', 'text/plain; charset=utf-8', 'Text/Plain;application/json']) {
      expect(await statusOf('POST', { ...BROWSER, 'content-type': type }, QUERY)).toBe(400)
    }
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect(await statusOf('POST', { ...BROWSER, 'content-type': type }, QUERY)).toBeGreaterThanOrEqual(400)
    }
    expect(await statusOf('POST', { 'user-agent': 'curl/8.14.1' }, QUERY)).toBeGreaterThanOrEqual(400)
  })
})

describe('what is refused', () => {
  it('asks no subgraph, and says how to send it', async () => {
    const asked = library.books.requests.length
    const headers = { ...BROWSER, 'sec-fetch-site': 'cross-site' }
    const response = await request(`${gateway.url}/graphql?query={books{title}}`, { headers })
    expect(await response.body.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('apollo-require-preflight'), extensions: { code: 'BAD_REQUEST' } }],
    })
    expect(library.books.requests.length).toBe(asked)
  })
})

describe('an answer', () => {
  it('stays out of the processes of other pages', async () => {
    const response = await request(`${gateway.url}/graphql?query={books{title}}`)
    await response.body.dump()
    expect(response.headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(response.headers['x-content-type-options']).toBe('nosniff')
  })
})
