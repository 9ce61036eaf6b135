import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { connect } from './fixtures/gateway.ts'
import { startLibraryGateway } from './fixtures/library-gateway.ts'
import type { LibraryGateway } from './fixtures/library-gateway.ts'

const BOOKS = '{ books { title } }'
/** What a client made up, and what the proxy has seen. */
const FORWARDED = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' }

class ForwardedSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols, { headers: FORWARDED })
  }
}

const addressAtBooks = async ({ identityAtBooks }: LibraryGateway): Promise<unknown> => {
  const identity = await identityAtBooks()
  return 'address' in identity ? identity.address : undefined
}

const overHttp = async (started: LibraryGateway): Promise<unknown> => {
  expect((await started.gateway.ask(BOOKS, { headers: FORWARDED })).status).toBe(200)
  return addressAtBooks(started)
}

const overSocket = async (started: LibraryGateway): Promise<unknown> => {
  const client = connect(started.gateway, { webSocketImpl: ForwardedSocket })
  for await (const { data } of client.iterate({ query: BOOKS })) expect(data).toBeDefined()
  await client.dispose()
  return addressAtBooks(started)
}

describe.each([
  { who: 'nobody', trustProxy: [], address: '127.0.0.1' },
  { who: 'another machine', trustProxy: ['10.0.0.0/8'], address: '127.0.0.1' },
  { who: 'the proxy before it', trustProxy: ['loopback'], address: '203.0.113.7' },
])('a gateway that trusts $who', ({ trustProxy, address }) => {
  let started: LibraryGateway

  beforeAll(async () => {
    started = await startLibraryGateway({ trustProxy })
  })
  afterAll(() => started.stop())

  it(`takes requests to come from ${address}`, async () => {
    expect(await overHttp(started)).toBe(address)
  })

  it(`takes WebSockets to come from ${address}`, async () => {
    expect(await overSocket(started)).toBe(address)
  })
})
