import { describe, expect, it } from 'vitest'
import { createRemembered } from './remembered.ts'

const setUp = () => {
  const state = { now: 0, value: 'first', fails: false, reads: 0 }
  const remembered = createRemembered({
    read: async () => {
      state.reads += 1
      if (state.fails) throw new Error('out of reach')
      return state.value
    },
    freshMs: 1_000,
    graceMs: 60_000,
    now: () => state.now,
  })
  return { state, remembered }
}

describe('what is remembered for a moment', () => {
  it('is read once, for everybody who asks within that moment', async () => {
    const { state, remembered } = setUp()
    await Promise.all([remembered.get('a'), remembered.get('a')])
    state.now = 999
    expect(await remembered.get('a')).toBe('first')
    expect(state.reads).toBe(1)
  })

  it('is never older than that, whatever took how long', async () => {
    const { state, remembered } = setUp()
    await remembered.get('a')
    state.value = 'second'
    state.now = 1_000
    expect(await remembered.get('a')).toBe('second')
    state.value = 'third'
    state.now = 1_300
    expect(await remembered.get('a', 300)).toBe('third')
  })

  it('is asked for again by who comes while an old question is still unanswered', async () => {
    const answers: ((value: string) => void)[] = []
    const state = { now: 0 }
    const remembered = createRemembered<string>({
      read: () => new Promise((resolve) => answers.push(resolve)),
      freshMs: 1_000,
      graceMs: 0,
      now: () => state.now,
    })
    const early = remembered.get('a')
    state.now = 1_000
    const late = remembered.get('a')
    answers[0]?.('old')
    answers[1]?.('new')
    expect([await early, await late]).toEqual(['old', 'new'])
  })

  it('is good for a while longer where it cannot be read, and asked for once a moment', async () => {
    const { state, remembered } = setUp()
    await remembered.get('a')
    state.fails = true
    for (const now of [1_000, 1_500, 59_999]) {
      state.now = now
      expect(await remembered.get('a')).toBe('first')
    }
    expect(state.reads).toBe(3)
    await expect(remembered.get('unknown')).rejects.toThrow('out of reach')
    state.now = 61_000
    await expect(remembered.get('a')).rejects.toThrow('out of reach')
    state.fails = false
    state.now = 62_000
    expect(await remembered.get('a')).toBe('first')
  })
})
