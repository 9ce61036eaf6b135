import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Client, SubscribePayload } from 'graphql-ws/client'
import { compose, replaceFile } from './fixtures/compose.ts'
import { connect, failureOf, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const READING = 'subscription { bookRead { page book { title } } }'

let library: Library
let gateway: TestGateway
const clients: Client[] = []

const subscribe = (payload: SubscribePayload): AsyncIterableIterator<unknown> => {
  const client = connect(gateway)
  clients.push(client)
  return client.iterate(payload)
}

const nextOf = async (events: AsyncIterator<unknown>): Promise<unknown> => (await events.next()).value

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose()
  await library.untilReaders(0)
})

afterAll(async () => {
  await gateway.stop()
  await library.stop()
})

describe('subscriptions', () => {
  it('carry fields of other subgraphs, with aliases, fragments and variables', async () => {
    const events = subscribe({
      query: `
        subscription Reading($book: ID, $unit: String = "kg", $withAuthor: Boolean!) {
          reading: bookRead(book: $book) { at: page ...Parts }
        }
        fragment Parts on Reading {
          __typename
          book { name: title stars weight(unit: $unit) author @include(if: $withAuthor) { writer: name } }
        }`,
      variables: { book: 'b2', withAuthor: true },
    })
    const first = nextOf(events)
    await library.untilReaders(1)
    library.read('b1', 1)
    library.read('b2', 7)
    expect(await first).toEqual({
      data: {
        reading: {
          __typename: 'Reading',
          at: 7,
          book: { name: 'Compilers', stars: [3], weight: '1000 kg', author: { writer: 'Grace' } },
        },
      },
    })
  })

  it('keep the order of the events', async () => {
    const events = subscribe({ query: 'subscription { bookRead { page book { stars author { name } } } }' })
    const first = nextOf(events)
    await library.untilReaders(1)
    const pages = Array.from({ length: 50 }, (_, page) => page)
    for (const page of pages) library.read(page % 2 === 0 ? 'b1' : 'b2', page)
    const seen = [await first]
    while (seen.length < pages.length) seen.push(await nextOf(events))
    expect(seen.map((event) => (event as { data: { bookRead: { page: number } } }).data.bookRead.page)).toEqual(pages)
  })

  it('end at the subgraph when the client leaves', async () => {
    const events = subscribe({ query: READING })
    const first = nextOf(events)
    await library.untilReaders(1)
    library.read('b1', 1)
    await first
    await events.return?.()
    await library.untilReaders(0)
    expect(library.readers()).toBe(0)
  })

  it('end for the client when the subgraph ends them', async () => {
    const next = subscribe({ query: READING }).next()
    await library.untilReaders(1)
    library.endReading()
    expect(await next).toEqual({ done: true, value: undefined })
  })

  it('end with the coded error of the subgraph', async () => {
    const failure = failureOf(nextOf(subscribe({ query: READING })))
    await library.untilReaders(1)
    library.read('b1', -1)
    expect(await failure).toMatchObject([
      { message: 'The library is closed.', extensions: { code: 'FORBIDDEN', service: 'books' } },
    ])
  })

  it('go on when the subgraph restarts, without the client noticing', async () => {
    const events = subscribe({ query: READING })
    const first = nextOf(events)
    await library.untilReaders(1)
    library.read('b1', 1)
    expect(await first).toEqual({ data: { bookRead: { page: 1, book: { title: 'Engines' } } } })

    await library.books.crash()
    await library.untilReaders(0)
    await library.books.restart()
    await library.untilReaders(1)
    library.read('b2', 2)
    expect(await nextOf(events)).toEqual({ data: { bookRead: { page: 2, book: { title: 'Compilers' } } } })
  })

  it('carry what is left of an event when another subgraph is down', async () => {
    const events = subscribe({ query: 'subscription { bookRead { page book { title stars } } }' })
    const first = nextOf(events)
    await library.untilReaders(1)
    await library.reviews.crash()
    library.read('b1', 1)
    expect(await first).toMatchObject({
      data: { bookRead: { page: 1, book: { title: 'Engines', stars: null } } },
      errors: [
        {
          message: 'reviews is not answering.',
          path: ['bookRead', 'book', 'stars'],
          extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'reviews' },
        },
      ],
    })
    await library.reviews.restart()
  })

  it('are validated like queries', async () => {
    const next = nextOf(subscribe({ query: 'subscription { bookRead { pages } }' }))
    await expect(next).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
  })

  it('refuse variables of the wrong type', async () => {
    const query = 'subscription ($book: ID!) { bookRead(book: $book) { page } }'
    await expect(nextOf(subscribe({ query }))).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('refuse a condition on the root field', async () => {
    const query = 'subscription ($on: Boolean!) { bookRead @include(if: $on) { page } }'
    const next = nextOf(subscribe({ query, variables: { on: true } }))
    await expect(next).rejects.toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
  })

  it('share the socket with queries and mutations', async () => {
    expect(await nextOf(subscribe({ query: '{ topBook { title stars } }' }))).toEqual({
      data: { topBook: { title: 'Engines', stars: [5, 4] } },
    })
    expect(await nextOf(subscribe({ query: 'mutation { addReview(stars: 1) }' }))).toMatchObject({
      data: { addReview: ['review 1'] },
    })
  })

  it('are known to subgraphs and in errors by the id that the client gave them', async () => {
    const events = subscribe({ query: READING, extensions: { requestId: 'reading-of-mine' } })
    const next = nextOf(events)
    await library.untilReaders(1)
    expect(library.books.subscriptions.at(-1)).toEqual({ requestId: 'reading-of-mine' })
    library.read('b1', 7)
    await next
    await events.return?.()
    await library.untilReaders(0)
    expect(await nextOf(subscribe({ query: '{ explode }', extensions: { requestId: 'mine-too' } }))).toMatchObject({
      errors: [{ extensions: { requestId: 'mine-too' } }],
    })
  })

  it('mask what only the inside may know', async () => {
    const answer = await nextOf(subscribe({ query: '{ explode }' }))
    expect(answer).toMatchObject({
      data: { explode: null },
      errors: [{ path: ['explode'], extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) } }],
    })
    expect(JSON.stringify(answer)).not.toContain('postgres')
  })
})

