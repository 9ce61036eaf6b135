import { createCancellation } from '../cancellation.ts'
import { silentLogger } from '@codai/runtime'
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, writeSupergraph } from '../../test/fixtures/compose.ts'
import { startLibrary } from '../../test/fixtures/library.ts'
import { createDeferrals } from '../deferral.ts'
import { createDocuments } from '../documents.ts'
import { createGraphs } from '../graph/graphs.ts'
import { createCallers } from '../identity.ts'
import { writtenData } from '../written.ts'
import { createReadAccept } from './accept.ts'
import { createDirect } from './direct.ts'

const LEFT = 'left to Apollo Server'
const SHELF = '{ books { title } }'
const LATER = '{ books { title ... @defer { stars } } }'
const READING = 'subscription { bookRead { page } }'
const URQL =
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed'
const APOLLO_4 = 'application/graphql-response+json,application/json;q=0.9'

let app: FastifyInstance
let stop: () => Promise<void>

beforeAll(async () => {
  const library = await startLibrary()
  const file = await writeSupergraph(compose([library.people, library.books, library.reviews]))
  const graphs = await createGraphs({ file, routing: (_name, url) => url, logger: silentLogger })
  const documents = createDocuments({ introspection: true })
  for (const query of [SHELF, LATER, READING]) documents.prepare(graphs.current(), { query })
  const direct = createDirect({
    graphs,
    documents,
    deferrals: createDeferrals(),
    readAccept: createReadAccept(),
    readCall: async () => ({
      caller: createCallers(undefined)({ kind: 'anonymous' }),
      requestId: 'request',
      cancellation: createCancellation(),
    }),
    operations: {
      run: async () => ({ data: writtenData(Buffer.from('{"books":[]}')) }),
      deliver: () => Promise.reject(new Error('nothing comes later on this way')),
      subscribe: () => {
        throw new Error('nothing subscribes on this way')
      },
    },
  })
  app = fastify()
  app.post('/', async (request, reply) => (await direct.answer(request, reply)) ?? LEFT)
  stop = async () => {
    await graphs.stop()
    await app.close()
    await library.stop()
  }
})

afterAll(() => stop())

const ask = async (body: object, accept: string): Promise<readonly [unknown, string]> => {
  const { headers, payload } = await app.inject({ method: 'POST', url: '/', headers: { accept }, payload: body })
  return [headers['content-type'], payload]
}

describe('the short way', () => {
  it.each([
    ['Apollo Client 3', '*/*', 'application/json; charset=utf-8'],
    ['Apollo Client 4', APOLLO_4, 'application/graphql-response+json; charset=utf-8'],
    ['urql', URQL, 'application/graphql-response+json; charset=utf-8'],
    ['GraphiQL', 'application/json, multipart/mixed', 'application/json; charset=utf-8'],
    ['Sandbox', 'multipart/mixed; deferSpec=20220824, application/json', 'application/json; charset=utf-8'],
  ])('is taken by a query of %s, in the form that it prefers', async (_client, accept, type) => {
    expect(await ask({ query: SHELF, variables: {} }, accept)).toEqual([type, '{"data":{"books":[]}}'])
  })

  it('is taken by who tells in extensions what it is', async () => {
    const extensions = { clientLibrary: { name: '@apollo/client', version: '4.3.8' } }
    expect(await ask({ query: SHELF, extensions }, APOLLO_4)).toContain('{"data":{"books":[]}}')
  })

  it('is taken by what may be deferred where nothing can come later', async () => {
    expect(await ask({ query: LATER }, APOLLO_4)).toContain('{"data":{"books":[]}}')
  })

  it.each([
    ['parts that come later', { query: LATER }, URQL],
    ['a subscription', { query: READING }, URQL],
    ['a document that was not seen before', { query: `${SHELF} ` }, '*/*'],
    ['a document that is named by its hash', { query: SHELF, extensions: { persistedQuery: {} } }, '*/*'],
    ['variables that are none', { query: SHELF, variables: [] }, '*/*'],
    ['a form of answer that there is not', { query: SHELF }, 'image/png'],
  ])('is not for %s', async (_what, body, accept) => {
    expect(await ask(body, accept)).toContain(LEFT)
  })
})
