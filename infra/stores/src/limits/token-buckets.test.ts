import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { redisModes } from '../cache/redis-modes.ts'
import { createLocalBuckets } from './local-buckets.ts'
import { openTokenBuckets } from './token-buckets.ts'
import type { TokenBuckets } from './token-buckets.ts'

const size = { capacity: 100, perSecond: 10 }

describe('a bucket in this process', () => {
  const clock = { now: 0 }
  const buckets = createLocalBuckets({ now: () => clock.now, mostKeys: 2 })

  it('gives a burst, then nothing, then what flowed back', () => {
    expect(buckets.take('a', 60, size)).toEqual({ taken: true, remaining: 40, fullInMs: 6_000, enoughInMs: 0 })
    expect(buckets.take('a', 60, size)).toEqual({ taken: false, remaining: 40, fullInMs: 6_000, enoughInMs: 2_000 })
    clock.now += 2_000
    expect(buckets.take('a', 60, size)).toMatchObject({ taken: true, remaining: 0 })
  })

  it('owes what was charged beyond it, and never holds more than it can', () => {
    buckets.charge('b', 150, size)
    expect(buckets.take('b', 1, size)).toMatchObject({ taken: false, remaining: -50, enoughInMs: 5_100 })
    expect(buckets.charge('b', -500, size)).toMatchObject({ remaining: 100, fullInMs: 0 })
    clock.now += 60_000
    expect(buckets.take('b', 101, size)).toMatchObject({ taken: false, remaining: 100 })
  })

  it('forgets the key that was unused for longest, and no other', () => {
    const few = createLocalBuckets({ now: () => 0, mostKeys: 2 })
    for (const key of ['a', 'b', 'a', 'c']) few.take(key, 10, size)
    expect(few.take('a', 0, size).remaining).toBe(80)
    expect(few.take('b', 0, size).remaining).toBe(100)
  })

  it('goes by the size that it has now', () => {
    buckets.take('c', 10, size)
    expect(buckets.take('c', 0, { capacity: 20, perSecond: 1 }).remaining).toBe(20)
  })
})

describe.each(redisModes())('token buckets $mode', ({ redisUrl }) => {
  const opened: TokenBuckets[] = []
  const name = randomUUID()
  const open = (): TokenBuckets => {
    const buckets = openTokenBuckets({ redisUrl, name })
    opened.push(buckets)
    return buckets
  }
  afterEach(() => Promise.all(opened.splice(0).map((buckets) => buckets.close())))

  it('never give more than there is, however many ask at once', async () => {
    const buckets = open()
    const slow = { capacity: 100, perSecond: 0.001 }
    const asked = await Promise.all(Array.from({ length: 50 }, () => buckets.take('a', 7, slow)))
    expect(asked.filter(({ taken }) => taken)).toHaveLength(14)
    expect(await buckets.take('another', 100, slow)).toMatchObject({ taken: true, remaining: 0 })
  })

  it('take back what was charged too much', async () => {
    const buckets = open()
    await buckets.take('b', 90, size)
    expect((await buckets.charge('b', -50, size)).remaining).toBeGreaterThanOrEqual(60)
  })

  it.skipIf(redisUrl === undefined)('are the same for every process', async () => {
    const slow = { capacity: 10, perSecond: 0.001 }
    await open().take('shared', 10, slow)
    expect(await open().take('shared', 1, slow)).toMatchObject({ taken: false, remaining: 0 })
  })
})

describe('token buckets whose Redis is gone', () => {
  it('are kept by each process', async () => {
    const buckets = openTokenBuckets({ redisUrl: 'redis://127.0.0.1:1', name: 'gone' })
    expect(await buckets.take('a', 60, size)).toMatchObject({ taken: true })
    expect(await buckets.take('a', 60, size)).toMatchObject({ taken: false })
    await expect(buckets.check()).rejects.toThrow('unreachable')
    await buckets.close()
  })
})
