import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import { parse } from 'graphql'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { compose, writeSupergraph } from './fixtures/compose.ts'

// Real processes on a busy machine take their time to start.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly process: string
}
type Export = {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { stringValue?: string } }[]
    }
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'process'>[] }[]
  }[]
}
type Announced = { readonly name: string; readonly url: string; readonly sdl: string }

const spans: Span[] = []
let collector: Server
let endpoint: string
let subgraphs: Child
let gateway: Child

const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { resourceSpans } = JSON.parse(await text(request)) as Export
  for (const { resource, scopeSpans } of resourceSpans) {
    const process = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? ''
    for (const { spans: received } of scopeSpans) spans.push(...received.map((span) => ({ ...span, process })))
  }
  response.setHeader('content-type', 'application/json').end('{}')
}

const start = (name: string, file: string, env: Readonly<Record<string, string>>): Child =>
  spawnChild({
    name,
    command: process.execPath,
    args: ['--import', 'tsx', join(repositoryRoot, 'gateway', file)],
    cwd: repositoryRoot,
    env: { ...process.env, ...env },
    logger: silentLogger,
  })

beforeAll(async () => {
  collector = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  subgraphs = start('subgraphs', 'test/fixtures/traced-subgraphs.ts', { ENDPOINT: endpoint })
  const announced = (await subgraphs.ready)['subgraphs'] as readonly Announced[]
  const sdl = compose(announced.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })))
  gateway = start('gateway', 'src/main.ts', {
    NODE_ENV: 'production',
    GATEWAY_PORT: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    SUPERGRAPH_FILE: await writeSupergraph(sdl),
  })
})

afterAll(async () => {
  await gateway.stop()
  await subgraphs.stop()
  collector.closeAllConnections()
  collector.close()
})

it('the spans of one request are one tree, from the client through the gateway into each subgraph', async () => {
  const { url } = await gateway.ready
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const client = 'b7ad6b7169203331'
  const response = await fetch(`${String(url)}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${client}-01` },
    body: JSON.stringify({ query: 'query Starred { book { title stars } }' }),
  })
  expect(await response.json()).toEqual({ data: { book: { title: 'Dune', stars: 5 } } })
  // Processes send their last spans when they stop.
  await gateway.stop('SIGTERM')
  await subgraphs.stop('SIGTERM')

  const tree = spans.filter((span) => span.traceId === traceId)
  const byId = new Map(tree.map((span) => [span.spanId, span]))
  const way = (span: Span): string => {
    const parent = byId.get(span.parentSpanId ?? '')
    return parent ? `${way(parent)} > ${span.process}:${span.name}` : `${span.process}:${span.name}`
  }
  expect(tree.filter((span) => !byId.has(span.parentSpanId ?? '')).map((span) => span.parentSpanId)).toEqual([client])
  const ways = tree.map(way)
  for (const name of ['graphql.parse', 'graphql.validate', 'graphql.execute']) {
    expect(ways).toContain(`gateway:POST > gateway:${name}`)
  }
  expect(ways).toContain('gateway:POST > gateway:graphql.execute > gateway:graphql.plan')
  const fetch_ = 'gateway:POST > gateway:graphql.execute > gateway:graphql.fetch > gateway:POST > subgraphs:POST'
  expect(ways.filter((one) => one === fetch_)).toHaveLength(2)
})
