import { describe, expect, it } from 'vitest'
import { inOrder, newestOfEach } from './waiting.ts'
import type { Waiting } from './waiting.ts'

const takeAll = <Event>(waiting: Waiting<Event>): Event[] => {
  const events: Event[] = []
  for (let event = waiting.take(); event !== undefined; event = waiting.take()) events.push(event)
  return events
}

describe('events that wait', () => {
  it('are taken in their order, and refused when there is no room', () => {
    const waiting = inOrder<number>(2)
    expect([waiting.add(1), waiting.add(2), waiting.add(3)]).toEqual([true, true, false])
    expect(takeAll(waiting)).toEqual([1, 2])
    expect(waiting.add(4)).toBe(true)
    expect(waiting.clear()).toBe(1)
    expect(waiting.take()).toBeUndefined()
  })

  it('are refused when they are too large together, but never one alone', () => {
    const waiting = newestOfEach<string>({
      capacity: 10,
      room: { most: 5, sizeOf: ({ length }) => length },
      keyOf: ([key]) => (key === 'k' ? key : undefined),
    })
    expect([waiting.add('one too large'), waiting.add('a')]).toEqual([true, false])
    expect(waiting.take()).toBe('one too large')
    expect([waiting.add('aa'), waiting.add('kk'), waiting.add('kkk'), waiting.add('kkkk')]).toEqual([
      true,
      true,
      true,
      false,
    ])
    expect(takeAll(waiting)).toEqual(['aa', 'kkk'])
    expect(waiting.add('bbbbb')).toBe(true)
  })

  it('make room for the newest of their key, which keeps the place of the first', () => {
    let replaced = 0
    const waiting = newestOfEach<readonly [string | undefined, number]>({
      capacity: 3,
      keyOf: ([key]) => key,
      onReplaced: () => (replaced += 1),
    })
    waiting.add(['a', 1])
    waiting.add(['b', 2])
    waiting.add([undefined, 3])
    expect(waiting.add([undefined, 4])).toBe(false)
    expect(waiting.add(['a', 5])).toBe(true)
    expect(takeAll(waiting)).toEqual([
      ['a', 5],
      ['b', 2],
      [undefined, 3],
    ])
    expect(replaced).toBe(1)
  })
})
