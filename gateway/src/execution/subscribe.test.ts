import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startStreamsBench } from '../../test/fixtures/streams.ts'
import type { OpenedStream, StreamsBench } from '../../test/fixtures/streams.ts'
import type { Result } from '../operation.ts'

const SCHEMA = `
  type Query { version: Int }
  type Subscription {
    quote: Quote @live(stateOf: "symbol") @sameForEveryone
    book: Book @live(sequence: "number") @sameForEveryone
    trade: Trade @live @sameForEveryone
    weather: Trade @sameForEveryone
    alarm: Trade @live
  }
  type Quote { symbol: ID! @sameForEveryone last: Int @sameForEveryone alert: Int }
  type Book { number: Int! @sameForEveryone isWhole: Boolean! @sameForEveryone levels: [Int!]! @sameForEveryone }
  type Trade { price: Int! @sameForEveryone buyer: String @authenticated }
`
const BOOK = 'subscription { book { n: number isWhole levels } }'

type Stream = AsyncGenerator<Result, void, undefined>

let bench: StreamsBench

beforeEach(async () => {
  bench = await startStreamsBench(SCHEMA)
})

afterEach(() => bench.stop())

const dataOf = ({ data }: Result): unknown => JSON.parse(JSON.stringify(data))

const nextOf = async (stream: Stream): Promise<unknown> => {
  const { value } = await stream.next()
  return value ? Object.values(dataOf(value) as object)[0] : undefined
}

const take = async (stream: Stream, count: number): Promise<unknown[]> => {
  const events: unknown[] = []
  while (events.length < count) events.push(await nextOf(stream))
  return events
}

const whole = (number: number): unknown => ({ number, isWhole: true, levels: [number] })
const change = (number: number): unknown => ({ number, isWhole: false, levels: [number] })
const told = (number: number, isWhole = false): unknown => ({ n: number, isWhole, levels: [number] })
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

const sendChanges = async ({ send }: OpenedStream, from: number, to: number): Promise<void> => {
  for (const number of range(from, to)) await send(change(number))
}

describe('a stream of states', () => {
  it('tells somebody late the newest state of each key, and shares what follows', async () => {
    const query = 'subscription { quote { last } }'
    const first = bench.subscribe(query, 'ada')
    const stream = await bench.stream(0)
    await stream.send({ symbol: 'a', last: 1 })
    await stream.send({ symbol: 'b', last: 2 })
    await stream.send({ symbol: 'a', last: 3 })
    expect(await take(first, 3)).toEqual([{ last: 1 }, { last: 2 }, { last: 3 }])

    const late = bench.subscribe(query, 'bob')
    expect(await take(late, 2)).toEqual([{ last: 3 }, { last: 2 }])
    await stream.send({ symbol: 'b', last: 4 })
    expect([await nextOf(first), await nextOf(late)]).toEqual([{ last: 4 }, { last: 4 }])
    expect(bench.streams).toHaveLength(1)
  })

  it('spares a slow client the states that newer ones replaced', async () => {
    const slow = bench.subscribe('subscription { quote { last } }')
    const fast = bench.subscribe('subscription { quote { last } }')
    const stream = await bench.stream(0)
    for (const last of range(1, 1_500)) {
      await stream.send({ symbol: last % 2 ? 'odd' : 'even', last })
      await nextOf(fast)
    }
    expect(await take(slow, 2)).toEqual([{ last: 1_499 }, { last: 1_500 }])
    expect(await bench.metricsText()).toContain(
      'gateway_events_dropped_total{reason="replaced",service="gateway"} 1498',
    )
  })
})

