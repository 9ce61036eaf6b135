import { auditServer } from 'graphql-http'
import { expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'

it('passes all audits of GraphQL over HTTP', async () => {
  const library = await startLibrary()
  const gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
  const results = await auditServer({ url: `${gateway.url}/graphql` })
  const failed = results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`)
  await gateway.stop()
  await library.stop()
  expect(results).toHaveLength(61)
  expect(failed).toEqual([])
})
