import type { Client } from 'graphql-ws/client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { compose } from './fixtures/compose.ts'
import { IDENTITY_SECRET, connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { callerOf, startMarket } from './fixtures/market.ts'
import type { Market } from './fixtures/market.ts'
import { startIssuer } from './fixtures/tokens.ts'
import type { Issuer } from './fixtures/tokens.ts'

const PATIENCE = { timeout: 20_000, interval: 20 }

type Events = AsyncIterator<unknown> & { return?: () => Promise<unknown> }

let market: Market
let issuer: Issuer
let gateway: TestGateway
const clients: Client[] = []

/** Subscribes as a person, or as nobody. */
const subscribe = async (query: string, person?: string): Promise<Events> => {
  const authorization = person && `Bearer ${await issuer.sign({ sub: person })}`
  const client = connect(gateway, authorization ? { connectionParams: { authorization } } : {})
  clients.push(client)
  return client.iterate({ query })
}

const nextOf = async (events: Events): Promise<unknown> => {
  const { value } = (await events.next()) as { value?: { data: Record<string, unknown> } }
  return Object.values(value?.data ?? {})[0]
}

beforeAll(async () => {
  market = await startMarket()
  issuer = await startIssuer()
  gateway = await startTestGateway(compose([market.prices, market.names]), {
    config: { identitySecret: IDENTITY_SECRET, issuerUrl: issuer.url, jwksUrl: issuer.jwksUrl },
  })
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
  await vi.waitFor(() => {
    if (market.streams() > 0) throw new Error('a stream is left open')
  }, PATIENCE)
})

afterAll(async () => {
  await gateway.stop()
  await issuer.stop()
  await market.stop()
})

describe('many who watch the same', () => {
  it('cost one stream and one run of each event, whoever they are and whenever they come', async () => {
    market.quote('gold', 1)
    const query = 'subscription { quote { last name } }'
    const gold = (last: number): unknown => ({ last, name: 'The gold' })
    const sockets = market.prices.sockets.length
    const asked = market.names.requests.length
    const watching: Events[] = []
    for (const person of [undefined, 'ada', 'bob', 'ada']) {
      const events = await subscribe(query, person)
      expect(await nextOf(events)).toEqual(gold(1))
      watching.push(events)
    }
    market.quote('gold', 2)
    for (const events of watching) expect(await nextOf(events)).toEqual(gold(2))
    expect(market.streams()).toBe(1)
    expect(market.prices.sockets).toHaveLength(sockets + 1)
    expect(market.names.requests).toHaveLength(asked + 2)
    // Subgraphs are not told of anybody whom they could show to others.
    expect(callerOf(market.names.requests.at(-1)?.headers ?? {})).toBe('anonymous')
    expect(callerOf(market.prices.sockets.at(-1)?.headers ?? {})).toBe('anonymous')
  })

  it('see each their own where a field is personal, on one socket each', async () => {
    market.quote('gold', 1)
    const query = 'subscription { quote { last watchedBy } }'
    const people = ['ada', 'bob', 'ada']
    const watching = await Promise.all(people.map((person) => subscribe(query, person)))
    for (const [index, events] of watching.entries()) {
      expect(await nextOf(events)).toEqual({ last: 1, watchedBy: people[index] })
    }
    const stranger = await subscribe(query)
    expect(await nextOf(stranger)).toEqual({ last: 1, watchedBy: 'anonymous' })
    market.quote('gold', 3)
    for (const [index, events] of watching.entries()) {
      expect(await nextOf(events)).toEqual({ last: 3, watchedBy: people[index] })
    }
    expect(await nextOf(stranger)).toEqual({ last: 3, watchedBy: 'anonymous' })
  })
})

describe('a book that is told by its changes', () => {
  const QUERY = 'subscription { book { isWhole levels nr: number } }'

  type Update = { readonly isWhole: boolean; readonly levels: readonly number[]; readonly nr: number }

  /** What somebody knows who reads until a number; fails where a change does not follow on what was known. */
  const readUntil = async (events: Events, number: number, from: Update = EMPTY): Promise<Update> => {
    let known = from
    while (known.nr < number) {
      const update = (await nextOf(events)) as Update
      if (!update.isWhole) expect(update.nr).toBe(known.nr + 1)
      known = update.isWhole ? update : { ...update, levels: [...known.levels, ...update.levels] }
    }
    return known
  }
  const EMPTY: Update = { isWhole: false, levels: [], nr: 0 }
  const levels = (number: number): number[] => Array.from({ length: number }, (_, index) => index + 1)

  it('is known whole to everybody, also to those who come while it changes and when the subgraph restarts', async () => {
    let number = 1
    const changeTimes = (times: number): void => {
      for (let time = 0; time < times; time += 1) market.change()
      number += times
    }
    const first = await subscribe(QUERY)
    let known = await readUntil(first, 1)
    for (const times of [3, 100, 300]) {
      changeTimes(times)
      known = await readUntil(first, number, known)
      expect(known.levels).toEqual(levels(number))
      const late = await subscribe(QUERY, 'ada')
      const begun = nextOf(late)
      changeTimes(2)
      const update = (await begun) as Update
      expect(update.isWhole).toBe(true)
      expect((await readUntil(late, number, update)).levels).toEqual(levels(number))
    }
    expect(market.streams()).toBe(1)

    await market.prices.crash()
    await expect.poll(market.streams, PATIENCE).toBe(0)
    changeTimes(5)
    await market.prices.restart()
    await expect.poll(market.streams, PATIENCE).toBe(1)
    changeTimes(1)
    known = await readUntil(first, number, known)
    expect(known.levels).toEqual(levels(number))
  })
})
