import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compose, replaceFile } from './fixtures/compose.ts'
import { IDENTITY_SECRET, startTestGateway } from './fixtures/gateway.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibrary } from './fixtures/library.ts'
import type { Library } from './fixtures/library.ts'
import { SUBSCRIBERS } from './fixtures/subscribers.ts'
import type { Payload, Request } from './fixtures/subscribers.ts'
import { inSeconds, startIssuer } from './fixtures/tokens.ts'
import type { Issuer } from './fixtures/tokens.ts'

const READING = 'subscription { bookRead { page book { title } } }'

let library: Library
let issuer: Issuer
let gateway: TestGateway

const sdl = (): string => compose([library.people, library.books, library.reviews])

beforeAll(async () => {
  library = await startLibrary()
  issuer = await startIssuer()
  gateway = await startTestGateway(sdl(), {
    config: { identitySecret: IDENTITY_SECRET, issuerUrl: issuer.url, jwksUrl: issuer.jwksUrl },
  })
})

afterAll(async () => {
  await gateway.stop()
  await issuer.stop()
  await library.stop()
})

describe.each(Object.entries(SUBSCRIBERS))('subscriptions over %s', (_name, subscriber) => {
  const open: AsyncGenerator<Payload>[] = []

  /** Begins at once: a generator of its own does nothing before it is asked. */
  const subscribe = (request: Request, token?: string): { first: Promise<Payload>; rest: AsyncGenerator<Payload> } => {
    const payloads = subscriber(gateway, request, token)
    open.push(payloads)
    return { first: payloads.next().then(({ value }) => value as Payload), rest: payloads }
  }

  afterEach(async () => {
    for (const payloads of open.splice(0)) await payloads.return(undefined)
    await library.untilReaders(0)
    await gateway.untilSubscribed(0)
  })

  it('carry every event, in order, with fields of other subgraphs', async () => {
    const { first, rest } = subscribe({
      query: 'subscription ($book: ID) { read: bookRead(book: $book) { page book { title stars } } }',
      variables: { book: 'b2' },
    })
    await library.untilReaders(1)
    for (const page of [1, 2, 3]) library.read('b2', page)
    const book = { title: 'Compilers', stars: [3] }
    expect(await first).toEqual({ data: { read: { page: 1, book } } })
    expect((await rest.next()).value).toEqual({ data: { read: { page: 2, book } } })
    expect((await rest.next()).value).toEqual({ data: { read: { page: 3, book } } })
  })

  it('end at the subgraph when the client leaves', async () => {
    const { first, rest } = subscribe({ query: READING })
    await library.untilReaders(1)
    library.read('b1', 1)
    await first
    await rest.return(undefined)
    await library.untilReaders(0)
    expect(library.readers()).toBe(0)
  })

  it('end when the subgraph ends them', async () => {
    const { first } = subscribe({ query: READING })
    await library.untilReaders(1)
    library.endReading()
    expect(await first).toBeUndefined()
  })

  it('end with the coded error of the subgraph', async () => {
    const { first, rest } = subscribe({ query: READING })
    await library.untilReaders(1)
    library.read('b1', -1)
    const closed = { message: 'The library is closed.', extensions: { code: 'FORBIDDEN', service: 'books' } }
    expect(await first).toMatchObject({ errors: [closed] })
    expect((await rest.next()).done).toBe(true)
  })

  it('are validated like queries, with variables', async () => {
    const invalid = subscribe({ query: 'subscription { bookRead { pages } }' })
    expect(await invalid.first).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
    const missing = subscribe({ query: 'subscription ($book: ID!) { bookRead(book: $book) { page } }' })
    expect(await missing.first).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
  })

  it('are only for those who may have all that they ask', async () => {
    const query = 'subscription { bookRead { book { author { email } } } }'
    const anonymous = subscribe({ query })
    expect(await anonymous.first).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    const { first } = subscribe({ query }, await issuer.sign())
    await library.untilReaders(1)
    library.read('b1', 1)
    expect(await first).toEqual({ data: { bookRead: { book: { author: { email: 'ada@example.org' } } } } })
  })

  it('end with TOKEN_EXPIRED when the token ends', async () => {
    const { first } = subscribe({ query: READING }, await issuer.sign({}, { expiresAt: inSeconds(2) }))
    expect(await first).toMatchObject({ errors: [{ extensions: { code: 'TOKEN_EXPIRED' } }] })
  })

  it('outlive a new supergraph that still allows them, and end with one that does not', async () => {
    const { first, rest } = subscribe({ query: READING })
    await library.untilReaders(1)
    await replaceFile(gateway.file, sdl().replaceAll('topBook', 'bestBook'))
    await gateway.untilServed('{ __type(name: "Query") { fields { name } } }', 'bestBook')
    library.read('b1', 3)
    expect(await first).toEqual({ data: { bookRead: { page: 3, book: { title: 'Engines' } } } })

    const [next] = await Promise.all([
      rest.next(),
      replaceFile(gateway.file, sdl().replaceAll('page: Int!', 'leaf: Int!')),
    ])
    expect(next.value).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
    await gateway.untilServed('{ __type(name: "Reading") { fields { name } } }', 'leaf')
    await replaceFile(gateway.file, sdl())
    await gateway.untilServed('{ __type(name: "Reading") { fields { name } } }', 'page')
  })

  it('are counted while they are open', async () => {
    const { first } = subscribe({ query: READING })
    await library.untilReaders(1)
    await gateway.untilSubscribed(1)
    library.endReading()
    await first
    await expect(gateway.untilSubscribed(0)).resolves.toBeUndefined()
  })
})
