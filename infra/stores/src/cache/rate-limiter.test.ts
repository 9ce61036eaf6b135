import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { openRateLimiter } from './rate-limiter.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { redisModes } from './redis-modes.ts'

describe.each(redisModes())('a rate limiter $mode', ({ redisUrl }) => {
  const opened: RateLimiter[] = []
  const open = (options: { points: number; blockSeconds?: number; name?: string }): RateLimiter => {
    const limiter = openRateLimiter({ redisUrl, name: randomUUID(), durationSeconds: 60, ...options })
    opened.push(limiter)
    return limiter
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((limiter) => limiter.close()))
  })

  test('an allowance is used up point by point, and then refused with when to come back', async () => {
    const limiter = open({ points: 3 })
    expect(await limiter.consume('ada')).toMatchObject({ remaining: 2 })
    expect((await limiter.consume('ada', 2)).remaining).toBe(0)
    const refusal = await limiter.consume('ada').catch((error: unknown) => error)
    expect(refusal).toMatchObject({ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) } })
    const { retryAfterSeconds } = (refusal as { extensions: { retryAfterSeconds: number } }).extensions
    expect(retryAfterSeconds).toBeGreaterThan(0)
    expect(retryAfterSeconds).toBeLessThanOrEqual(60)
  })

  test('each key has its own allowance', async () => {
    const limiter = open({ points: 1 })
    await limiter.consume('ada')
    expect(await limiter.consume('grace')).toMatchObject({ remaining: 0 })
  })

  test('of a hundred requests at once exactly the allowance passes', async () => {
    const limiter = open({ points: 10 })
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => limiter.consume('ada')))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  })

  test('a key that asks for too much is blocked for longer than the window', async () => {
    const limiter = open({ points: 1, blockSeconds: 600 })
    await limiter.consume('ada')
    const refusal = await limiter.consume('ada').catch((error: unknown) => error)
    expect(refusal).toMatchObject({ extensions: { retryAfterSeconds: 600 } })
  })

  test('a reset gives the allowance back', async () => {
    const limiter = open({ points: 1, blockSeconds: 600 })
    await limiter.consume('ada')
    await expect(limiter.consume('ada')).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } })
    await limiter.reset('ada')
    expect(await limiter.consume('ada')).toMatchObject({ remaining: 0 })
  })

  test.runIf(redisUrl !== undefined)('two processes share one allowance', async () => {
    const name = randomUUID()
    const [here, there] = [open({ points: 1, name }), open({ points: 1, name })]
    await here.consume('ada')
    await expect(there.consume('ada')).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } })
  })
})

test('a limiter whose Redis is away still limits, by itself', async () => {
  const limiter = openRateLimiter({ redisUrl: 'redis://127.0.0.1:1', name: 'sign-in', points: 1, durationSeconds: 60 })
  expect(await limiter.consume('ada')).toMatchObject({ remaining: 0 })
  await expect(limiter.consume('ada')).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } })
  await expect(limiter.check()).rejects.toThrow('redis://127.0.0.1:1')
  await limiter.close()
})
