import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const HOLD_MS = 30_000

let library: Library
let gateway: TestGateway

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterEach(() => vi.useRealTimers())

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

const reserve = async (): Promise<string> => (await fetch(`${gateway.url}/graphql`, { method: 'PUT' })).text()

const open = (token: string): Promise<Response> =>
  fetch(`${gateway.url}/graphql`, { headers: { accept: 'text/event-stream', 'x-graphql-event-stream-token': token } })

const ask = (token: string): Promise<Response> =>
  fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-graphql-event-stream-token': token },
    body: JSON.stringify({ query: '{ books { title } }', extensions: { operationId: '1' } }),
  })

const notFound = { errors: [{ extensions: { code: 'NOT_FOUND' } }] }

describe('a reserved stream', () => {
  it('is gone when nobody comes for it in time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const token = await reserve()
    vi.advanceTimersByTime(HOLD_MS)
    vi.useRealTimers()
    for (const response of [await open(token), await ask(token)]) {
      expect([response.status, await response.json()]).toMatchObject([404, notFound])
    }
  })

  it('is there until then, and for as long as it is open', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const token = await reserve()
    vi.advanceTimersByTime(HOLD_MS - 1)
    const stream = await open(token)
    vi.advanceTimersByTime(HOLD_MS)
    vi.useRealTimers()
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect((await ask(token)).status).toBe(202)
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('event: complete')) text += (await reader?.read())?.value ?? ''
    expect(text).toContain('{"books":[{"title":"Engines"},{"title":"Compilers"}]}')
    await reader?.cancel()
  })
})
