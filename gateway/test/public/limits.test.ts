import { setTimeout as pause } from 'node:timers/promises'
import { demoPeople } from '../../../subgraphs/_kit/index.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { askPublic, connectPublic, startDoor } from '../fixtures/door.ts'
import type { Door } from '../fixtures/door.ts'
import { failureOf } from '../fixtures/gateway.ts'
import type { TestGateway } from '../fixtures/gateway.ts'

const redisUrl = process.env['CODAI_TEST_REDIS_URL']
const products = (first: number): { query: string } => ({
  query: `{ products(first: ${first}) { id maker { name } } }`,
})
const numberOf = (headers: Headers, name: string): number => Number(headers.get(name))

describe('what a key may use', () => {
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

  const changePlan = (plan: string): Promise<unknown> =>
    door.developer.client.query('mutation ($input: ChangePlanInput!) { changePlan(input: $input) { id } }', {
      input: { app, plan },
    })

  it('is told with every answer: what it cost, what is left and when it is full again', async () => {
    const { secret } = await door.developer.key(app)
    const { headers } = await askPublic(gateway, secret, products(100))
    // A hundred were asked for and three there, each with its maker: what was taken too much is given back.
    expect(headers.get('x-query-cost')).toBe('actual=6, estimated=200')
    expect(headers.get('ratelimit-limit')).toBe('1000')
    expect(headers.get('ratelimit-policy')).toBe('1000;w=50')
    expect(numberOf(headers, 'ratelimit-remaining')).toBeGreaterThanOrEqual(994)
    expect(numberOf(headers, 'ratelimit-reset')).toBeLessThanOrEqual(1)
  })

  it('is told in the answer to who asks for it', async () => {
    const { secret } = await door.developer.key(app)
    const body = { ...products(10), extensions: { cost: true } }
    expect(await askPublic(gateway, secret, body)).toMatchObject({
      extensions: { cost: { actual: 6, estimated: 20, limit: 500 } },
    })
    const client = connectPublic(gateway, secret)
    const { value } = await client.iterate(body).next()
    expect(value).toMatchObject({ extensions: { cost: { actual: 6, estimated: 20 } } })
    await client.dispose()
    expect(await askPublic(gateway, secret, products(10))).not.toHaveProperty('extensions')
  })

  it('refuses one operation that may cost more than the plan allows, with both numbers', async () => {
    const { secret } = await door.developer.key(app)
    const { status, errors } = await askPublic(gateway, secret, products(251))
    expect(status).toBe(422)
    expect(errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', cost: { estimate: 502, limit: 500 } })
    await changePlan('TEAM')
    // A key's plan is remembered for less than a second.
    await expect
      .poll(async () => (await askPublic(gateway, secret, products(251))).status, { timeout: 10_000 })
      .toBe(200)
  })

  it('ends with 429 and when to come again, for this key alone', async () => {
    const { secret } = await door.developer.key(app)
    const other = await door.developer.key(app)
    const answers = await Promise.all(Array.from({ length: 5 }, () => askPublic(gateway, secret, products(250))))
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED' })
    expect(refused && numberOf(refused.headers, 'retry-after')).toBeGreaterThan(0)
    expect(refused && numberOf(refused.headers, 'ratelimit-remaining')).toBeLessThan(500)
    expect((await askPublic(gateway, other.secret, products(250))).status).toBe(200)
  })

  it('is used up by the events of a stream, too', async () => {
    const { secret } = await door.developer.key(app)
    const client = connectPublic(gateway, secret)
    const watched = door.untilWatched()
    const events = client.iterate({ query: 'subscription { sold { id maker { name } } }' })
    const ended = failureOf(
      (async () => {
        for await (const { errors } of events) if (errors) return
      })(),
    )
    await watched
    const sellOn = async (): Promise<unknown> => {
      for (let count = 0; count < 50; count += 1) door.sell(String(count))
      const refusal = await Promise.race([ended, pause(20, 'none yet')])
      return refusal === 'none yet' ? sellOn() : refusal
    }
    expect(JSON.stringify(await sellOn())).toContain('RATE_LIMITED')
    await client.dispose()
  }, 60_000)

  it('is counted for its owner, live', async () => {
    const { id, secret } = await door.developer.key(app)
    const stream = await door.world
      .as(demoPeople.ada)
      .subscribe('subscription ($app: ID!) { usageUpdated(app: $app) { count { requests cost errors refused } } }', {
        app,
      })
    expect((await stream.next()).data.usageUpdated.count).toEqual({ requests: 0, cost: 0, errors: 0, refused: 0 })
    await askPublic(gateway, secret, { query: 'query Board { products { id } }', operationName: 'Board' })
    expect((await stream.next()).data.usageUpdated.count).toEqual({ requests: 1, cost: 3, errors: 0, refused: 0 })
    await askPublic(gateway, secret, { query: '{ broken { id } }' })
    expect((await stream.next()).data.usageUpdated.count).toMatchObject({ requests: 2, errors: 1, refused: 0 })
    await askPublic(gateway, secret, products(400))
    expect((await stream.next()).data.usageUpdated.count).toMatchObject({ requests: 3, errors: 2, refused: 1 })
    await stream.stop()
    const { data } = await door.developer.client.query(
      `query ($id: ID!, $key: [_Any!]!) {
        developerApp(id: $id) { usage { total { requests } operations { operation count { requests cost } } } }
        _entities(representations: $key) { ... on ApiKey { lastUsedAt } }
      }`,
      { id: app, key: [{ __typename: 'ApiKey', id }] },
    )
    expect(data.developerApp.usage.total.requests).toBe(3)
    expect(data.developerApp.usage.operations).toContainEqual({ operation: 'Board', count: { requests: 1, cost: 3 } })
    expect(data._entities[0].lastUsedAt).toEqual(expect.any(String))
  })

  it('keeps who guesses keys from going on', async () => {
    const guessing = await door.gateway()
    const guess = async (): Promise<number> => (await askPublic(guessing, 'a guess', products(1))).status
    const statuses = await Promise.all(Array.from({ length: 70 }, guess))
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(60)
    expect(statuses).toContain(429)
  })

  it.skipIf(redisUrl === undefined)('is one for all gateways', async () => {
    const two = await Promise.all([door.gateway({ config: { redisUrl } }), door.gateway({ config: { redisUrl } })])
    const { secret } = await door.developer.key(app)
    const asked = Array.from({ length: 8 }, (_, index) => askPublic(two[index % 2] ?? gateway, secret, products(250)))
    const statuses = (await Promise.all(asked)).map(({ status }) => status)
    expect(statuses).toContain(429)
  })
})
