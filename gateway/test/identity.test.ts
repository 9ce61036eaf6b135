import { IDENTITY_HEADER, createDelegationSigner, createIdentitySigner, createIdentityVerifier } from '@codai/runtime'
import type { Identity } from '@codai/runtime'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from 'graphql-ws/client'
import { compose } from './fixtures/compose.ts'
import { IDENTITY_SECRET, connect, failureOf, startTestGateway } from './fixtures/gateway.ts'
import type { Answer, TestGateway } from './fixtures/gateway.ts'
import { startLibraryGateway } from './fixtures/library-gateway.ts'
import type { LibraryGateway } from './fixtures/library-gateway.ts'
import type { Library } from './fixtures/library.ts'
import { inSeconds, startIssuer } from './fixtures/tokens.ts'
import type { Issuer } from './fixtures/tokens.ts'

const BOOKS = '{ books { title } }'

let started: LibraryGateway
let library: Library
let issuer: Issuer
let gateway: TestGateway

beforeAll(async () => {
  started = await startLibraryGateway()
  ;({ library, issuer, gateway } = started)
})

afterAll(() => started.stop())

const identityAtBooks = (): Promise<Identity> => started.identityAtBooks()

const refusedWith = async (token: string): Promise<[number, unknown]> => {
  const { status, errors } = await gateway.ask(BOOKS, { token })
  return [status, errors?.[0]?.extensions['code']]
}

describe('a service of ours that calls for a person', () => {
  const signer = createDelegationSigner({ secret: IDENTITY_SECRET, service: 'codai' })

  it('is that person to subgraphs', async () => {
    const token = await signer.sign({ userId: 'u7', roles: ['MEMBER'] })
    expect((await gateway.ask(BOOKS, { token })).status).toBe(200)
    expect(await identityAtBooks()).toMatchObject({ kind: 'user', userId: 'u7', roles: ['MEMBER'], scopes: [] })
  })

  it('is refused with a forged token, an expired one, and an identity that is meant for subgraphs', async () => {
    const person = { userId: 'u7', roles: ['ADMIN'] }
    const forger = createDelegationSigner({ secret: 'another secret, also long enough for HS256', service: 'codai' })
    expect(await refusedWith(await forger.sign(person))).toEqual([401, 'UNAUTHENTICATED'])
    expect(await refusedWith(await signer.sign(person, -1))).toEqual([401, 'TOKEN_EXPIRED'])
    const identity = await createIdentitySigner({ secret: IDENTITY_SECRET, issuer: 'codai' }).sign({
      kind: 'user',
      scopes: [],
      ...person,
    })
    expect(await refusedWith(identity)).toEqual([401, 'UNAUTHENTICATED'])
  })
})

