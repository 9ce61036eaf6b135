import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { silentLogger } from '@codai/runtime'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import type { Service } from './context.ts'
import { createSigningKeys } from './keys.ts'
import { signInAs } from './logai.fixture.ts'
import logai from './subgraph.ts'
import { createSealer } from './vault.ts'

const dayMs = 24 * 3_600_000
let world: TestWorld
beforeEach(async () => {
  world = await startWorld([logai])
})
afterEach(() => world?.stop())

const published = async (): Promise<JSONWebKeySet> => {
  const response = await fetch(new URL('/jwks.json', world.hosted().url))
  return (await response.json()) as JSONWebKeySet
}
const kids = async (): Promise<(string | undefined)[]> => (await published()).keys.map(({ kid }) => kid)
const tokenNow = async (): Promise<{ token: string; kid: string | undefined }> => {
  const { accessToken } = await signInAs(world, 'ada')
  return { token: accessToken, kid: decodeProtectedHeader(accessToken).kid }
}
const verifies = async (token: string): Promise<boolean> => {
  const keys = createLocalJWKSet(await published())
  return jwtVerify(token, keys, { currentDate: world.hosted().platform.now() }).then(
    () => true,
    () => false,
  )
}

it('publishes no private part', async () => {
  await tokenNow()
  const [key, ...others] = (await published()).keys
  expect(others).toEqual([])
  expect(Object.keys(key ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

it('changes the key after 30 days, with a day of notice, and keeps the old one while its tokens live', async () => {
  const first = await tokenNow()
  world.advance(28 * dayMs)
  expect(await kids()).toEqual([first.kid])
  world.advance(1.5 * dayMs)
  const announced = await kids()
  expect(announced).toHaveLength(2)
  expect(announced).toContain(first.kid)
  expect((await tokenNow()).kid).toBe(first.kid)

  world.advance(0.5 * dayMs - 60_000)
  const last = await tokenNow()
  expect(last.kid).toBe(first.kid)
  world.advance(2 * 60_000)
  const next = await tokenNow()
  expect(next.kid).not.toBe(first.kid)
  expect(announced).toContain(next.kid)
  expect(await verifies(last.token)).toBe(true)
  expect(await verifies(next.token)).toBe(true)

  world.advance(dayMs)
  expect(await kids()).toEqual([next.kid])
})

it('keeps its keys over a restart', async () => {
  const before = await tokenNow()
  await world.restart()
  expect((await tokenNow()).kid).toBe(before.kid)
  expect(await verifies(before.token)).toBe(true)
})

it('makes one key, however many processes begin at once', async () => {
  const { service, platform } = world.hosted()
  const { store } = service as Service
  const client = await platform.relational()
  const sealer = createSealer('a secret of all the processes', 'signing keys')
  const many = 4
  let inside = 0
  /** Resolves when every process is at work, or waits for the one that is. */
  const everyoneIsThere = () =>
    expect
      .poll(async () => {
        const [found] = await client.$queryRaw<{ waiting: number }[]>`
          SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
        return inside + (found?.waiting ?? 0)
      })
      .toBeGreaterThanOrEqual(many)
  const rotateSigningKeys: Service['store']['rotateSigningKeys'] = (missing, oldest) =>
    store.rotateSigningKeys(async (rows) => {
      inside += 1
      await everyoneIsThere()
      return missing(rows)
    }, oldest)
  const processes = Array.from({ length: many }, () =>
    createSigningKeys({
      store: { signingKeys: store.signingKeys, rotateSigningKeys },
      sealer,
      now: platform.now,
      logger: silentLogger,
    }),
  )
  const used = await Promise.all(processes.map((keys) => keys.current()))
  expect(new Set(used.map(({ kid }) => kid)).size).toBe(1)
  expect(await store.signingKeys()).toHaveLength(1)
})

it('goes on with a new key when the secret that sealed the old one is lost', async () => {
  const before = await tokenNow()
  const { service, platform } = world.hosted()
  const { store } = service as Service
  const keys = createSigningKeys({
    store,
    sealer: createSealer('another secret', 'signing keys'),
    now: platform.now,
    logger: silentLogger,
  })
  const { kid } = await keys.current()
  expect(kid).not.toBe(before.kid)
  const stillPublished = (await keys.published()).keys.map((key) => key.kid)
  expect(stillPublished).toContain(before.kid)
})
