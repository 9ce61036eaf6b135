import { describe, expect, it } from 'vitest'
import { createResilience } from './resilience.ts'

const OPTIONS = { isRead: true, cancellation: undefined, isTrouble: () => false, mayRetry: () => false }

describe('a subgraph that holds every request', () => {
  it('may have so many, and refuses all others at once until it answers', async () => {
    const resilience = createResilience(() => {})
    const answers: (() => void)[] = []
    const ask = (): Promise<string> =>
      resilience.run(() => new Promise((resolve) => answers.push(() => resolve('answered'))), OPTIONS)
    const asked = Array.from({ length: 512 + 2_048 }, ask)
    await expect(ask()).rejects.toThrow('Bulkhead')
    expect(answers).toHaveLength(512)

    for (let next = answers.shift(); next; next = answers.shift()) {
      next()
      // What waited for a place takes it before the next one is answered.
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['answered']))
    const again = ask()
    await expect.poll(() => answers).toHaveLength(1)
    answers[0]?.()
    expect(await again).toBe('answered')
  })
})
