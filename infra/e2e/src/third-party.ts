import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signIn } from './client.ts'
import type { System } from './system.ts'

type PublicAnswer = {
  status: number
  headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever it asked for
  data: any
  codes: unknown[]
}

const askPublic = async ({ url }: System, key: string, query: string): Promise<PublicAnswer> => {
  const response = await fetch(`${url}/public/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ query }),
  })
  const { data, errors = [] } = (await response.json()) as {
    data?: unknown
    errors?: { extensions: { code: unknown } }[]
  }
  const codes = errors.map(({ extensions }) => extensions.code)
  return { status: response.status, headers: response.headers, data, codes }
}

const createApp = 'mutation ($input: CreateAppInput!) { createApp(input: $input) { id plan { id burst } } }'
const issueKey =
  'mutation ($input: IssueKeyInput!) { issueKey(input: $input) { secret key { id prefix status app { owner { handle } } } } }'
const watchUse =
  'subscription ($app: ID!) { usageUpdated(app: $app) { startsAt count { requests cost errors refused } } }'
const board = 'query Board { instruments(first: 5) { edges { node { symbol ticker { last } } } } }'
// As dear as the plan allows.
const dear = '{ instruments(first: 80) { edges { node { symbol ticker { last } orderBook { sequence } } } } }'

/** A third party comes, is let in, is counted, reaches its limit, and is shut out. */
export const describeThirdParty = (running: () => System): void => {
  describe('a third party', () => {
    it('creates an app, queries the public graph, sees its use live, meets its limit, and loses its key', async () => {
      const system = running()
      const carol = await signIn(system, 'carol')
      const created = await carol.ask(createApp, { input: { name: 'Ticker tape', idempotencyKey: randomUUID() } })
      expect(created.errors).toEqual([])
      const app = created.data.createApp.id as string
      const input = { app, name: 'Server', idempotencyKey: randomUUID() }
      const issued = await carol.ask(issueKey, { input })
      expect(issued.data.issueKey.key).toMatchObject({ status: 'ACTIVE', app: { owner: { handle: 'carol' } } })
      const { secret, key } = issued.data.issueKey as { secret: string; key: { id: string; prefix: string } }
      expect(secret.startsWith(key.prefix)).toBe(true)

      const use = await carol.listen('publicai', watchUse, { app })
      const answer = await askPublic(system, secret, board)
      expect(answer.codes).toEqual([])
      expect(answer.data.instruments.edges[0].node.symbol).toEqual(expect.any(String))
      expect(answer.headers.get('ratelimit-limit')).toBe('1000')
      expect(answer.headers.get('x-query-cost')).toMatch(/^actual=\d+, estimated=\d+$/)
      const counted = await use.until((event) => event.usageUpdated?.count.requests === 1)
      expect(counted.usageUpdated.count).toMatchObject({ errors: 0, refused: 0 })
      expect((await askPublic(system, secret, '{ me { id } }')).codes).toEqual(['GRAPHQL_VALIDATION_FAILED'])

      let refused: PublicAnswer | undefined
      for (let round = 0; !refused && round < 20; round += 1) {
        const answers = await Promise.all(Array.from({ length: 10 }, () => askPublic(system, secret, dear)))
        refused = answers.find(({ status }) => status === 429)
      }
      expect(refused?.codes).toEqual(['RATE_LIMITED'])
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(Number(refused?.headers.get('ratelimit-reset'))).toBeGreaterThan(0)
      await use.until((event) => event.usageUpdated?.count.refused > 0)
      use.stop()

      const revoked = await carol.ask('mutation ($key: ID!) { revokeKey(key: $key) { status } }', { key: key.id })
      expect(revoked.data).toEqual({ revokeKey: { status: 'REVOKED' } })
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      expect(await askPublic(system, secret, board)).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
      const usage =
        '{ me { apps(first: 1) { edges { node { name usage { total { requests } operations { operation } } } } } } }'
      const { data } = await carol.ask(usage)
      expect(data.me.apps.edges[0].node).toMatchObject({ name: 'Ticker tape' })
      expect(data.me.apps.edges[0].node.usage.operations).toContainEqual({ operation: 'Board' })
    }, 60_000)
  })
}
