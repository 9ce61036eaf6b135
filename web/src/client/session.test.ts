import { describe, expect, it } from 'vitest'
import { openSession, RefreshRefused } from './session.ts'
import type { SessionParts, TokenPair } from './session.ts'

const minute = 60_000
const jwt = (claims: object): string => `h.${btoa(JSON.stringify(claims))}.s`

/** A browser whose tabs share storage and lock, and a service that gives each refresh token one use. */
const browser = () => {
  const items = new Map<string, string>()
  let time = 1_000_000
  let number = 0
  let turn: Promise<unknown> = Promise.resolve()
  const valid = new Set<string>()
  let renewals = 0
  let offline = false
  const issue = (): TokenPair => {
    number += 1
    valid.add(`refresh-${number}`)
    return {
      accessToken: jwt({ iat: 500, exp: 500 + 15 * 60, n: number }),
      accessTokenExpiresAt: new Date(time + 15 * minute).toISOString(),
      refreshToken: `refresh-${number}`,
      user: { id: 'u1', handle: 'ada' },
    }
  }
  const parts: SessionParts = {
    storage: {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    },
    exclusively: (task) => {
      const mine = turn.then(task)
      turn = mine.catch(() => undefined)
      return mine
    },
    renew: async (refreshToken) => {
      if (offline) throw new TypeError('Failed to fetch')
      renewals += 1
      if (!valid.delete(refreshToken)) throw new RefreshRefused('TOKEN_REUSED')
      return issue()
    },
    now: () => time,
  }
  return {
    openTab: () => openSession(parts),
    issue,
    pass: (ms: number) => {
      time += ms
    },
    goOffline: (value: boolean) => {
      offline = value
    },
    revokeAll: () => valid.clear(),
    renewals: () => renewals,
  }
}

describe('the session of a browser', () => {
  it('is there again after the page is loaded again, without asking the service', async () => {
    const world = browser()
    world.openTab().begin(world.issue())
    const tab = world.openTab()
    expect(tab.signedIn.get()?.handle).toBe('ada')
    expect(await tab.accessToken()).toBe(tab.signedIn.get()?.accessToken)
    expect(world.renewals()).toBe(0)
  })

  it('is renewed once, however many requests of however many tabs need it at once', async () => {
    const world = browser()
    const first = world.openTab()
    first.begin(world.issue())
    const tabs = [first, world.openTab(), world.openTab()]
    world.pass(15 * minute)
    const tokens = await Promise.all(tabs.flatMap((tab) => [tab.accessToken(), tab.accessToken()]))
    expect(new Set(tokens).size).toBe(1)
    expect(world.renewals()).toBe(1)
    expect(tabs.every((tab) => tab.signedIn.get() !== null)).toBe(true)
  })

  it('is renewed when the service refuses a token that looked fresh', async () => {
    const world = browser()
    const tab = world.openTab()
    tab.begin(world.issue())
    const refused = tab.signedIn.get()?.accessToken
    expect(await tab.accessToken(refused)).not.toBe(refused)
    expect(world.renewals()).toBe(1)
  })

  it('outlives a network that is away', async () => {
    const world = browser()
    const tab = world.openTab()
    tab.begin(world.issue())
    world.pass(20 * minute)
    world.goOffline(true)
    await expect(tab.accessToken()).rejects.toThrow('Failed to fetch')
    world.goOffline(false)
    expect(await tab.accessToken()).toBeTypeOf('string')
    expect(tab.endedBecause.get()).toBeNull()
  })

  it('ends, and says why, when the refresh token was used by somebody else', async () => {
    const world = browser()
    const tab = world.openTab()
    tab.begin(world.issue())
    world.revokeAll()
    world.pass(20 * minute)
    expect(await tab.accessToken()).toBeNull()
    expect(tab.signedIn.get()).toBeNull()
    expect(tab.endedBecause.get()).toBe('TOKEN_REUSED')
  })

  it('ends in every tab when the person signs out in one', () => {
    const world = browser()
    const tab = world.openTab()
    tab.begin(world.issue())
    const other = world.openTab()
    tab.end('SIGNED_OUT')
    other.reload()
    expect(other.signedIn.get()).toBeNull()
  })

  it('trusts the life that the token claims and not a clock that is wrong', () => {
    const world = browser()
    const tab = world.openTab()
    tab.begin({ ...world.issue(), accessTokenExpiresAt: '1999-01-01T00:00:00.000Z' })
    expect(tab.isFresh()).toBe(true)
  })
})
