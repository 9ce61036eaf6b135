import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { APOLLO_3 } from './fixtures/clients/apollo-3.ts'
import { APOLLO_4, APOLLO_4_ALPHA_9 } from './fixtures/clients/apollo-4.ts'
import type { Application, CreateApplication } from './fixtures/clients/shown.ts'
import { URQL } from './fixtures/clients/urql.ts'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
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