describe('a caller over HTTP', () => {
  it('without a token is anonymous, and subgraphs are told so', async () => {
    expect((await gateway.ask(BOOKS)).status).toBe(200)
    expect(await identityAtBooks()).toMatchObject({ kind: 'anonymous', address: '127.0.0.1' })
  })

  it('with a good token is known to subgraphs', async () => {
    const token = await issuer.sign({ roles: ['ADMIN'], scope: 'a b' })
    expect((await gateway.ask(BOOKS, { token })).status).toBe(200)
    expect(await identityAtBooks()).toMatchObject({
      kind: 'user',
      userId: 'u1',
      sessionId: 's1',
      roles: ['ADMIN'],
      scopes: ['a', 'b'],
      address: '127.0.0.1',
    })
  })

  it('cannot bring an identity of their own making', async () => {
    await gateway.ask(BOOKS, { headers: { [IDENTITY_HEADER]: 'forged' } })
    expect(await identityAtBooks()).toMatchObject({ kind: 'anonymous' })
  })

  it('is told that the token has expired', async () => {
    const token = await issuer.sign({}, { expiresAt: inSeconds(-10) })
    expect(await refusedWith(token)).toEqual([401, 'TOKEN_EXPIRED'])
  })

  it('is refused with a token that is forged, malformed, or meant for others', async () => {
    const forger = await startIssuer(issuer.url)
    const forged = await forger.sign()
    await forger.stop()
    const [head = '', body = ''] = (await issuer.sign()).split('.')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
    const tokens = [
      forged,
      `${head}.${body}.AAAA`,
      unsigned,
      'rubbish',
      await issuer.sign({}, { audience: 'others' }),
      await issuer.sign({}, { issuer: 'https://elsewhere.example' }),
      await issuer.sign({ roles: 'ADMIN' }),
      await issuer.sign({ sub: '' }),
    ]
    for (const token of tokens) expect(await refusedWith(token)).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('is refused with an Authorization header that is no bearer token', async () => {
    const { status, errors } = await gateway.ask(BOOKS, { headers: { authorization: 'Basic YTpi' } })
    expect([status, errors?.[0]?.extensions['code']]).toEqual([401, 'UNAUTHENTICATED'])
  })

  it('with a token waits for nobody when the issuer is down, and others are served', async () => {
    const gone = await startIssuer()
    await gone.stop()
    const other = await startTestGateway(compose([library.people, library.books, library.reviews]), {
      config: { identitySecret: IDENTITY_SECRET, issuerUrl: gone.url, jwksUrl: gone.jwksUrl },
    })
    const withToken: Answer = await other.ask(BOOKS, { token: await gone.sign() })
    expect([withToken.status, withToken.errors?.[0]?.extensions['code']]).toEqual([503, 'UNAVAILABLE'])
    expect((await other.ask(BOOKS)).status).toBe(200)
    await other.stop()
  })
})

describe('a caller over a WebSocket', () => {
  const clients: Client[] = []

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose()
    await library.untilReaders(0)
  })

  const open = (
    authorization: string | undefined,
  ): { client: Client; closed: Promise<{ code: number; reason: string }> } => {
    const { promise, resolve } = withResolvers<{ code: number; reason: string }>()
    const client = connect(gateway, {
      ...(authorization !== undefined && { connectionParams: { authorization } }),
      on: { closed: (event) => resolve(event as { code: number; reason: string }) },
    })
    clients.push(client)
    return { client, closed: promise }
  }

  it('is known to the subgraph that streams, in the header and in the connection parameters', async () => {
    const { client } = open(`Bearer ${await issuer.sign()}`)
    const next = client.iterate({ query: 'subscription { bookRead { page } }' }).next()
    await library.untilReaders(1)
    library.read('b1', 1)
    expect((await next).value).toEqual({ data: { bookRead: { page: 1 } } })
    const socket = library.books.sockets.at(-1)
    const verifier = createIdentityVerifier({ secret: IDENTITY_SECRET })
    expect(await verifier.verify(String(socket?.headers[IDENTITY_HEADER]))).toMatchObject({
      kind: 'user',
      userId: 'u1',
    })
    expect(socket?.params).toEqual({ identity: socket?.headers[IDENTITY_HEADER] })
  })

  it('is closed out with 4403 for a bad token and 4401 for an expired one', async () => {
    const bad = open('Bearer rubbish')
    await expect(bad.client.iterate({ query: BOOKS }).next()).rejects.toMatchObject({ code: 4403 })
    expect(await bad.closed).toMatchObject({ code: 4403, reason: 'The token is not valid' })

    const expired = open(`Bearer ${await issuer.sign({}, { expiresAt: inSeconds(-10) })}`)
    await expect(expired.client.iterate({ query: BOOKS }).next()).rejects.toMatchObject({ code: 4401 })
    expect(await expired.closed).toMatchObject({ code: 4401, reason: 'The token has expired' })
  })

  it('gets TOKEN_EXPIRED on every subscription and then 4401 when the token ends', async () => {
    const expiresAt = inSeconds(1.5)
    const { client, closed } = open(`Bearer ${await issuer.sign({}, { expiresAt })}`)
    const ends = [1, 2].map((page) =>
      client.iterate({ query: `subscription { bookRead(book: "b${page}") { page } }` }).next(),
    )
    const failures = Promise.all(ends.map(failureOf))
    await library.untilReaders(2)
    const tokenExpired = [{ extensions: { code: 'TOKEN_EXPIRED' } }]
    expect(await failures).toMatchObject([tokenExpired, tokenExpired])
    expect(await closed).toMatchObject({ code: 4401, reason: 'The token has expired' })
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt * 1000)
    await library.untilReaders(0)
  })
})

const withResolvers = <T>(): { promise: Promise<T>; resolve: (value: T) => void } => {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
