import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createMetrics, silentLogger } from '@codai/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCancellation } from '../src/cancellation.ts'
import { createGatewayMetrics } from '../src/metrics.ts'
import type { Call } from '../src/operation.ts'
import { createSubgraphClient } from '../src/subgraphs/client.ts'
import type { SubgraphClient, SubgraphResponse } from '../src/subgraphs/client.ts'
import { failureOf } from './fixtures/gateway.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let client: SubgraphClient
let url: string
let asked: number
let handle: Handler

const answer = (response: ServerResponse): void => void response.end('{"data":{"value":{"number":1}}}')

const callOf = (identity: string, cancellation?: Call['cancellation']): Call => ({
  caller: { identity: { kind: 'anonymous' }, credentials: async () => identity },
  requestId: 'traffic',
  ...(cancellation && { cancellation }),
})

const post = async (call: Call, isRead = true): Promise<SubgraphResponse> => {
  const options = { call, isRead, mayShare: isRead }
  return (await client.post({ name: 'shop', url }, '{"query":"{ value { number } }"}', options)).read()
}

beforeEach(async () => {
  asked = 0
  handle = (_request, response) => answer(response)
  server = createServer((request, response) => {
    asked += 1
    request.resume()
    request.once('end', () => handle(request, response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
  const metrics = createGatewayMetrics(createMetrics({ service: 'gateway' }))
  client = createSubgraphClient({ logger: silentLogger, metrics, budgetMs: 5_000, answerLimitBytes: 1_000 })
})

afterEach(async () => {
  await client.stop()
  server.closeAllConnections()
  server.close()
})

describe('reads that are under way at once', () => {
  it('share one request when they are identical and of one identity, and nobody gets objects of another', async () => {
    const [first, second] = await Promise.all([post(callOf('a')), post(callOf('a'))])
    expect(asked).toBe(1)
    expect(first).toEqual(second)
    expect(first.data).not.toBe(second.data)
  })

  it('share nothing between identities', async () => {
    await Promise.all([post(callOf('a')), post(callOf('b'))])
    expect(asked).toBe(2)
  })

  it('are cut at the subgraph when the last client has left', async () => {
    const cancellation = createCancellation()
    const cut = new Promise<void>((resolve) => {
      handle = (request) => {
        request.socket.once('close', () => resolve())
        cancellation.cancel()
      }
    })
    const failure = failureOf(post(callOf('a', cancellation)))
    await cut
    expect(await failure).toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
  })
})

describe('mutations', () => {
  it('are each sent, and not cut when the client leaves', async () => {
    const cancellation = createCancellation()
    handle = (_request, response) => {
      cancellation.cancel()
      answer(response)
    }
    const answers = await Promise.all([post(callOf('a', cancellation), false), post(callOf('a', cancellation), false)])
    expect(asked).toBe(2)
    expect(answers).toHaveLength(2)
  })
})

describe('a connection that is lost', () => {
  const loseFirst = (): void => {
    handle = (request, response) => (asked === 1 ? void request.socket.destroy() : answer(response))
  }

  it('is tried again for a read', async () => {
    loseFirst()
    expect(await post(callOf('a'))).toEqual({ data: { value: { number: 1 } } })
    expect(asked).toBe(2)
  })

  it('is not tried again for a mutation, which may have happened', async () => {
    loseFirst()
    await expect(post(callOf('a'), false)).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
    expect(asked).toBe(1)
  })
})

describe('a subgraph in trouble', () => {
  it('is not asked again when it says that it is busy', async () => {
    handle = (_request, response) => void response.writeHead(503).end('busy')
    await expect(post(callOf('a'))).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } })
    expect(asked).toBe(1)
  })

  it('is left alone once most requests fail, and its clients are told at once', async () => {
    handle = (_request, response) => void response.writeHead(503).end('busy')
    for (let turn = 0; turn < 200 && !client.isCutOff('shop'); turn += 1) await failureOf(post(callOf('a')))
    expect(client.isCutOff('shop')).toBe(true)
    const before = asked
    await expect(post(callOf('a'))).rejects.toMatchObject({
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'shop' },
    })
    expect(asked).toBe(before)
  })

  it('is not asked by all again because a client left the one request that was to try', async () => {
    handle = (_request, response) => void response.writeHead(503).end('busy')
    for (let turn = 0; turn < 200 && !client.isCutOff('shop'); turn += 1) await failureOf(post(callOf('a')))
    let leave = (): void => {}
    handle = () => leave()
    const before = asked
    await vi.waitFor(
      async () => {
        const cancellation = createCancellation()
        leave = cancellation.cancel
        await failureOf(post(callOf('a', cancellation)))
        expect(asked).toBeGreaterThan(before)
      },
      { timeout: 10_000, interval: 50 },
    )
    expect(client.isCutOff('shop')).toBe(true)
    expect(asked).toBe(before + 1)
  })

  it('may not fill the memory: a huge answer ends with the limit in words', async () => {
    handle = (_request, response) => {
      response.write(`{"data":"${'x'.repeat(2_000)}`)
      response.end('"}')
    }
    await expect(post(callOf('a'))).rejects.toMatchObject({
      message: expect.stringContaining('1000 bytes'),
      extensions: { code: 'LIMIT_EXCEEDED', service: 'shop' },
    })
  })
})
