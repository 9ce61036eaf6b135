import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { ConfigError } from './config.ts'
import { codedError } from './errors.ts'
import { closeServers, createServer, startServer } from './fixtures/http-server.ts'
import { createLogger } from './logs.ts'

afterEach(closeServers)

const errorOf = async (response: Response): Promise<{ status: number; code: unknown; message: unknown }> => {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] }
  return { status: response.status, code: errors[0]?.extensions.code, message: errors[0]?.message }
}

describe('health', () => {
  test('a process is live at once and ready when it says so', async () => {
    const { url, lifecycle } = await startServer({ readinessDetails: () => ({ breakers: { wallet: 'closed' } }) })
    const live = await fetch(`${url}/health/live`)
    expect([live.status, await live.json()]).toEqual([200, { status: 'live' }])
    expect((await fetch(`${url}/health/ready`)).status).toBe(503)

    lifecycle.addReadinessCheck('database', async () => {})
    lifecycle.markReady()
    const ready = await fetch(`${url}/health/ready`)
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { ready: true, state: 'ready', checks: { database: { ok: true } }, breakers: { wallet: 'closed' } },
    ])
  })

  test('a failing check is named', async () => {
    const { url, lifecycle } = await startServer()
    lifecycle.addReadinessCheck('database', async () => {
      throw new Error('connection refused')
    })
    lifecycle.markReady()
    const ready = await fetch(`${url}/health/ready`)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toMatchObject({ checks: { database: { ok: false, error: 'connection refused' } } })
  })
})

describe('request ids', () => {
  test('a sane id is kept, any other is replaced', async () => {
    const { url } = await startServer()
    const idFor = async (given?: string): Promise<string | null> => {
      const headers = given === undefined ? {} : { 'x-request-id': given }
      return (await fetch(`${url}/health/live`, { headers })).headers.get('x-request-id')
    }
    expect(await idFor('browser-0001')).toBe('browser-0001')
    for (const bad of ['short', 'has spaces in it', 'x'.repeat(65), undefined]) {
      const id = await idFor(bad)
      expect(id).toMatch(/^[0-9a-f-]{36}$/)
    }
  })
})

describe('metrics and logs', () => {
  test('requests are counted by route, never by what the client put into the path', async () => {
    const { url } = await startServer({}, ({ app }) => {
      app.get('/accounts/:id', async () => 'ok')
    })
    await fetch(`${url}/accounts/a-secret-id`)
    await fetch(`${url}/no-such-thing`)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toMatch(
      /codai_http_request_duration_seconds_count\{.*route="\/accounts\/:id",method="GET",status="200".*\} 1/,
    )
    expect(metrics).toContain('route="unmatched",method="GET",status="404"')
    expect(metrics).not.toContain('a-secret-id')
    expect(metrics).not.toContain('no-such-thing')
  })

  test('a request is one line at debug, a failed one is a warning', async () => {
    const entries: Record<string, unknown>[] = []
    const logger = createLogger({
      name: 'bancai',
      level: 'debug',
      pretty: false,
      destination: { write: (line) => void entries.push(JSON.parse(line)) },
    })
    const { url, http } = await startServer({ logger }, ({ app }) => {
      app.get('/good', async () => 'ok')
      app.get('/bad', async () => {
        throw new Error('the disk is full')
      })
    })
    await fetch(`${url}/good?token=hunter2`, { headers: { 'x-request-id': 'browser-0001' } })
    await fetch(`${url}/bad`, { headers: { 'x-request-id': 'browser-0002' } })
    await http.close()
    const requests = entries.filter((entry) => entry.msg === 'request')
    expect(requests).toMatchObject([
      { level: 20, requestId: 'browser-0001', method: 'GET', path: '/good', status: '200' },
      { level: 40, requestId: 'browser-0002', path: '/bad', status: '500' },
    ])
    expect(entries).toContainEqual(expect.objectContaining({ level: 50, requestId: 'browser-0002' }))
    expect(JSON.stringify(entries)).not.toContain('hunter2')
  })
})

describe('errors', () => {
  test('what is not there is NOT_FOUND', async () => {
    const { url } = await startServer()
    expect(await errorOf(await fetch(`${url}/nowhere?x=1`))).toEqual({
      status: 404,
      code: 'NOT_FOUND',
      message: 'There is nothing at GET /nowhere.',
    })
  })

  test('a body that is too large, and one that is not JSON, are refused', async () => {
    const { url } = await startServer({}, ({ app }) => {
      app.post('/echo', async (request) => request.body)
    })
    const post = (body: string): Promise<Response> =>
      fetch(`${url}/echo`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(await errorOf(await post(JSON.stringify('x'.repeat(2000))))).toMatchObject({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
    })
    expect(await errorOf(await post('{"half":'))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
    expect(await (await post('{"a":1}')).json()).toEqual({ a: 1 })
  })

  test('a coded error has its status, any other is masked', async () => {
    const { url } = await startServer({}, ({ app }) => {
      app.get('/coded', async () => {
        throw codedError('RATE_LIMITED', 'Too many requests.')
      })
      app.get('/broken', async () => {
        throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
      })
    })
    expect(await errorOf(await fetch(`${url}/coded`))).toEqual({
      status: 429,
      code: 'RATE_LIMITED',
      message: 'Too many requests.',
    })
    expect(await errorOf(await fetch(`${url}/broken`))).toEqual({
      status: 500,
      code: 'INTERNAL_SERVER_ERROR',
      message: 'Something went wrong on our side.',
    })
  })

  test('a URL that cannot be decoded is a bad request', async () => {
    const { url } = await startServer({}, ({ app }) => {
      app.get('/accounts/:id', async () => 'ok')
    })
    expect(await errorOf(await fetch(`${url}/accounts/%ZZ`))).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  })

  test('bytes that are not HTTP get an answer', async () => {
    const { port } = await startServer()
    const socket = connect(port, '127.0.0.1')
    socket.write('hello, server\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toContain('400 Bad Request')
    expect(answer).toContain('"code":"BAD_REQUEST"')
  })
})

describe('the port', () => {
  test.each([
    ['gateway', 'needed by the gateway', 'GATEWAY_PORT='],
    ['wallet', 'needed by wallet', 'PORT_OFFSET='],
  ])('a taken port of %s is told with the way out', async (name, needer, advice) => {
    const { port } = await startServer()
    const { http } = await createServer({ name, port })
    const refused = http.listen()
    await expect(refused).rejects.toBeInstanceOf(ConfigError)
    await expect(refused).rejects.toThrow(
      `Port ${port} is taken, ${needer}. Stop what uses it, or choose another: ${advice}`,
    )
  })
})
