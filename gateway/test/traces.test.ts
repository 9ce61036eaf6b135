import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import type { Child } from '@codai/runtime'
import { parse } from 'graphql'
import { createClient } from 'graphql-ws/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
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

const eventsOf = async (url: string, traceparent: string): Promise<unknown[]> => {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  })
  const events: unknown[] = []
  const query = 'subscription Read { read { title stars } }'
  for await (const event of client.iterate({ query, extensions: { traceparent } })) events.push(event)
  await client.dispose()
  return events
}

/** The ways to the spans of a trace, each by the names of those above it. In: the trace, and the client's own span. */
const waysIn = (traceId: string, client: string): readonly string[] => {
  const tree = spans.filter((span) => span.traceId === traceId)
  const byId = new Map(tree.map((span) => [span.spanId, span]))
  const way = (span: Span): string => {
    const parent = byId.get(span.parentSpanId ?? '')
    return parent ? `${way(parent)} > ${span.process}:${span.name}` : `${span.process}:${span.name}`
  }
  const roots = tree.filter((span) => !byId.has(span.parentSpanId ?? ''))
  expect(new Set(roots.map((span) => span.parentSpanId))).toEqual(new Set([client]))
  return tree.map(way)
}

describe('the spans', () => {
  const client = 'b7ad6b7169203331'
  const request = '0af7651916cd43dd8448eb211c80319c'
  const subscription = '1bf7651916cd43dd8448eb211c80319d'
  const data = { title: 'Dune', stars: 5 }
  let answer: unknown
  let events: readonly unknown[]

  beforeAll(async () => {
    const url = String((await gateway.ready)['url'])
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${request}-${client}-01` },
      body: JSON.stringify({ query: 'query Starred { book { title stars } }' }),
    })
    answer = await response.json()
    events = await eventsOf(url, `00-${subscription}-${client}-01`)
    // Processes send their last spans when they stop.
    await gateway.stop('SIGTERM')
    await subgraphs.stop('SIGTERM')
  })

  it('of one request are one tree, from the client through the gateway into each subgraph', () => {
    expect(answer).toEqual({ data: { book: data } })
    const ways = waysIn(request, client)
    for (const name of ['graphql.parse', 'graphql.validate', 'graphql.execute']) {
      expect(ways).toContain(`gateway:POST > gateway:${name}`)
    }
    expect(ways).toContain('gateway:POST > gateway:graphql.execute > gateway:graphql.plan')
    const fetch_ = 'gateway:POST > gateway:graphql.execute > gateway:graphql.fetch > gateway:POST > subgraphs:POST'
    expect(ways.filter((one) => one === fetch_)).toHaveLength(2)
  })

  it('of one subscription are one tree, with what each event asks of other subgraphs', () => {
    expect(events).toEqual([{ data: { read: data } }, { data: { read: data } }])
    const ways = waysIn(subscription, client)
    expect(ways).toContain('gateway:graphql.subscribe > gateway:graphql.plan')
    expect(ways).toContain('gateway:graphql.subscribe > subgraphs:graphql.subscribe')
    const event = 'gateway:graphql.subscribe > gateway:graphql.event'
    expect(ways.filter((one) => one === event)).toHaveLength(2)
    const fetch_ = `${event} > gateway:graphql.fetch > gateway:POST > subgraphs:POST`
    expect(ways.filter((one) => one === fetch_)).toHaveLength(2)
  })
})
