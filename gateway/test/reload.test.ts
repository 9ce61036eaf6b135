import type { Client } from 'graphql-ws/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose, replaceFile } from './fixtures/compose.ts'
import { connect, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'

const CLIENTS = 30
const REPLACEMENTS = 3
const QUERY = 'query ($first: Int) { books(first: $first) { title stars author { name } } }'
const BOOKS = [
  { title: 'Engines', stars: [5, 4], author: { name: 'Ada' } },
  { title: 'Compilers', stars: [3], author: { name: 'Grace' } },
]

let library: Library
let gateway: TestGateway
const clients: Client[] = []

beforeAll(async () => {
  library = await startLibrary()
  gateway = await startTestGateway(compose([library.people, library.books, library.reviews]))
})

afterAll(async () => {
  for (const client of clients) await client.dispose()
  await gateway.stop()
  await library.stop()
})

/** A supergraph that answers the same, but that is another: everything is planned anew. */
const version = (number: number): string =>
  `# version ${number}\n${compose([library.people, library.books, library.reviews]).replaceAll('topBook', `topBook${number}`)}`

describe('a supergraph that is replaced again and again under load', () => {
  it('drops and fails no request, and leaves every stream alone', async () => {
    const pages = Array.from({ length: REPLACEMENTS * 5 }, (_, page) => page)
    const streams = Array.from({ length: CLIENTS }, () => {
      const client = connect(gateway)
      clients.push(client)
      const events = client.iterate({ query: 'subscription { bookRead { page book { title stars } } }' })
      return (async () => {
        const seen: unknown[] = []
        while (seen.length < pages.length) {
          const { value } = await events.next()
          seen.push(value)
        }
        return seen
      })()
    })
    await gateway.untilSubscribed(CLIENTS)
    await library.untilReaders(1)

    const over = new AbortController()
    let answered = 0
    const asking = Array.from({ length: CLIENTS }, async (_, index) => {
      const first = (index % 2) + 1
      while (!over.signal.aborted) {
        const { status, data, errors } = await gateway.ask(QUERY, { variables: { first } })
        expect({ status, data, errors }).toEqual({
          status: 200,
          data: { books: BOOKS.slice(0, first) },
          errors: undefined,
        })
        answered += 1
      }
    })

    const replace = async (): Promise<void> => {
      try {
        for (let number = 1; number <= REPLACEMENTS; number += 1) {
          const before = answered
          await replaceFile(gateway.file, version(number))
          for (const page of pages.slice((number - 1) * 5, number * 5)) library.read('b1', page)
          await gateway.untilLogged('a new supergraph is in use')
          await expect.poll(() => answered, { timeout: 30_000 }).toBeGreaterThan(before + CLIENTS)
          await gateway.untilLogged('the planner of the supergraph before has ended')
        }
      } finally {
        over.abort()
      }
    }
    await Promise.all([...asking, replace()])

    const expected = pages.map((page) => ({
      data: { bookRead: { page, book: { title: 'Engines', stars: [5, 4] } } },
    }))
    for (const seen of await Promise.all(streams)) expect(seen).toEqual(expected)
    expect(library.readers()).toBe(1)
    expect(library.books.sockets).toHaveLength(1)
  }, 120_000)
})
