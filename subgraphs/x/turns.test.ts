import { describe, expect, it } from 'vitest'
import { takeTurns } from './turns.ts'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('reads that take turns', () => {
  it('are one for all who asked while another was under way, and begin after they asked', async () => {
    const begun: { keys: readonly string[]; finish: (value: number) => void }[] = []
    const read = takeTurns<string, number>((keys) => new Promise((resolve) => begun.push({ keys, finish: resolve })))
    const first = read(['a'])
    await nextTurn()
    const second = read(['a', 'b'])
    const third = read(['c'])
    await nextTurn()
    expect(begun.map(({ keys }) => keys)).toEqual([['a']])
    begun[0]?.finish(1)
    expect(await first).toBe(1)
    await nextTurn()
    expect(begun.map(({ keys }) => keys)).toEqual([['a'], ['a', 'b', 'c']])
    begun[1]?.finish(2)
    expect(await Promise.all([second, third])).toEqual([2, 2])
  })

  it('go on after one that failed', async () => {
    let count = 0
    const read = takeTurns<string, number>(async () => {
      count += 1
      if (count === 1) throw new Error('lost')
      return count
    })
    await expect(read(['a'])).rejects.toThrow('lost')
    expect(await read(['a'])).toBe(2)
  })
})
