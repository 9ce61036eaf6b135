import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { createIdentitySigner, requireConfig, silentLogger, startTracing } from '@codai/runtime'
import { createClient } from 'graphql-ws/client'
import type { Client } from 'graphql-ws/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import logai from './subgraph.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'

const exported: string[] = []
let collector: Server
let stopTracing: () => Promise<void>
let world: TestWorld

const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  exported.push(await text(request))
  response.setHeader('content-type', 'application/json').end('{}')
}

beforeAll(async () => {
  collector = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => {
    collector.listen(0, '127.0.0.1', resolve)
  })
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  stopTracing = await startTracing({ endpoint, service: 'logai', logger: silentLogger })
  world = await startWorld([logai], { seed: false })
})
afterAll(async () => {
  await world?.stop()
  collector.close()
})

const connect = async (): Promise<Client> => {
  const { url, platform } = world.hosted('logai')
  const secret = requireConfig(platform.config, 'identitySecret')
  const person = { userId: 'u', sessionId: 's', roles: [], scopes: [], address: '127.0.0.1' }
  const identity = await createIdentitySigner({ secret, issuer: 'tests' }).sign({ kind: 'user', ...person })
  const socketUrl = `${url.replace(/^http/, 'ws')}/graphql`
  return createClient({ url: socketUrl, webSocketImpl: WebSocket, retryAttempts: 0, connectionParams: { identity } })
}

it('a subscription goes on with the trace that its message tells of', async () => {
  const client = await connect()
  const query = 'subscription { sessionRevoked { id } }'
  const events = client.iterate({ query, extensions: { traceparent: `00-${TRACE}-${CALLER}-01` } })
  const ended = events.next().catch(() => undefined)
  const { metrics } = world.hosted('logai').platform
  const started = metrics.counter('subscriptions_started_total', 'Subscriptions that were begun')
  await expect.poll(async () => (await started.get()).values[0]?.value ?? 0, { timeout: 20_000 }).toBe(1)
  await client.dispose()
  await ended
  // The last spans are sent when tracing stops.
  await stopTracing()
  const span = new RegExp(`"traceId":"${TRACE}"[^}]*"parentSpanId":"${CALLER}"[^}]*"name":"graphql.subscribe"`)
  expect(exported.join('')).toMatch(span)
})
