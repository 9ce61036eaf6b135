import { createClient as createEventClient } from 'graphql-sse'
import { createClient } from 'graphql-ws/client'
import { meros } from 'meros/browser'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Child } from '@codai/runtime'
import { compose, writeSupergraph } from './fixtures/compose.ts'
import { startSubgraph } from './fixtures/subgraph.ts'
import type { RunningSubgraph } from './fixtures/subgraph.ts'
import { STEADY, spawnFixture, startTroubled } from './fixtures/troubled.ts'
import type { Mode, Troubled } from './fixtures/troubled.ts'

/** The gateway and the subgraph in trouble are processes of their own, as where they are used. */
const CLIENTS = 50
const QUERY = 'query ($client: Int!) { items(client: $client) { id name note } }'
const PATIENCE = { timeout: 30_000, interval: 50 }
/** Two hundred megabytes of answers may be under way, and what they are made into for a moment. */
const MOST_GROWTH_BYTES = 900_000_000

type Answer = {
  readonly data: { readonly items: readonly { id: string; name: string; note: string | null }[] } | null
  readonly errors?: readonly { readonly extensions: { readonly code: string; readonly service?: string } }[]
}

let steady: RunningSubgraph
let troubled: Troubled
let gateway: Child
let url: string
let memoryUrl: string

const ask = async (client: number, signal?: AbortSignal): Promise<Answer> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { client } }),
    ...(signal && { signal }),
  })
  return (await response.json()) as Answer
}

const isWhole = ({ data, errors }: Answer): boolean => !errors && data?.items[0]?.note !== null

/** What is left must be there, and what is missing must be told with a code. Returns that code. */
const check = (answer: Answer, client: number): string | undefined => {
  expect(answer.data?.items).toMatchObject([{ id: `i${client}`, name: `item ${client}` }])
  if (isWhole(answer)) return undefined
  expect(answer.data?.items[0]?.note).toBeNull()
  expect(answer.errors).toHaveLength(1)
  expect(answer.errors?.[0]?.extensions.service).toBe('troubled')
  return answer.errors?.[0]?.extensions.code
}

const clients = Array.from({ length: CLIENTS }, (_, index) => index)

/** All clients ask at once, so many times one after the other; returns the codes they were told. */
const askAll = async (turns: number): Promise<ReadonlySet<string | undefined>> => {
  const codes = new Set<string | undefined>()
  await Promise.all(
    clients.map(async (client) => {
      for (let turn = 0; turn < turns; turn += 1) codes.add(check(await ask(client), client))
    }),
  )
  return codes
}

const untilWell = async (): Promise<void> => {
  await vi.waitFor(async () => expect(isWhole(await ask(1))).toBe(true), PATIENCE)
  await vi.waitFor(async () => expect(await askAll(1)).toEqual(new Set([undefined])), PATIENCE)
}

const highestMemory = async (): Promise<number> => (await (await fetch(memoryUrl)).json()) as number

const cutOff = async (): Promise<unknown> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return /codai_gateway_subgraph_cut_off\{subgraph="troubled",service="gateway"\} (\d)/.exec(text)?.[1]
}

/** How many requests to the troubled subgraph were given up because nobody waited for them any more. */
const givenUp = async (): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const count = /request_duration_seconds_count\{[^}]*subgraph="troubled",outcome="cancelled"\} (\d+)/.exec(text)?.[1]
  return Number(count ?? 0)
}

beforeAll(async () => {
  steady = await startSubgraph({
    name: 'steady',
    typeDefs: STEADY,
    resolvers: {
      Query: {
        items: (_: unknown, { client }: { client: number }) => [{ id: `i${client}`, name: `item ${client}` }],
      },
      Item: { __resolveReference: ({ id }: { id: string }) => ({ id, name: `item ${id.slice(1)}` }) },
    },
  })
  troubled = await startTroubled()
  const SUPERGRAPH_FILE = await writeSupergraph(compose([steady, troubled]))
  gateway = spawnFixture('gateway-process.ts', ['1500'], { SUPERGRAPH_FILE, NODE_ENV: 'production' })
  const ready = (await gateway.ready) as { readonly url: string; readonly memoryUrl: string }
  ;({ url, memoryUrl } = ready)
  await untilWell()
}, 60_000)

afterEach(async () => {
  await troubled.answer('good')
  await untilWell()
}, 60_000)

afterAll(async () => {
  await gateway.stop()
  await troubled.stop()
  await steady.crash()
})

describe('a subgraph that answers garbage', () => {
  const garbage: readonly Mode[] = [
    'page',
    'cut connection',
    'cut text',
    'broken bytes',
    'list',
    'nothing',
    'strange errors',
  ]
  it.each(garbage)(
    'costs only its own fields: %s',
    async (mode) => {
      await troubled.answer(mode)
      expect(await askAll(3)).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']))
    },
    60_000,
  )
})

