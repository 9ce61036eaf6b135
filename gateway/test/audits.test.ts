import { auditServer } from 'graphql-http'
import { expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'

it('passes the audits of GraphQL over HTTP, except what CSRF prevention refuses', async () => {
  const library = await startLibrary()
  const gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
  const results = await auditServer({ url: `${gateway.url}/graphql` })
  const failed = results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`)
  await gateway.stop()
  await library.stop()
  expect(results).toHaveLength(61)
  // Each is a GET that a page of another site could send unasked, which CSRF prevention refuses.
  expect(failed).toEqual([
    '5A70 MAY accept application/x-www-form-urlencoded formatted GET requests',
    'D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
    '6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  ])
})
