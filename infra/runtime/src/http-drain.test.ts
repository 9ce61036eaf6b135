import { Agent, request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { closeServers, startServer } from './fixtures/http-server.ts'

afterEach(closeServers)

describe('the end', () => {
  const get = (url: string, agent: Agent): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      httpRequest(url, { agent }, resolve).once('error', reject).end()
    })

  test('a running request finishes, idle connections are closed, new ones are refused', async () => {
    let finish = (): void => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    let arrived = (): void => {}
    const running = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const { url, lifecycle } = await startServer({ drainTimeoutMs: 60_000 }, ({ app }) => {
      app.get('/slow', async () => {
        arrived()
        await finished
        return 'done'
      })
    })
    const agent = new Agent({ keepAlive: true })
    await text(await get(`${url}/health/live`, agent))
    const slow = get(`${url}/slow`, new Agent({ keepAlive: true }))
    await running
    const stopped = lifecycle.stop()
    finish()
    const answer = await slow
    expect(await text(answer)).toBe('done')
    expect(answer.headers.connection).toBe('close')
    await stopped
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed')
    agent.destroy()
  })

  test('a request that does not finish is cut at the end of draining', async () => {
    let arrived = (): void => {}
    const running = new Promise<void>((resolve) => {
      arrived = resolve
    })
    let cut = (): void => {}
    const gone = new Promise<void>((resolve) => {
      cut = resolve
    })
    const { url, http, metrics } = await startServer({ drainTimeoutMs: 20 }, ({ app }) => {
      app.get('/endless', (_request, reply) => {
        reply.hijack()
        reply.raw.once('close', cut)
        reply.raw.write('beginning')
        arrived()
      })
    })
    const endless = fetch(`${url}/endless`)
      .then((response) => response.text())
      .catch((error: Error) => error.message)
    await running
    await http.close()
    expect(await endless).toBe('terminated')
    await gone
    expect(await metrics.text()).toContain('status="aborted"')
  })
})
