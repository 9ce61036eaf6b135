import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const expensive = '{ people { name } books { title author { name } } }'

describe('what one address may use of the graph', () => {
  let library: Library
  let gateway: TestGateway
  beforeAll(async () => {
    library = await startLibrary()
    const sdl = compose([library.people, library.books, library.reviews])
    // Ten seconds' points at once, and then so few that no test runs long enough to get some back.
    gateway = await startTestGateway(sdl, { config: { rateLimit: 1 } })
  })
  afterAll(async () => {
    await gateway.stop()
    await library.stop()
  })

  it('is refused with 429, a code and when to come again, once it is used up', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => gateway.ask(expensive)))
    expect(answers.some(({ status }) => status === 200)).toBe(true)
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) })
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('is the same over a WebSocket', async () => {
    const client = connect(gateway)
    const answers = await Promise.all(Array.from({ length: 40 }, () => client.iterate({ query: expensive }).next()))
    expect(JSON.stringify(answers)).toContain('RATE_LIMITED')
    await client.dispose()
  })
})

describe('a gateway without a limit', () => {
  it('counts nothing', async () => {
    const library = await startLibrary()
    const sdl = compose([library.people, library.books, library.reviews])
    const gateway = await startTestGateway(sdl, { config: { rateLimit: 0 } })
    const answers = await Promise.all(Array.from({ length: 30 }, () => gateway.ask(expensive)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    await gateway.stop()
    await library.stop()
  })
})