describe('a subgraph that answers far too much', () => {
  it('costs its own fields, and no more memory than there is for answers', async () => {
    await highestMemory()
    const before = await highestMemory()
    await troubled.answer('huge')
    const codes = await askAll(2)
    for (const code of codes) expect(['LIMIT_EXCEEDED', 'TIMEOUT', 'SUBGRAPH_UNAVAILABLE']).toContain(code)
    expect((await highestMemory()) - before).toBeLessThan(MOST_GROWTH_BYTES)
  }, 120_000)
})

describe('a subgraph that does not answer', () => {
  it('is waited for only as long as it may take, and then not asked for a while, which its readiness tells', async () => {
    await troubled.answer('slow')
    expect(await askAll(1)).toContain('TIMEOUT')
    await vi.waitFor(async () => {
      await askAll(1)
      expect(await cutOff()).toBe('1')
    }, PATIENCE)
    const ready = await fetch(`${url}/health/ready`)
    expect(ready.status).toBe(200)
    expect(await ready.json()).toMatchObject({ subgraphs: { troubled: { isCutOff: true }, steady: { ready: true } } })
    await troubled.answer('good')
    await untilWell()
    expect(await cutOff()).toBe('0')
  }, 60_000)

  it('is told that a client has left, whatever way it came', async () => {
    await troubled.answer('slow')
    const before = await givenUp()
    const left = new AbortController()
    const asked = ask(7, left.signal).catch(() => undefined)
    await expect.poll(troubled.waiting, PATIENCE).toBe(1)
    left.abort()
    await asked
    await expect.poll(givenUp, PATIENCE).toBe(before + 1)

    const socket = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
    const answers = socket.iterate({ query: QUERY, variables: { client: 8 } })
    const first = answers.next()
    await expect.poll(troubled.waiting, PATIENCE).toBe(1)
    await answers.return?.()
    await first
    await expect.poll(givenUp, PATIENCE).toBe(before + 2)
    await socket.dispose()
  }, 60_000)
})

describe('a client that leaves before what is deferred has come', () => {
  const query = QUERY.replace('note', '... @defer { note }')
  const first = { data: { items: [{ id: 'i9', name: 'item 9' }] }, hasNext: true }

  it('over HTTP ends the work for it', async () => {
    const left = new AbortController()
    await troubled.answer('slow')
    const before = await givenUp()
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      signal: left.signal,
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed;deferSpec=20220824,application/json' },
      body: JSON.stringify({ query, variables: { client: 9 } }),
    })
    const parts = await meros(response)
    if (parts instanceof Response) throw new Error('the answer has no parts')
    expect((await parts.next()).value).toMatchObject({ body: first })
    await expect.poll(troubled.waiting, PATIENCE).toBe(1)
    left.abort()
    await expect.poll(givenUp, PATIENCE).toBe(before + 1)
  }, 60_000)

  it.each([
    ['a WebSocket', () => createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })],
    ['events', () => createEventClient({ url: `${url}/graphql` })],
    ['events on one connection', () => createEventClient({ url: `${url}/graphql`, singleConnection: true })],
  ])(
    'over %s ends the work for it',
    async (_name, connect) => {
      await troubled.answer('slow')
      const before = await givenUp()
      const client = connect()
      const answers = client.iterate({ query, variables: { client: 9 } })
      expect((await answers.next()).value).toMatchObject(first)
      await expect.poll(troubled.waiting, PATIENCE).toBe(1)
      await answers.return?.()
      await expect.poll(givenUp, PATIENCE).toBe(before + 1)
      await client.dispose()
    },
    60_000,
  )
})

describe('a process that is frozen', () => {
  it('costs only its own fields, and is asked again when it wakes', async () => {
    process.kill(troubled.pid, 'SIGSTOP')
    try {
      const codes = await askAll(2)
      expect(codes).not.toContain(undefined)
      expect(codes).toContain('TIMEOUT')
    } finally {
      process.kill(troubled.pid, 'SIGCONT')
    }
    await untilWell()
  }, 60_000)
})

describe('a process that is killed', () => {
  it('costs only its own fields; streams go on when it is there again, and nobody has to do anything', async () => {
    const socket = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket })
    const events = socket.iterate({ query: 'subscription { noted { id note name } }' })
    const first = events.next()
    await expect.poll(troubled.subscribers, PATIENCE).toBe(1)
    await troubled.tell('i1')
    expect((await first).value).toEqual({ data: { noted: { id: 'i1', note: 'note i1', name: 'item 1' } } })

    const { port } = new URL(troubled.url)
    process.kill(troubled.pid, 'SIGKILL')
    await troubled.child.exited
    expect(await askAll(3)).toEqual(new Set(['SUBGRAPH_UNAVAILABLE']))

    troubled = await startTroubled(Number(port))
    await untilWell()
    await expect.poll(troubled.subscribers, PATIENCE).toBe(1)
    const next = events.next()
    await troubled.tell('i2')
    expect((await next).value).toEqual({ data: { noted: { id: 'i2', note: 'note i2', name: 'item 2' } } })
    await events.return?.()
    await expect.poll(troubled.subscribers, PATIENCE).toBe(0)
    await socket.dispose()
  }, 120_000)
})
