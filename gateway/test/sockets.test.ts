import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { compose } from './fixtures/compose.ts'
import { connect, failureOf, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

let library: Library
let gateway: TestGateway

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]), {
    config: { bodyLimitBytes: 20_000 },
  })
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

const open = async (protocol = 'graphql-transport-ws'): Promise<WebSocket> => {
  const socket = new WebSocket(gateway.socketUrl, protocol)
  await once(socket, 'open')
  return socket
}

/** Sends messages as they are and gives the code that the gateway closes with. */
const closeCodeAfter = async (...messages: readonly string[]): Promise<number> => {
  const socket = await open()
  const closed = once(socket, 'close')
  for (const message of messages) socket.send(message)
  const [code] = await closed
  return Number(code)
}

const INIT = '{"type":"connection_init"}'
const subscribe = (id: string, query: string): string => JSON.stringify({ id, type: 'subscribe', payload: { query } })

describe('a socket is closed', () => {
  it('with 4400 for a message that is not of the protocol', async () => {
    expect(await closeCodeAfter('not json')).toBe(4400)
    expect(await closeCodeAfter('{"type":"nonsense"}')).toBe(4400)
    expect(await closeCodeAfter(INIT, '{"type":"subscribe","id":"1"}')).toBe(4400)
  })

  it('with 4401 for an operation before the introduction', async () => {
    expect(await closeCodeAfter(subscribe('1', '{ topBook { title } }'))).toBe(4401)
  })

  it('with 4403 for connection parameters that cannot hold a token', async () => {
    expect(await closeCodeAfter('{"type":"connection_init","payload":{"authorization":1}}')).toBe(4403)
  })

  it('with 4429 for a second introduction and 4409 for an id in use', async () => {
    expect(await closeCodeAfter(INIT, INIT)).toBe(4429)
    const running = subscribe('1', 'subscription { bookRead { page } }')
    const socket = await open()
    socket.send(INIT)
    await once(socket, 'message')
    const closed = once(socket, 'close')
    socket.send(running)
    socket.send(running)
    expect((await closed)[0]).toBe(4409)
    await library.untilReaders(0)
  })

  it('with 1009 for a message that is too large', async () => {
    expect(await closeCodeAfter(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(20_000) } }))).toBe(1009)
  })

  it('with 4408 when the client does not introduce itself', async () => {
    const socket = await open()
    const [code] = await once(socket, 'close')
    expect(code).toBe(4408)
  })

  it('with 1001 when the gateway stops, and its subscriptions end upstream', async () => {
    const stopping = await startTestGateway(compose([library.people, library.books, library.reviews]))
    const client = connect(stopping)
    const failure = failureOf(client.iterate({ query: 'subscription { bookRead { page } }' }).next())
    await library.untilReaders(1)
    await stopping.stop()
    expect(await failure).toMatchObject({ code: 1001 })
    await library.untilReaders(0)
  })
})

describe('a socket', () => {
  it('is refused at other paths and in other protocols', async () => {
    const elsewhere = new WebSocket(gateway.socketUrl.replace('/graphql', '/elsewhere'), 'graphql-transport-ws')
    const [error] = (await once(elsewhere, 'error')) as [Error]
    expect(error.message).toContain('404')

    const foreign = new WebSocket(gateway.socketUrl, 'graphql-ws')
    await expect(once(foreign, 'open')).rejects.toThrow('subprotocol')
  })

  it('may have a hundred operations open, and no more', async () => {
    const client = connect(gateway)
    const query = 'subscription { bookRead { page } }'
    // Each is another document: equal ones would share a stream of the subgraph.
    const streams = Array.from({ length: 100 }, (_, index) =>
      client.iterate({ query: `subscription { bookRead { page at${index}: page } }` }),
    )
    const waiting = streams.map((stream) => stream.next())
    await library.untilReaders(100)
    await expect(client.iterate({ query }).next()).rejects.toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }])
    library.read('b1', 1)
    expect(await waiting[99]).toMatchObject({ value: { data: { bookRead: { page: 1 } } } })
    await client.dispose()
    await library.untilReaders(0)
  })

  it('is counted while it is open, and its subscriptions with it', async () => {
    const client = connect(gateway)
    const next = client.iterate({ query: 'subscription Counted { bookRead { page } }' }).next()
    await library.untilReaders(1)
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text()
    expect(metrics).toContain('codai_gateway_open_sockets{service="gateway"} 1')
    expect(metrics).toContain('codai_gateway_open_subscriptions{service="gateway"} 1')
    expect(metrics).toContain('operation="Counted",type="subscription",outcome="ok"} 1')
    library.read('b1', 1)
    await next
    await client.dispose()
    await library.untilReaders(0)
  })
})
