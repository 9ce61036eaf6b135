import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { spawnChild } from './children.ts'
import { silentLogger } from './logs.ts'
import { currentTraceId, startTracing } from './traces.ts'

// Real processes on a busy machine take their time to start.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

test('a process with a collector sends its spans there, server and client in one trace', async () => {
  const received: { path: string | undefined; body: string }[] = []
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    received.push({ path: request.url, body: await text(request) })
    response.setHeader('content-type', 'application/json').end('{}')
  }
  const collector = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve)
  })
  const { port } = collector.address() as AddressInfo
  const child = spawnChild({
    name: 'traced',
    command: process.execPath,
    args: ['--import', 'tsx', `${import.meta.dirname}/fixtures/traced.ts`],
    env: { ...process.env, ENDPOINT: `http://127.0.0.1:${port}/` },
    logger: silentLogger,
  })
  const { traceId } = await child.ready
  await child.exited
  collector.close()

  expect(new Set(received.map(({ path }) => path))).toEqual(new Set(['/v1/traces']))
  const spans = received.flatMap(({ body }) => spansOf(JSON.parse(body)))
  expect(spans.map((span) => span.traceId)).toEqual([traceId, traceId])
  expect(new Set(spans.map((span) => span.kind))).toEqual(new Set([SERVER, CLIENT]))
  expect(received.map(({ body }) => body).join('')).toContain('"traced"')
})

const SERVER = 2
const CLIENT = 3

type Span = { readonly traceId: string; readonly kind: number }
type Export = { readonly resourceSpans: { readonly scopeSpans: { readonly spans: Span[] }[] }[] }

const spansOf = ({ resourceSpans }: Export): Span[] =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))

test('a process without a collector does not trace', async () => {
  const stop = await startTracing({ endpoint: undefined, service: 'plain', logger: silentLogger })
  expect(currentTraceId()).toBeUndefined()
  await expect(stop()).resolves.toBeUndefined()
})