describe('a stream of changes', () => {
  it('tells somebody late the state and every change of it, without gap or repetition', async () => {
    const first = bench.subscribe(BOOK)
    const stream = await bench.stream(0)
    await stream.send(whole(7))
    await sendChanges(stream, 8, 10)
    await take(first, 4)
    const late = bench.subscribe(BOOK, 'ada')
    await stream.send(change(11))
    expect(await take(late, 5)).toEqual([told(7, true), told(8), told(9), told(10), told(11)])
    expect(await nextOf(first)).toEqual(told(11))
    expect(bench.streams).toHaveLength(1)
  })

  it('gets a new state where too much has changed to be told, and closes the stream that brought it', async () => {
    const first = bench.subscribe(BOOK)
    const stream = await bench.stream(0)
    await stream.send(whole(0))
    await sendChanges(stream, 1, 300)
    await take(first, 301)

    const late = bench.subscribe(BOOK)
    const other = bench.subscribe(BOOK)
    const renewal = await bench.stream(1)
    await sendChanges(stream, 301, 302)
    await take(first, 2)
    // The state is ahead of what was told: the next changes are in it.
    await renewal.send(whole(304))
    await sendChanges(stream, 303, 306)
    const expected = [told(304, true), told(305), told(306)]
    expect(await take(late, 3)).toEqual(expected)
    expect(await take(other, 3)).toEqual(expected)
    expect(await take(first, 4)).toEqual([told(303), told(304), told(305), told(306)])
    expect(bench.streams).toHaveLength(2)
    expect(bench.open()).toEqual([stream])

    const latest = bench.subscribe(BOOK)
    expect(await take(latest, 3)).toEqual(expected)
    expect(bench.streams).toHaveLength(2)
  })

  it('is asked for anew where the state that was got is behind what was told', async () => {
    const first = bench.subscribe(BOOK)
    const stream = await bench.stream(0)
    await stream.send(whole(0))
    await sendChanges(stream, 1, 300)
    await take(first, 301)
    const late = bench.subscribe(BOOK)
    await (await bench.stream(1)).send(whole(290))
    const own = await bench.stream(2)
    await own.send(whole(300))
    await sendChanges(own, 301, 301)
    expect(await take(late, 2)).toEqual([told(300, true), told(301)])
    expect(bench.open()).toEqual([stream, own])
  })

  it('lets a slow client begin anew with the newest state, and the others go on', async () => {
    const slow = bench.subscribe(BOOK)
    const fast = bench.subscribe(BOOK)
    const stream = await bench.stream(0)
    await stream.send(whole(0))
    await sendChanges(stream, 1, 900)
    await take(fast, 901)
    await stream.send(whole(950))
    await sendChanges(stream, 951, 1_100)
    expect(await take(fast, 151)).toEqual([told(950, true), ...range(951, 1_100).map((number) => told(number))])
    expect(await take(slow, 151)).toEqual([told(950, true), ...range(951, 1_100).map((number) => told(number))])
    expect(await bench.metricsText()).toMatch(/events_dropped_total\{reason="restarted",service="gateway"\} 1001/)
  })

  it('follows a subgraph that begins to count anew', async () => {
    const first = bench.subscribe(BOOK)
    const stream = await bench.stream(0)
    await stream.send(whole(500))
    await stream.send(whole(1))
    await stream.send(change(2))
    await take(first, 3)
    expect(await take(bench.subscribe(BOOK), 2)).toEqual([told(1, true), told(2)])
  })
})

describe('a stream of events', () => {
  it('tells somebody late only what happens from then on', async () => {
    const first = bench.subscribe('subscription { trade { price } }')
    const stream = await bench.stream(0)
    await stream.send({ price: 1 })
    await nextOf(first)
    const late = bench.subscribe('subscription { trade { price } }', 'ada')
    await stream.send({ price: 2 })
    expect([await nextOf(first), await nextOf(late)]).toEqual([{ price: 2 }, { price: 2 }])
    expect(bench.streams).toHaveLength(1)
  })

  it('ends for a slow client alone, with a code that says why', async () => {
    const query = 'subscription { trade { price } }'
    const slow = bench.subscribe(query)
    const fast = bench.subscribe(query)
    const stream = await bench.stream(0)
    for (const price of range(1, 1_001)) {
      await stream.send({ price })
      await nextOf(fast)
    }
    await expect(slow.next()).rejects.toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED' } })
    await stream.send({ price: 0 })
    expect(await nextOf(fast)).toEqual({ price: 0 })
  })
})

