import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '@codai/runtime'
import { describe, expect, it } from 'vitest'
import { signIn } from './client.ts'
import type { System } from './system.ts'

/** The query of the README, and the services that it says are asked. */
const shown = (): { query: string; services: string[] } => {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8')
  const query = /```graphql\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  return { query, services: [...query.matchAll(/# ([a-z]+)$/gm)].map(([, name = '']) => name) }
}

/** How many requests the gateway has sent to each subgraph. */
const subgraphRequests = async (url: string): Promise<ReadonlyMap<string, number>> => {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  const counts = new Map<string, number>()
  for (const line of metrics.split('\n')) {
    const found = /^codai_gateway_subgraph_request_duration_seconds_count\{(.*)\} (\d+)$/.exec(line)
    const name = /subgraph="(\w+)"/.exec(found?.[1] ?? '')?.[1]
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + Number(found?.[2]))
  }
  return counts
}

/** The query of the README, on the whole system. */
export const describeWalk = (running: () => System): void => {
  describe('the query of the README', () => {
    it('walks through at least eight services, and asks each of them once', async () => {
      const { url } = running()
      const { query, services } = shown()
      expect(new Set(services).size).toBeGreaterThanOrEqual(8)
      const ada = await signIn(running(), 'ada')
      const before = await subgraphRequests(url)
      const { data, errors } = await ada.ask(query)
      const after = await subgraphRequests(url)
      expect(errors).toEqual([])
      expect(data.me).toMatchObject({
        handle: 'ada',
        netWorth: { currency: 'EUR' },
        wallets: { edges: [{ node: { assets: expect.any(Array) } }] },
        enrollments: { edges: expect.any(Array) },
        projects: { edges: expect.arrayContaining([{ node: expect.objectContaining({ owner: { handle: 'ada' } }) }]) },
      })
      const asked = [...after].flatMap(([name, count]) => {
        const requests = count - (before.get(name) ?? 0)
        return requests === 0 ? [] : [[name, requests] as const]
      })
      // The owner of a project is a person again: only logai is asked twice.
      const expected = services.map((name) => [name, name === 'logai' ? 2 : 1] as const)
      expect(Object.fromEntries(asked)).toEqual(Object.fromEntries(expected))
    })
  })
}
