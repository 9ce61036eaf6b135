import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from 'graphql-ws/client'
import { compose, replaceFile } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const READING = 'subscription { bookRead { page book { title stars } } }'
const SHELF = '{ books { title stars author { name } } }'

let library: Library
let gateway: TestGateway
const clients: Client[] = []

const sdl = (): string => compose([library.people, library.books, library.reviews])

const subscribe = (variables?: Record<string, unknown>): AsyncIterableIterator<unknown> => {
  const client = connect(gateway)
  clients.push(client)
  return client.iterate({ query: READING, ...(variables && { variables }) })
}

const asText = async (query: string): Promise<string> => {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return response.text()
}

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(sdl())
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
  await library.untilReaders(0)
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

describe('the engine', () => {
  it('writes fields in the order of the operation, wherever they come from', async () => {
    expect(await asText('{ topBook { stars n: title weight id } people { name } }')).toBe(
      '{"data":{"topBook":{"stars":[5,4],"n":"Engines","weight":"600 g","id":"b1"},"people":[{"name":"Ada"},{"name":"Grace"}]}}',
    )
  })

  it('runs identical queries that are under way at once only once, and mutations each', async () => {
    await gateway.ask(SHELF)
    const before = library.books.requests.length
    const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask(SHELF)))
    expect(library.books.requests.length - before).toBeLessThan(20)
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1)

    const reviewed = library.reviews.requests.length
    await Promise.all(Array.from({ length: 3 }, () => gateway.ask('mutation { addReview(stars: 1) }')))
    expect(library.reviews.requests.length - reviewed).toBe(3)
  })

  it('asks for equal entities once', async () => {
    await gateway.ask('{ books { author { name } } again: books { author { name } } }')
    const entities = library.people.requests.at(-1)?.query ?? ''
    expect(entities).toContain('_entities')
    const { data } = await gateway.ask('{ books { id author { books { author { name } } } } }')
    expect(data?.['books']).toEqual([
      { id: 'b1', author: { books: [{ author: { name: 'Ada' } }] } },
      { id: 'b2', author: { books: [{ author: { name: 'Grace' } }] } },
    ])
  })

  it('takes the names of everything that objects have for mere keys', async () => {
    expect(await asText('{ constructor: topBook { __proto__: title toString: stars hasOwnProperty: pages } }')).toBe(
      '{"data":{"constructor":{"__proto__":"Engines","toString":[5,4],"hasOwnProperty":300}}}',
    )
  })

  it('gives the answers of the reference executor, which is a switch away', async () => {
    const reference = await startTestGateway(sdl(), { config: { engine: 'reference' } })
    expect((await reference.ask(SHELF)).data).toEqual((await gateway.ask(SHELF)).data)
    await reference.stop()
  })
})

describe('subscriptions to the same', () => {
  it('share one stream of the subgraph, and everybody gets every event', async () => {
    const streams = [subscribe(), subscribe(), subscribe()]
    const firsts = streams.map((stream) => stream.next())
    await library.untilReaders(1)
    await gateway.untilSubscribed(3)
    expect(library.readers()).toBe(1)
    const asked = library.reviews.requests.length
    library.read('b1', 7)
    for (const first of firsts) {
      expect(await first).toMatchObject({
        value: { data: { bookRead: { page: 7, book: { title: 'Engines', stars: [5, 4] } } } },
      })
    }
    expect(library.reviews.requests.length - asked).toBe(1)
  })

  it('begin a stream of their own once events came: it may begin with what others had', async () => {
    const early = subscribe()
    const first = early.next()
    await library.untilReaders(1)
    library.read('b1', 1)
    await first
    const late = subscribe()
    const next = late.next()
    await library.untilReaders(2)
    library.read('b2', 2)
    expect(await next).toMatchObject({ value: { data: { bookRead: { page: 2 } } } })
    expect(await early.next()).toMatchObject({ value: { data: { bookRead: { page: 2 } } } })
  })

  it('go on for the others when one leaves, and end at the subgraph with the last', async () => {
    const staying = subscribe()
    const leaving = subscribe()
    const next = staying.next()
    void leaving.next()
    await library.untilReaders(1)
    await gateway.untilSubscribed(2)
    await leaving.return?.()
    await gateway.untilSubscribed(1)
    library.read('b1', 3)
    expect(await next).toMatchObject({ value: { data: { bookRead: { page: 3 } } } })
    await staying.return?.()
    await library.untilReaders(0)
    expect(library.readers()).toBe(0)
  })
})

describe('a new supergraph', () => {
  it('is used only when the operations that were asked most are planned over it', async () => {
    await gateway.ask(SHELF)
    await replaceFile(gateway.file, `# another version\n${sdl()}`)
    await gateway.untilLogged('the most used operations are planned')
    await gateway.untilLogged('a new supergraph is in use')
    expect((await gateway.ask(SHELF)).data).toHaveProperty('books')
  })
})