describe('events that come faster than they can be completed', () => {
  const HALF = 8_000_000

  it('wait as long as there is room for them', async () => {
    const first = bench.subscribe('subscription { trade { price } }')
    const stream = await bench.stream(0)
    await stream.sendTogether([{ price: 1 }, { price: 2 }, { price: 3 }], HALF)
    expect(await take(first, 3)).toEqual([{ price: 1 }, { price: 2 }, { price: 3 }])
  })

  it('end the stream where there is none, with a code that says why', async () => {
    const first = bench.subscribe('subscription { trade { price } }')
    const stream = await bench.stream(0)
    await stream.sendTogether([{ price: 1 }, { price: 2 }, { price: 3 }, { price: 4 }, { price: 5 }], HALF)
    await expect(take(first, 5)).rejects.toMatchObject({ extensions: { code: 'LIMIT_EXCEEDED' } })
    expect(stream.isClosed()).toBe(true)
  })
})

describe('a stream that nothing is promised of', () => {
  it('is shared until its first event, and begins for everybody who comes later', async () => {
    const query = 'subscription { weather { price } }'
    const [first, second] = [bench.subscribe(query), bench.subscribe(query, 'ada')]
    const stream = await bench.stream(0)
    await stream.send({ price: 1 })
    expect([await nextOf(first), await nextOf(second)]).toEqual([{ price: 1 }, { price: 1 }])
    const late = bench.subscribe(query)
    await (await bench.stream(1)).send({ price: 5 })
    expect(await nextOf(late)).toEqual({ price: 5 })
  })
})

describe('a new supergraph', () => {
  const quotes = 'subscription { quote { last } }'

  it('leaves a shared stream alone where it promises the same, and its clients keep what they know', async () => {
    const first = bench.subscribe(quotes, 'ada')
    const stream = await bench.stream(0)
    await stream.send({ symbol: 'a', last: 1 })
    expect(await nextOf(first)).toEqual({ last: 1 })
    await bench.change(`${SCHEMA} extend type Query { more: Int }`)
    expect(await take(bench.subscribe(quotes, 'bob'), 1)).toEqual([{ last: 1 }])
    await stream.send({ symbol: 'a', last: 2 })
    expect(await nextOf(first)).toEqual({ last: 2 })
    expect(bench.streams).toHaveLength(1)
  })

  it('parts people where it no longer promises that they see the same, and asks in the name of each', async () => {
    const [ada, bob] = [bench.subscribe(quotes, 'ada'), bench.subscribe(quotes, 'bob')]
    const shared = await bench.stream(0)
    await bench.change(SCHEMA.replace('last: Int @sameForEveryone', 'last: Int'))
    const own = [await bench.stream(1), await bench.stream(2)]
    expect(shared.isClosed()).toBe(true)
    for (const { identity, send } of own) {
      await send({ symbol: 'a', last: identity.kind === 'user' && identity.userId === 'ada' ? 1 : 2 })
    }
    expect([await nextOf(ada), await nextOf(bob)]).toEqual([{ last: 1 }, { last: 2 }])
  })
})

describe('whose name a stream is asked for in', () => {
  it("is nobody's where every selected field is the same for everyone", async () => {
    bench.subscribe('subscription { quote { ...Part } } fragment Part on Quote { __typename symbol }', 'ada')
    expect((await bench.stream(0)).identity).toEqual({ kind: 'anonymous' })
  })

  it('is that of each person where one field is not, on whatever way it is selected', async () => {
    const personal = [
      'subscription { quote { last alert } }',
      'subscription { quote { ... on Quote { alert } } }',
      'subscription { quote { ...Part } } fragment Part on Quote { alert }',
      'subscription { alarm { price } }',
      'subscription ($on: Boolean = false) { quote { last alert @include(if: $on) } }',
      // What only some may see is never everybody's.
      'subscription { trade { price buyer } }',
    ]
    for (const [index, query] of personal.entries()) {
      bench.subscribe(query, 'ada')
      bench.subscribe(query, 'bob')
      const ada = await bench.stream(2 * index)
      const bob = await bench.stream(2 * index + 1)
      const names = [ada, bob].map(({ identity }) => identity.kind === 'user' && identity.userId)
      expect({ query, names: new Set(names) }).toEqual({ query, names: new Set(['ada', 'bob']) })
    }
  })
})
