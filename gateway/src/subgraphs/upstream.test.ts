import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { IDENTITY_HEADER, silentLogger } from '@codai/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Call } from '../operation.ts'
import type { SubgraphResponse } from './client.ts'
import { createOpenUpstream } from './upstream.ts'
import type { UpstreamOptions } from './upstream.ts'

type Message = { readonly type: string; readonly id?: string }

const servers: WebSocketServer[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate()
    server.close()
  }
})

/** A subgraph that does with each message of its nth socket what the test says. */
const startSubgraph = async (
  answer: (socket: WebSocket, message: Message, nth: number) => void,
): Promise<{ url: string; identities: unknown[] }> => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers.push(server)
  await once(server, 'listening')
  const identities: unknown[] = []
  server.on('connection', (socket, request) => {
    const nth = identities.push(request.headers[IDENTITY_HEADER])
    socket.on('message', (data: Buffer) => answer(socket, JSON.parse(data.toString()) as Message, nth))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, identities }
}

const acknowledge = (socket: WebSocket): void => socket.send('{"type":"connection_ack"}')
const sendEvent = (socket: WebSocket, { id }: Message): void =>
  socket.send(JSON.stringify({ id, type: 'next', payload: { data: { tick: 1 } } }))

/** The first event or the end of a subscription, whichever comes first. */
const firstOf = (
  url: string,
  options: Partial<UpstreamOptions>,
  onEvent: (bytes: number) => void = () => {},
): Promise<SubgraphResponse | Error | undefined> => {
  let signed = 0
  const call: Call = {
    caller: { identity: { kind: 'anonymous' }, credentials: async () => `identity-${(signed += 1)}` },
    requestId: 'request-1',
  }
  return new Promise((resolve) => {
    const open = createOpenUpstream({ logger: silentLogger, ...options })
    const close = open({ name: 'ticker', url }, { query: 'subscription { tick }' }, call, {
      next: (event, bytes) => {
        close()
        onEvent(bytes)
        resolve(event)
      },
      end: resolve,
    })
  })
}

describe('a subscription at a subgraph', () => {
  it('is opened again when its connection falls silent, with an identity signed anew', async () => {
    const { url, identities } = await startSubgraph((socket, message, nth) => {
      if (message.type === 'connection_init') acknowledge(socket)
      if (message.type === 'subscribe' && nth === 2) sendEvent(socket, message)
    })
    expect(await firstOf(url, { keepAliveMs: 40 })).toEqual({ data: { tick: 1 } })
    expect(identities).toEqual(['identity-1', 'identity-2'])
  })

  it('is opened again when the subgraph goes away', async () => {
    const { url } = await startSubgraph((socket, message, nth) => {
      if (message.type === 'connection_init') acknowledge(socket)
      if (message.type !== 'subscribe') return
      if (nth === 1) socket.close(1001, 'Going away')
      else sendEvent(socket, message)
    })
    expect(await firstOf(url, {})).toEqual({ data: { tick: 1 } })
  })

  it('tells how large each event was', async () => {
    const { url } = await startSubgraph((socket, message) => {
      if (message.type === 'connection_init') acknowledge(socket)
      if (message.type === 'subscribe') sendEvent(socket, message)
    })
    let bytes = 0
    await firstOf(url, {}, (size) => {
      bytes = size
    })
    const id = '00000000-0000-4000-8000-000000000000'
    expect(bytes).toBe(JSON.stringify({ id, type: 'next', payload: { data: { tick: 1 } } }).length)
  })

  it('ends as unavailable when the subgraph cannot be reached in its time', async () => {
    expect(await firstOf('http://127.0.0.1:1/graphql', { connectBudgetMs: 300 })).toMatchObject({
      message: 'ticker is not answering.',
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'ticker' },
    })
  })

  it('ends, and is not opened again, with an event that is larger than may be', async () => {
    const { url, identities } = await startSubgraph((socket, message) => {
      if (message.type === 'connection_init') acknowledge(socket)
      if (message.type === 'subscribe') sendEvent(socket, message)
    })
    expect(await firstOf(url, { eventLimitBytes: 50 })).toMatchObject({
      message: 'ticker sent an event of more than the 50 bytes that are allowed.',
      extensions: { code: 'LIMIT_EXCEEDED', service: 'ticker' },
    })
    expect(identities).toHaveLength(1)
  })

  it('is not tried again when the subgraph refuses the identity', async () => {
    const { url, identities } = await startSubgraph((socket) => socket.close(4403, 'Forbidden'))
    expect(await firstOf(url, {})).toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
    expect(identities).toHaveLength(1)
  })
})

describe('the sockets to a subgraph', () => {
  const open = createOpenUpstream({ logger: silentLogger })
  const subscribe = (url: string, userId: string): { event: Promise<SubgraphResponse>; close: () => void } => {
    let close = (): void => {}
    const event = new Promise<SubgraphResponse>((resolve, reject) => {
      const identity = { kind: 'user', userId, roles: [], scopes: [] } as const
      const call: Call = { caller: { identity, credentials: async () => userId }, requestId: 'request' }
      close = open({ name: 'ticker', url }, { query: 'subscription { tick }' }, call, { next: resolve, end: reject })
    })
    return { event, close: () => close() }
  }

  it('are one for each identity, which is closed with its last subscription', async () => {
    const closed: unknown[] = []
    const { url, identities } = await startSubgraph((socket, message, nth) => {
      if (message.type === 'connection_init') {
        acknowledge(socket)
        socket.once('close', () => closed.push(identities[nth - 1]))
      }
      if (message.type === 'subscribe') sendEvent(socket, message)
    })
    const streams = ['ada', 'bob', 'ada', 'ada'].map((userId) => subscribe(url, userId))
    for (const { event } of streams) expect(await event).toEqual({ data: { tick: 1 } })
    expect(new Set(identities)).toEqual(new Set(['ada', 'bob']))
    expect(identities).toHaveLength(2)
    for (const { close } of streams.slice(1)) close()
    await expect.poll(() => closed, { timeout: 10_000 }).toEqual(['bob'])
    const again = subscribe(url, 'ada')
    await again.event
    again.close()
    streams[0]?.close()
    await expect.poll(() => closed, { timeout: 10_000 }).toEqual(['bob', 'ada'])
    expect(identities).toHaveLength(2)
  })
})
