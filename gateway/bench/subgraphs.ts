import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { announceReady, exitWithParent } from '@codai/runtime'
import { graphql } from 'graphql'
import { BENCH_SUBGRAPHS, benchSchema } from './graph.ts'

/** Where each request has an answer of its own: nobody knows it from before. */
const OWN = '/graphql?own'
const own = (text: string): string => `${text.slice(0, -1)},"extensions":{"id":"${randomUUID()}"}}`

/** The subgraphs of the benchmark as a process; an answer is made once, so that it is not they who are measured. */
const urls: Record<string, string> = {}
for (const subgraph of BENCH_SUBGRAPHS) {
  const schema = benchSchema(subgraph)
  const answers = new Map<string, Promise<string>>()

  const answer = async (body: string): Promise<string> => {
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> }
    return JSON.stringify(await graphql({ schema, source: query, ...(variables && { variableValues: variables }) }))
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const known = answers.get(body) ?? answer(body)
      answers.set(body, known)
      known.then(
        (text) => response.setHeader('content-type', 'application/json').end(request.url === OWN ? own(text) : text),
        (error: unknown) => response.destroy(error as Error),
      )
    })
  })
  // Longer than any gateway keeps a connection unused: none may meet one that is just being closed.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  urls[subgraph.name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}
exitWithParent(() => {})
announceReady(urls)
