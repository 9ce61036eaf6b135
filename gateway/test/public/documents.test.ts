import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askPublic, connectPublic, startDoor } from '../fixtures/door.ts'
import type { Door } from '../fixtures/door.ts'
import { failureOf } from '../fixtures/gateway.ts'
import type { TestGateway } from '../fixtures/gateway.ts'

const registered = 'query Registered($first: Int) { products(first: $first) { id } }'
const live = 'subscription Registered { sold { id } }'
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const persisted = (text: string): object => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } },
})
const all = { data: { products: [{ id: '1' }, { id: '2' }, { id: '3' }] } }

describe('documents that are asked for by their hash', () => {
  let door: Door
  let gateway: TestGateway
  let app: string
  let secret: string
  beforeAll(async () => {
    door = await startDoor()
    gateway = await door.gateway()
    app = await door.developer.app()
    secret = (await door.developer.key(app)).secret
    await door.developer.operation(app, registered)
    await door.developer.operation(app, live)
  })
  afterAll(() => door.stop())

  const get = async (parameters: Record<string, string>): Promise<unknown> => {
    const url = `${gateway.url}/public/graphql?${new URLSearchParams(parameters).toString()}`
    return (await fetch(url, { headers: { 'x-api-key': secret } })).json()
  }

  it.each([
    ['documentId', { documentId: hashOf(registered) }],
    ['documentId with its algorithm', { documentId: `sha256:${hashOf(registered)}` }],
    ['a persisted query', persisted(registered)],
  ])('are run by %s', async (_what, body) => {
    expect(await askPublic(gateway, secret, { ...body, variables: { first: 1 } })).toMatchObject(all)
    const client = connectPublic(gateway, secret)
    expect((await client.iterate({ query: '', ...body }).next()).value).toEqual(all)
    await client.dispose()
  })

  it('are run by GET', async () => {
    expect(await get({ documentId: hashOf(registered), variables: '{"first":2}' })).toEqual(all)
    const { extensions } = persisted(registered) as { extensions: object }
    expect(await get({ extensions: JSON.stringify(extensions) })).toEqual(all)
  })

  it('are streams, too', async () => {
    const response = fetch(`${gateway.url}/public/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': secret },
      body: JSON.stringify({ documentId: hashOf(live) }),
    })
    await door.untilWatched()
    door.sell('9')
    const reader = (await response).body?.getReader()
    let text = ''
    while (!text.includes('}}}')) text += new TextDecoder().decode((await reader?.read())?.value)
    expect(text).toContain('{"data":{"sold":{"id":"9"}}}')
    await reader?.cancel()
  })

  it('are remembered when a client sends one with its hash (automatic persisted queries)', async () => {
    const query = '{ products { name } }'
    const unknown = await askPublic(gateway, secret, persisted(query) as Record<string, unknown>)
    expect(unknown).toMatchObject({
      status: 404,
      errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    })
    expect((await askPublic(gateway, secret, { query, ...persisted(query) })).status).toBe(200)
    expect((await askPublic(gateway, secret, { ...persisted(query) })).data).toHaveProperty('products')
  })

  it.each([
    ['a hash of something else', { query: '{ products { id } }', ...persisted('{ products { name } }') }],
    ['something that is no hash', { documentId: 'Prices' }],
    ['an unknown version', { extensions: { persistedQuery: { version: 2, sha256Hash: hashOf('a') } } }],
  ])('are refused with %s', async (_what, body) => {
    const { status, errors } = await askPublic(gateway, secret, body)
    expect([status, errors?.[0]?.extensions['code']]).toEqual([400, 'BAD_REQUEST'])
  })

  it('are all that a key runs which was issued for them alone', async () => {
    const key = await door.developer.key(app, { trustedOnly: true })
    expect(await askPublic(gateway, key.secret, { documentId: hashOf(registered) })).toMatchObject(all)
    expect(await askPublic(gateway, key.secret, { query: registered })).toMatchObject(all)
    const query = '{ products { id } }'
    await askPublic(gateway, secret, { query, ...persisted(query) })
    for (const body of [{ query }, { query, ...persisted(query) }]) {
      const { status, errors } = await askPublic(gateway, key.secret, body)
      expect([status, errors?.[0]?.extensions['code']]).toEqual([403, 'FORBIDDEN'])
    }
    expect((await askPublic(gateway, key.secret, { ...persisted(query) })).status).toBe(404)
    const client = connectPublic(gateway, key.secret)
    const refused = await failureOf(client.iterate({ query: 'subscription { sold { name } }' }).next())
    expect(JSON.stringify(refused)).toContain('FORBIDDEN')
    await client.dispose()
  })

  it('belong to their app, and are gone within a second when it removes them', async () => {
    const other = await door.developer.app()
    const { secret: foreign } = await door.developer.key(other)
    expect((await askPublic(gateway, foreign, { documentId: hashOf(registered) })).status).toBe(404)
    const { id, hash } = await door.developer.operation(app, '{ products { again: id } }')
    expect((await askPublic(gateway, secret, { documentId: hash })).status).toBe(200)
    await door.developer.client.query('mutation ($id: ID!) { removeOperation(operation: $id) { id } }', { id })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect((await askPublic(gateway, secret, { documentId: hash })).status).toBe(404)
  })
})