describe('a new supergraph', () => {
  const sdl = (): string => compose([library.people, library.books, library.reviews])

  it('serves what it adds, and leaves running subscriptions alone', async () => {
    const events = subscribe({ query: READING })
    const first = nextOf(events)
    await library.untilReaders(1)
    const opened = library.books.sockets.length

    await replaceFile(gateway.file, `# a new version\n${sdl().replaceAll('topBook', 'bestBook')}`)
    // The planner would ask the subgraph for a field it does not have: only the schema is looked at.
    await gateway.untilServed('{ __type(name: "Query") { fields { name } } }', 'bestBook')

    library.read('b1', 3)
    expect(await first).toEqual({ data: { bookRead: { page: 3, book: { title: 'Engines' } } } })
    expect(library.books.sockets.length).toBe(opened)
  })

  it('ends the subscriptions that it no longer allows, with a coded error', async () => {
    const failure = failureOf(nextOf(subscribe({ query: READING })))
    await library.untilReaders(1)
    await replaceFile(gateway.file, sdl().replaceAll('page: Int!', 'leaf: Int!'))
    expect(await failure).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
    await library.untilReaders(0)
  })

  it('is not used when it is broken: the one before it stays', async () => {
    await replaceFile(gateway.file, sdl())
    await gateway.untilServed('{ __type(name: "Query") { fields { name } } }', 'topBook')
    await replaceFile(gateway.file, 'type Query { half')
    await gateway.untilLogged('cannot be served')
    expect((await gateway.ask('{ topBook { title } }')).data).toEqual({ topBook: { title: 'Engines' } })
  })
})
