import { randomUUID } from 'node:crypto'
import { silentLogger } from '@codai/runtime'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { openCache } from './cache.ts'
import type { Cache } from './cache.ts'
import { redisModes } from './redis-modes.ts'

const MINUTE = 60_000

describe.each(redisModes())('a cache $mode', ({ redisUrl }) => {
  const opened: Cache[] = []
  const open = (name: string = randomUUID()): Cache => {
    const cache = openCache({ redisUrl, logger: silentLogger, name })
    opened.push(cache)
    return cache
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((cache) => cache.close()))
  })

  test('a value is loaded once and served until it is dropped', async () => {
    const cache = open()
    const load = vi.fn(async () => ({ name: 'Ada' }))
    expect(await cache.getOrSet('user:1', MINUTE, load)).toEqual({ name: 'Ada' })
    expect(await cache.getOrSet('user:1', MINUTE, load)).toEqual({ name: 'Ada' })
    expect(load).toHaveBeenCalledTimes(1)
    await cache.delete('user:1')
    await cache.getOrSet('user:1', MINUTE, load)
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('a hundred callers of one key at once share one load', async () => {
    const cache = open()
    const load = vi.fn(async () => 42)
    const values = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet('answer', MINUTE, load)))
    expect(values).toEqual(Array.from({ length: 100 }, () => 42))
    expect(load).toHaveBeenCalledTimes(1)
  })

  test('dropping a tag drops its entries and no others', async () => {
    const cache = open()
    const load = vi.fn(async () => 'value')
    await cache.getOrSet('a', MINUTE, load, { tags: ['user:1', 'list'] })
    await cache.getOrSet('b', MINUTE, load, { tags: ['user:2'] })
    await cache.deleteByTag('user:1')
    await cache.getOrSet('b', MINUTE, load, { tags: ['user:2'] })
    expect(load).toHaveBeenCalledTimes(2)
    await cache.getOrSet('a', MINUTE, load, { tags: ['user:1', 'list'] })
    expect(load).toHaveBeenCalledTimes(3)
  })

  test.each([
    ['its key', (cache: Cache) => cache.delete('balance')],
    ['its tag', (cache: Cache) => cache.deleteByTag('account:1')],
  ])('a value that was being loaded when %s was dropped is not kept', async (_, drop) => {
    const cache = open()
    let finish = (_value: string): void => undefined
    const value = new Promise<string>((resolve) => {
      finish = resolve
    })
    let stale: Promise<string> | undefined
    await new Promise<void>((began) => {
      const load = (): Promise<string> => {
        began()
        return value
      }
      stale = cache.getOrSet('balance', MINUTE, load, { tags: ['account:1'] })
    })
    await drop(cache)
    finish('old')
    expect(await stale).toBe('old')
    expect(await cache.getOrSet('balance', MINUTE, async () => 'new', { tags: ['account:1'] })).toBe('new')
  })

  test('what a load throws reaches the caller as it is, and the next caller loads again', async () => {
    const cache = open()
    const failure = new Error('The database is away.')
    await expect(cache.getOrSet('key', MINUTE, () => Promise.reject(failure))).rejects.toBe(failure)
    expect(await cache.getOrSet('key', MINUTE, async () => 'back')).toBe('back')
  })

  test('dates and bigints keep their type, and a caller cannot change what others get', async () => {
    const cache = open()
    const stored = { at: new Date('2026-01-31T12:00:00Z'), minorUnits: 9_007_199_254_740_993n, tags: ['a'] }
    await cache.getOrSet('payment', MINUTE, async () => stored)
    const first = await cache.getOrSet('payment', MINUTE, async () => stored)
    first.tags.push('changed')
    expect(await cache.getOrSet('payment', MINUTE, async () => stored)).toEqual({ ...stored, tags: ['a'] })
  })

  test('with no time to live nothing is kept', async () => {
    const cache = open()
    const load = vi.fn(async () => 1)
    await cache.getOrSet('key', 0, load)
    await cache.getOrSet('key', 0, load)
    expect(load).toHaveBeenCalledTimes(2)
  })

  test('nothing found (null) is kept, undefined is not', async () => {
    const cache = open()
    const loadNull = vi.fn(async () => null)
    const loadUndefined = vi.fn(async () => undefined)
    for (let time = 0; time < 2; time += 1) {
      expect(await cache.getOrSet('null', MINUTE, loadNull)).toBeNull()
      expect(await cache.getOrSet('undefined', MINUTE, loadUndefined)).toBeUndefined()
    }
    expect(loadNull).toHaveBeenCalledTimes(1)
    expect(loadUndefined).toHaveBeenCalledTimes(2)
  })

  test('caches of different names do not see each other', async () => {
    expect(await open().getOrSet('key', MINUTE, async () => 'one')).toBe('one')
    expect(await open().getOrSet('key', MINUTE, async () => 'two')).toBe('two')
  })

  test.runIf(redisUrl !== undefined)('two processes share entries, and dropping reaches both', async () => {
    const name = randomUUID()
    const [here, there] = [open(name), open(name)]
    const load = vi.fn(async () => 'old')
    await here.getOrSet('key', MINUTE, load, { tags: ['tag'] })
    expect(await there.getOrSet('key', MINUTE, load, { tags: ['tag'] })).toBe('old')
    expect(load).toHaveBeenCalledTimes(1)
    await there.deleteByTag('tag')
    await vi.waitFor(async () => {
      expect(await here.getOrSet('key', MINUTE, async () => 'new', { tags: ['tag'] })).toBe('new')
    })
  })
})

describe('a cache whose Redis is away', () => {
  test('goes on from memory, says what is unreachable, and refuses to drop entries it cannot drop everywhere', async () => {
    const cache = openCache({ redisUrl: 'redis://:hidden@127.0.0.1:1', logger: silentLogger, name: 'gateway' })
    expect(await cache.getOrSet('key', MINUTE, async () => 'loaded')).toBe('loaded')
    const failure = await cache.deleteByTag('tag').catch((error: unknown) => error)
    expect(failure).toMatchObject({ extensions: { code: 'UNAVAILABLE' } })
    expect(String(failure)).toContain('redis://127.0.0.1:1')
    expect(String(failure)).toContain('the cache "gateway"')
    expect(String(failure)).not.toContain('hidden')
    await cache.close()
  })
})
