import { describe, expect, test } from 'vitest'
import { createKeyedMutex, createMutex } from './mutex.ts'

const createGate = (): { readonly open: () => void; readonly opened: Promise<void> } => {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open: () => open(), opened }
}

describe('createMutex', () => {
  test('runs one at a time, first come first served', async () => {
    const mutex = createMutex()
    const story: string[] = []
    const gate = createGate()
    const runs = [1, 2, 3].map((turn) =>
      mutex(async () => {
        story.push(`${turn} begins`)
        await gate.opened
        story.push(`${turn} ends`)
        return turn
      }),
    )
    gate.open()
    expect(await Promise.all(runs)).toEqual([1, 2, 3])
    expect(story).toEqual(['1 begins', '1 ends', '2 begins', '2 ends', '3 begins', '3 ends'])
  })

  test('a failure goes to its caller and frees the turn', async () => {
    const mutex = createMutex()
    const failing = mutex(async () => {
      throw new Error('broken')
    })
    const next = mutex(async () => 'done')
    await expect(failing).rejects.toThrow('broken')
    expect(await next).toBe('done')
  })
})

describe('createKeyedMutex', () => {
  test('waits for the same key only', async () => {
    const mutex = createKeyedMutex()
    const gate = createGate()
    const story: string[] = []
    const first = mutex('a', async () => {
      await gate.opened
      story.push('first a')
    })
    const second = mutex('a', async () => {
      story.push('second a')
    })
    await mutex('b', async () => {
      story.push('b')
    })
    gate.open()
    await Promise.all([first, second])
    expect(story).toEqual(['b', 'first a', 'second a'])
  })
})
