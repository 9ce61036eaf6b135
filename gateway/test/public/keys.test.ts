import { join } from 'node:path'
import { repositoryRoot, silentLogger, spawnChild } from '@codai/runtime'
import { buildClientSchema, getIntrospectionQuery } from 'graphql'
import type { IntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeSupergraph } from '../fixtures/compose.ts'
import { askPublic, connectPublic, startDoor } from '../fixtures/door.ts'
import type { Door } from '../fixtures/door.ts'
import { failureOf } from '../fixtures/gateway.ts'
import type { TestGateway } from '../fixtures/gateway.ts'

const query = '{ products { id name } }'
const live = 'subscription { sold { id } }'
const nextWithin = 15_000

describe('the public graph', () => {
  let door: Door
  let gateway: TestGateway
  let app: string
  beforeAll(async () => {
    door = await startDoor()
    gateway = await door.gateway()
  })
  beforeEach(async () => {
    app = await door.developer.app()
  })
  afterAll(() => door.stop())

  const codesOf = async (key: string | undefined, body: object, headers?: Record<string, string>) => {
    const { status, errors = [] } = await askPublic(gateway, key, { ...body }, headers)
    return { status, codes: errors.map(({ extensions }) => extensions['code']) }
  }

  it('answers who has a key, however it is brought', async () => {
    const { secret } = await door.developer.key(app)
    const expected = { products: ['1', '2', '3'].map((id) => ({ id, name: `Product ${id}` })) }
    expect((await askPublic(gateway, secret, { query })).data).toEqual(expected)
    expect((await askPublic(gateway, undefined, { query }, { authorization: `Bearer ${secret}` })).data).toEqual(
      expected,
    )
    const get = await fetch(`${gateway.url}/public/graphql?query=${encodeURIComponent(query)}`, {
      headers: { 'x-api-key': secret },
    })
    expect(await get.json()).toEqual({ data: expected })
    const client = connectPublic(gateway, secret)
    expect((await client.iterate({ query }).next()).value).toEqual({ data: expected })
    await client.dispose()
  })

  it('tells its services nothing of the key', async () => {
    const { secret } = await door.developer.key(app)
    await askPublic(gateway, secret, { query: '{ products { maker { name } } }' })
    const { headers } = door.shop.requests.at(-1) ?? { headers: {} }
    expect(JSON.stringify(headers)).not.toContain(secret)
    expect(headers).not.toHaveProperty('x-api-key')
  })

  it('can be explored without a key, and shows nothing else than what is public', async () => {
    const { data } = await askPublic(gateway, undefined, { query: getIntrospectionQuery() })
    const schema = buildClientSchema(data as unknown as IntrospectionQuery)
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(['products', 'broken'])
    expect(schema.getMutationType() ?? undefined).toBeUndefined()
    expect(schema.getType('Order')).toBeUndefined()
    const { secret } = await door.developer.key(app)
    expect(await codesOf(secret, { query: '{ orders { id } }' })).toMatchObject({
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    })
    expect(await codesOf(secret, { query: 'mutation { clear }' })).toEqual({ status: 403, codes: ['FORBIDDEN'] })
  })

  it('shows nobody how it is answered', async () => {
    const { secret } = await door.developer.key(app)
    const answer = await askPublic(gateway, secret, { query }, { 'apollo-query-plan-experimental': 'true' })
    expect(answer.data).toHaveProperty('products')
    expect(answer).not.toHaveProperty('extensions')
  })

  it('refuses who has no key, with the way to one', async () => {
    const { status, errors } = await askPublic(gateway, undefined, { query })
    expect(status).toBe(401)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', help: '/developers' })
    const mixed = { query: '{ __typename ...F } fragment F on Query { products { id } }' }
    expect(await codesOf(undefined, mixed)).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] })
  })

  it.each([
    ['one that nobody issued', `cdk_00000000_${'a'.repeat(43)}`],
    ['one that is none', 'open sesame'],
  ])('refuses %s', async (_what, key) => {
    expect(await codesOf(key, { query })).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] })
    expect(await codesOf(undefined, { query }, { authorization: key })).toMatchObject({ status: 401 })
    expect(await failureOf(connectPublic(gateway, key).iterate({ query }).next())).toMatchObject({ code: 4403 })
  })

  it('lets no key into the whole graph', async () => {
    const { secret } = await door.developer.key(app)
    const { status, errors } = await gateway.ask(query, { token: secret })
    expect(status).toBe(401)
    expect(errors?.[0]?.message).toContain('/public/graphql')
  })

  it('lets a key do what its scopes say', async () => {
    const reader = await door.developer.key(app, { scopes: ['READ'] })
    const listener = await door.developer.key(app, { scopes: ['LIVE'] })
    expect(await codesOf(listener.secret, { query })).toEqual({ status: 403, codes: ['FORBIDDEN'] })
    const client = connectPublic(gateway, reader.secret)
    const refused = await failureOf(client.iterate({ query: live }).next())
    expect(JSON.stringify(refused)).toContain('FORBIDDEN')
    await client.dispose()
  })

  it('sends events over WebSocket and as server-sent events', async () => {
    const { secret } = await door.developer.key(app)
    const client = connectPublic(gateway, secret)
    const watched = door.untilWatched()
    const first = client.iterate({ query: live }).next()
    await watched
    const response = fetch(`${gateway.url}/public/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': secret },
      body: JSON.stringify({ query: 'subscription { again: sold { name } }' }),
    })
    await door.untilWatched()
    door.sell('7')
    expect((await first).value).toEqual({ data: { sold: { id: '7' } } })
    const reader = (await response).body?.getReader()
    let text = ''
    while (!text.includes('Product 7')) text += new TextDecoder().decode((await reader?.read())?.value)
    expect(text).toContain('"again":{"name":"Product 7"}')
    await reader?.cancel()
    await client.dispose()
  })

  it('forgets a revoked key within a second, in every process, also where it has a stream open', async () => {
    const { id, secret } = await door.developer.key(app)
    const other = spawnChild({
      name: 'gateway',
      command: process.execPath,
      args: ['--import', 'tsx', join(repositoryRoot, 'gateway', 'src', 'main.ts')],
      cwd: repositoryRoot,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        LOG_PRETTY: 'false',
        GATEWAY_PORT: '0',
        SUPERGRAPH_FILE: await writeSupergraph(door.sdl),
        IDENTITY_SECRET: door.identitySecret,
      },
      logger: silentLogger,
    })
    const { url } = await other.ready
    const both = [gateway, { url: String(url) }]
    for (const one of both) expect((await askPublic(one, secret, { query })).status).toBe(200)
    const client = connectPublic(gateway, secret)
    const watched = door.untilWatched()
    const ended = failureOf(client.iterate({ query: live }).next())
    await watched

    await door.developer.revoke(id)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const answers = await Promise.all(both.map((one) => askPublic(one, secret, { query })))
    expect(answers.map(({ status }) => status)).toEqual([401, 401])
    expect(answers[0]?.errors?.[0]?.message).toBe('This API key was revoked.')
    expect(JSON.stringify(await ended)).toContain('This API key was revoked.')
    await client.dispose()
    await other.stop('SIGTERM')
  }, 60_000)

  it('takes an old key for as long as its owner said, and the new one at once', async () => {
    const { id, secret } = await door.developer.key(app)
    const { secret: fresh } = await door.developer.rotate(id, 3_600)
    expect((await askPublic(gateway, secret, { query })).status).toBe(200)
    expect((await askPublic(gateway, fresh, { query })).status).toBe(200)
    const { id: last, secret: lastSecret } = await door.developer.key(app)
    await door.developer.rotate(last, 0)
    expect(await codesOf(lastSecret, { query })).toEqual({ status: 401, codes: ['UNAUTHENTICATED'] })
  })

  it('goes on for keys that were known while nobody can look them up, and counts what they used', async () => {
    const { id, secret } = await door.developer.key(app)
    const unknown = await door.developer.key(app)
    expect((await askPublic(gateway, secret, { query })).status).toBe(200)
    await door.world.hosted().platform.lifecycle.stop()
    // What was remembered is older than it may be by then, so that it is asked for again, and nobody answers.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect((await askPublic(gateway, secret, { query })).status).toBe(200)
    expect(await codesOf(unknown.secret, { query })).toEqual({ status: 503, codes: ['UNAVAILABLE'] })
    await door.world.restart()
    const used = `query ($id: ID!) { developerApp(id: $id) { usage { keys { key { id } count { requests } } } } }`
    const requests = async (): Promise<unknown> => {
      const { data } = await door.world.as({ id: '01JADA00000000000000000000' }).query(used, { id: app })
      const { keys } = data.developerApp.usage as { keys: { key: { id: string }; count: { requests: number } }[] }
      return keys.find(({ key }) => key.id === id)?.count.requests
    }
    await expect.poll(requests, { timeout: nextWithin }).toBe(2)
  }, 60_000)
})
