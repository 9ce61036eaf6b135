import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestWorld } from '../_kit/testing/index.ts'
import { createDeveloper } from './developer.fixture.ts'
import { digestOf } from './secrets.ts'
import publicai from './subgraph.ts'

const issue = 'mutation ($input: IssueKeyInput!) { issueKey(input: $input) { secret key { id } } }'
const record = 'mutation ($input: RecordApiUsageInput!) { recordApiUsage(input: $input) }'
const grant = 'query ($digest: String!) { apiKeyGrant(digest: $digest) { status scopes plan { id } } }'
const usage = `query ($id: ID!, $from: DateTime, $to: DateTime, $bucket: UsageBucket) {
  developerApp(id: $id) {
    usage(from: $from, to: $to, bucket: $bucket) {
      total { requests cost errors refused } points { startsAt count { cost } } operations { operation count { cost } }
    }
  }
}`

describe('a developer', () => {
  let world: TestWorld
  let app: string
  let developer: ReturnType<typeof createDeveloper>
  beforeAll(async () => {
    world = await startWorld([publicai])
  })
  beforeEach(async () => {
    // A person has room for few apps, and each story wants its own.
    developer = createDeveloper(world.as({ id: `developer-${randomUUID()}` }))
    app = await developer.app()
  })
  afterAll(() => world.stop())

  const now = (): Date => world.hosted().platform.now()
  const gateway = () => world.asService('gateway')
  const statusOf = async (secret: string): Promise<unknown> =>
    (await gateway().query(grant, { digest: digestOf(secret) })).data.apiKeyGrant?.status
  const report = (key: string, batch: string, entry: Record<string, unknown> = {}): Promise<Answer> => {
    const use = { key, operation: 'Prices', at: now().toISOString(), requests: 1, cost: 5, errors: 0, refused: 0 }
    return gateway().query(record, { input: { batch, entries: [{ ...use, ...entry }] } })
  }
  const used = async (variables: Record<string, unknown> = {}): Promise<Answer['data']> =>
    (await developer.client.query(usage, { id: app, ...variables })).data?.developerApp?.usage

  it('sees the secret of a key once, however often and at once the call is made', async () => {
    const input = { app, name: 'Server', idempotencyKey: randomUUID() }
    const answers = await Promise.all(Array.from({ length: 8 }, () => developer.client.query(issue, { input })))
    const issued = answers.map(({ data }) => data.issueKey as { secret: string | null; key: { id: string } })
    expect(new Set(issued.map(({ key }) => key.id)).size).toBe(1)
    expect(issued.filter(({ secret }) => secret !== null)).toHaveLength(1)
    const other = await developer.client.query(issue, { input: { ...input, name: 'Another' } })
    expect(other.codes).toEqual(['CONFLICT'])
  })

  it('finds nothing of the secret in what is stored', async () => {
    const { secret } = await developer.key(app)
    const client = new Client({ connectionString: world.hosted().platform.config.databaseUrl })
    await client.connect()
    const { rows } = await client.query<{ row: string }>('SELECT keys::text AS row FROM publicai.keys')
    const ended = client.query('UPDATE publicai.keys SET scopes = $1', [['READ']])
    await expect(ended).rejects.toThrow('is for good')
    await client.end()
    const stored = rows.map(({ row }) => row).join('\n')
    expect(stored).not.toContain(secret.split('_')[2])
    expect(stored).not.toContain(digestOf(secret))
  })

  it('has at most ten keys that work, also when all are asked for at once', async () => {
    const inputs = Array.from({ length: 14 }, () => ({ app, name: 'A key', idempotencyKey: randomUUID() }))
    const answers = await Promise.all(inputs.map((input) => developer.client.query(issue, { input })))
    const codes = answers.flatMap((answer) => answer.codes)
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'LIMIT_EXCEEDED'))
  })

  it('rotates a key: the old one works for the time given, and has one successor', async () => {
    const old = await developer.key(app, { scopes: ['READ'] })
    const next = await developer.rotate(old.id, 600)
    expect([await statusOf(old.secret), await statusOf(next.secret)]).toEqual(['ACTIVE', 'ACTIVE'])
    await expect(developer.rotate(old.id, 600)).rejects.toThrow('has a successor already')
    world.advance(601_000)
    expect([await statusOf(old.secret), await statusOf(next.secret)]).toEqual(['EXPIRED', 'ACTIVE'])
    await expect(developer.rotate(old.id, 0)).rejects.toThrow('does not work any more')
  })

  it('ends keys for good, one by one and with their app', async () => {
    const [one, other] = [await developer.key(app), await developer.key(app)]
    expect((await developer.revoke(one.id)).revokeKey).toEqual({ status: 'REVOKED' })
    expect((await developer.revoke(one.id)).revokeKey).toEqual({ status: 'REVOKED' })
    expect([await statusOf(one.secret), await statusOf(other.secret)]).toEqual(['REVOKED', 'ACTIVE'])
    await developer.client.query('mutation ($app: ID!) { deleteApp(app: $app) { id } }', { app })
    expect(await statusOf(other.secret)).toBe('REVOKED')
    expect((await developer.client.query(usage, { id: app })).data).toEqual({ developerApp: null })
  })

  it('registers a document once, and under one name', async () => {
    const document = 'query A { plans { id } }'
    const both = await Promise.all([developer.operation(app, document), developer.operation(app, document)])
    expect(both[0]).toEqual(both[1])
    expect(both[0].hash).toBe(digestOf(document))
    const input = { app, name: 'Another name', document }
    const register = 'mutation ($input: RegisterOperationInput!) { registerOperation(input: $input) { id } }'
    expect((await developer.client.query(register, { input })).codes).toEqual(['ALREADY_EXISTS'])
  })

  it('sees use that was reported twice, or by several at once, counted once', async () => {
    const { id } = await developer.key(app)
    await Promise.all(Array.from({ length: 6 }, () => report(id, `${id} same`)))
    await Promise.all(Array.from({ length: 6 }, (_, index) => report(id, `${id} ${index}`, { errors: 1 })))
    expect((await used()).total).toEqual({ requests: 7, cost: 35, errors: 6, refused: 0 })
    expect((await report('nobody’s key', randomUUID())).codes).toEqual([])
  })

  it('sees use in buckets without gaps, and not more of them than can be shown', async () => {
    const { id } = await developer.key(app)
    const at = new Date(now().getTime() - 3 * 3_600_000)
    await report(id, randomUUID(), { at: at.toISOString(), operation: 'Early' })
    await report(id, randomUUID(), { operation: 'Late', cost: 9 })
    const { points, operations } = await used()
    expect(points.length).toBeGreaterThanOrEqual(24)
    const costs = points.map(({ count }: { count: { cost: number } }) => count.cost) as number[]
    expect(costs.filter((cost) => cost > 0)).toEqual([5, 9])
    expect(operations.map(({ operation }: { operation: string }) => operation)).toEqual(['Late', 'Early'])
    const from = new Date(now().getTime() - 2 * 86_400_000).toISOString()
    const tooMany = await developer.client.query(usage, { id: app, from, bucket: 'MINUTE' })
    expect(tooMany.codes).toEqual(['LIMIT_EXCEEDED'])
    const backwards = await developer.client.query(usage, { id: app, from: now().toISOString(), to: from })
    expect(backwards.codes).toEqual(['BAD_USER_INPUT'])
  })

  it('watches an app: the minute so far, and each report as it is counted', async () => {
    const { id } = await developer.key(app)
    await report(id, randomUUID())
    const watch = 'subscription ($app: ID!) { usageUpdated(app: $app) { count { requests } } }'
    const stream = await developer.client.subscribe(watch, { app })
    const requests = async (): Promise<unknown> => (await stream.next()).data.usageUpdated.count.requests
    const first = (await requests()) as number
    await report(id, randomUUID(), { requests: 4 })
    expect([first + 4, 4]).toContain(await requests())
    await stream.stop()
  })
})
