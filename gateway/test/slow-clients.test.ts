import type { Child } from '@codai/runtime'
import { createClient as createEventClient } from 'graphql-sse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, writeSupergraph } from './fixtures/compose.ts'
import { subscribeAndWait } from './fixtures/slow-clients.ts'
import type { SlowClient } from './fixtures/slow-clients.ts'
import { startSubgraph } from './fixtures/subgraph.ts'
import type { RunningSubgraph } from './fixtures/subgraph.ts'
import { spawnFixture } from './fixtures/troubled.ts'
import { createVoice } from './fixtures/voice.ts'

/** The system itself keeps about four megabytes for each connection that is not read: so many are filled. */
const FILLED = 100
const QUIET = 900
/** More than the system keeps, and than may wait in the gateway: 4 MB and 16 MB. */
const TALKS = 500
const TALK = 'x'.repeat(64_000)
/** So many of them are less than 16 MB. */
const WAITING = 240
const TICKS = 20
/** Events wait once for everybody, and a few are on their way to each; for each, they would be two gigabytes. */
const MOST_GROWTH_BYTES = 900_000_000
const CLOSING = '--graphql--'
const PATIENCE = { timeout: 120_000, interval: 250 }

const talks = createVoice('talk')
const ticks = createVoice('tick')
let voices: RunningSubgraph
let gateway: Child
let url: string
let memoryUrl: string

beforeAll(async () => {
  voices = await startSubgraph({
    name: 'voices',
    typeDefs:
      'type Query { version: Int } type Subscription { talk: Talk tick: Int } type Talk { number: Int text: String }',
    resolvers: {
      Subscription: { talk: { subscribe: () => talks.listen() }, tick: { subscribe: () => ticks.listen() } },
    },
  })
  const SUPERGRAPH_FILE = await writeSupergraph(compose([voices]))
  gateway = spawnFixture('gateway-process.ts', ['5000'], { SUPERGRAPH_FILE, NODE_ENV: 'production', RATE_LIMIT: '0' })
  ;({ url, memoryUrl } = (await gateway.ready) as { readonly url: string; readonly memoryUrl: string })
})

afterAll(async () => {
  await gateway.stop()
  await voices.crash()
})

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return Number(new RegExp(`^codai_gateway_${name}\\{[^}]*\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
}

const highestMemory = async (): Promise<number> => (await (await fetch(memoryUrl)).json()) as number

const subscribeAll = async (count: number, query: string): Promise<SlowClient[]> => {
  const clients: SlowClient[] = []
  while (clients.length < count) clients.push(await subscribeAndWait(url, query))
  return clients
}

describe('a thousand clients that do not read their streams', () => {
  it('cost bounded memory and nobody else anything; who takes nothing of what it is sent is cut', async () => {
    const filled = await subscribeAll(FILLED, 'subscription { talk { number text } }')
    const quiet = await subscribeAll(QUIET, 'subscription { tick }')
    const reader = createEventClient({ url: `${url}/graphql` })
    const events = reader.iterate<{ talk: { number: number } }>({ query: 'subscription { talk { number text } }' })
    const first = events.next()
    await expect.poll(() => metric('open_subscriptions'), PATIENCE).toBe(FILLED + QUIET + 1)
    expect(await metric('open_streams')).toBe(2)
    await highestMemory()
    const before = await highestMemory()

    for (let tick = 1; tick <= TICKS; tick += 1) ticks.tell(tick)
    const heard: (number | undefined)[] = []
    for (let number = 1; number <= TALKS; number += 1) {
      talks.tell({ number, text: TALK })
      const { value } = await (number === 1 ? first : events.next())
      heard.push(value?.data?.talk.number)
    }
    expect(heard).toEqual(Array.from({ length: TALKS }, (_, index) => index + 1))
    expect(await metric('events_dropped_total')).toBeGreaterThanOrEqual(FILLED * WAITING)

    await expect.poll(() => metric('open_subscriptions'), PATIENCE).toBe(QUIET + 1)
    expect((await highestMemory()) - before).toBeLessThan(MOST_GROWTH_BYTES)
    const cut = await filled[0]?.readUntil(CLOSING)
    expect(cut).toContain('"number":1,')
    expect(cut).not.toContain(CLOSING)

    // Nothing more was sent to these than the system keeps for them: they find it when they read.
    expect(await quiet[0]?.readUntil(`{"tick":${TICKS}}`)).toContain('{"tick":1}')
    for (const client of [...filled, ...quiet]) client.leave()
    await events.return?.()
    reader.dispose()
    await expect.poll(() => metric('open_subscriptions'), PATIENCE).toBe(0)
    await expect.poll(() => metric('open_streams'), PATIENCE).toBe(0)
  }, 240_000)
})
