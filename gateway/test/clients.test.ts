import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { CLIENTS } from './fixtures/clients/index.ts'
import type { Application, Shown } from './fixtures/clients/shown.ts'
import type { TestGateway } from './fixtures/gateway.ts'
import { startLibraryGateway } from './fixtures/library-gateway.ts'
import type { LibraryGateway } from './fixtures/library-gateway.ts'
import type { Library } from './fixtures/library.ts'
import type { Issuer } from './fixtures/tokens.ts'

const BOOK = 'query Book($id: ID!) { book(id: $id) { title stars } }'
const LATER = 'query Later { book(id: "b1") { id title ... @defer(label: "stars") { stars } } }'
const READING = 'subscription Reading { bookRead { page book { id title } } }'
const MASKED = 'INTERNAL_SERVER_ERROR'

let started: LibraryGateway
let library: Library
let issuer: Issuer
let gateway: TestGateway

beforeAll(async () => {
  // What browsers have, and Node since version 22.
  vi.stubGlobal('WebSocket', WebSocket)
  started = await startLibraryGateway()
  ;({ library, issuer, gateway } = started)
})

afterAll(async () => {
  await started.stop()
  vi.unstubAllGlobals()
})

describe.each(CLIENTS)('%s', (_name, create) => {
  const applications: Application[] = []
  const open: AsyncGenerator<Shown>[] = []

  const application = (token?: string): Application => {
    const created = create({ gateway, token })
    applications.push(created)
    return created
  }

  /** What is shown next; asked for at once, so that nothing of it goes by. */
  const watching = (shown: AsyncGenerator<Shown>): AsyncGenerator<Shown> => {
    open.push(shown)
    return shown
  }

  afterEach(async () => {
    for (const shown of open.splice(0)) await shown.return(undefined)
    for (const one of applications.splice(0)) await one.close()
    await library.untilReaders(0)
    await gateway.untilSubscribed(0)
  })

  it('asks, with variables', async () => {
    const { ask } = application()
    const engines = { data: { book: { title: 'Engines', stars: [5, 4] } }, codes: [] }
    expect(await ask({ query: BOOK, variables: { id: 'b1' } })).toMatchObject(engines)
    expect(await ask({ query: BOOK, variables: { id: 'b2' } })).toMatchObject({
      data: { book: { title: 'Compilers' } },
    })
  })

  it('changes things, once', async () => {
    const before = library.people.requests.length
    const query = 'mutation Rename($name: String!) { rename(id: "p2", name: $name) { id name } }'
    const shown = await application().mutate({ query, variables: { name: 'Hopper' } })
    expect(shown).toMatchObject({ data: { rename: { id: 'p2', name: 'Hopper' } }, codes: [] })
    expect(library.people.requests.length - before).toBe(1)
  })

  it('shows what there is beside what failed', async () => {
    const shown = await application().ask({ query: '{ topBook { id title } explode }' })
    expect(shown).toMatchObject({ data: { topBook: { title: 'Engines' }, explode: null }, codes: [MASKED] })
  })

  it('is told why a query is refused', async () => {
    const { ask } = application()
    expect(await ask({ query: '{ nothing }' })).toMatchObject({ codes: ['GRAPHQL_VALIDATION_FAILED'] })
    expect(await ask({ query: BOOK, variables: { id: {} } })).toMatchObject({ codes: ['BAD_USER_INPUT'] })
  })

  it('is told to sign in, and asks as who is signed in', async () => {
    const query = '{ me { id email } }'
    expect(await application().ask({ query })).toMatchObject({ codes: ['UNAUTHENTICATED'] })
    const signedIn = application(await issuer.sign())
    expect(await signedIn.ask({ query })).toMatchObject({ data: { me: { email: 'ada@example.org' } }, codes: [] })
  })

  it('shows first what is there, and later what is deferred', async () => {
    const shown = watching(application().watch({ query: LATER }))
    expect((await shown.next()).value).toMatchObject({ data: { book: { title: 'Engines' } }, codes: [] })
    expect((await shown.next()).value).toMatchObject({ data: { book: { title: 'Engines', stars: [5, 4] } }, codes: [] })
  })

  it('is told what of the deferred failed', async () => {
    const shown = watching(application().watch({ query: '{ topBook { id title } ... @defer { explode } }' }))
    expect((await shown.next()).value).toMatchObject({ data: { topBook: { title: 'Engines' } }, codes: [] })
    const data = { topBook: { title: 'Engines' }, explode: null }
    expect((await shown.next()).value).toMatchObject({ data, codes: [MASKED] })
  })

  it('shows every event of a subscription, in order, until it leaves', async () => {
    const events = watching(application().subscribe({ query: READING }))
    await library.untilReaders(1)
    for (const page of [1, 2]) library.read('b1', page)
    for (const page of [1, 2]) {
      const data = { bookRead: { page, book: { id: 'b1', title: 'Engines' } } }
      expect((await events.next()).value).toMatchObject({ data, codes: [] })
    }
    await events.return(undefined)
    await library.untilReaders(0)
  })

  it('sees the end of a subscription', async () => {
    const events = watching(application().subscribe({ query: READING }))
    await library.untilReaders(1)
    library.read('b1', 1)
    await events.next()
    library.endReading()
    expect((await events.next()).done).toBe(true)
  })

  it('is told why a subscription ends', async () => {
    const events = watching(application().subscribe({ query: READING }))
    await library.untilReaders(1)
    library.read('b1', 1)
    await events.next()
    library.read('b1', -1)
    expect((await events.next()).value).toMatchObject({ codes: ['FORBIDDEN'] })
    expect((await events.next()).done).toBe(true)
  })

  it('subscribes as who is signed in, and is told when nobody is', async () => {
    const query = 'subscription { bookRead { book { id author { id email } } } }'
    const refused = watching(application().subscribe({ query }))
    expect((await refused.next()).value).toMatchObject({ codes: ['UNAUTHENTICATED'] })
    const events = watching(application(await issuer.sign()).subscribe({ query }))
    await library.untilReaders(1)
    library.read('b1', 1)
    const data = { bookRead: { book: { author: { email: 'ada@example.org' } } } }
    expect((await events.next()).value).toMatchObject({ data })
  })
})
