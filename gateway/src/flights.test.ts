import { describe, expect, it } from 'vitest'
import { createCancellation } from './cancellation.ts'
import { createFlights } from './flights.ts'

describe('work that is under way', () => {
  it('is shared by all who ask for the same meanwhile, and begun anew for who comes later', async () => {
    const flights = createFlights<number>()
    let begun = 0
    const begin = async (): Promise<number> => (begun += 1)
    expect(await Promise.all([flights.join('a', undefined, begin), flights.join('a', undefined, begin)])).toEqual([
      1, 1,
    ])
    expect(await flights.join('a', undefined, begin)).toBe(2)
    expect(await flights.join('b', undefined, begin)).toBe(3)
  })

  it('is cancelled when the last who waits has left, and not before', () => {
    const flights = createFlights<void>()
    const first = createCancellation()
    const second = createCancellation()
    let cancelled = false
    const begin = (cancellation: { onCancel: (callback: () => void) => unknown }): Promise<void> => {
      cancellation.onCancel(() => (cancelled = true))
      return new Promise(() => {})
    }
    void flights.join('a', first, begin)
    void flights.join('a', second, begin)
    first.cancel()
    expect(cancelled).toBe(false)
    second.cancel()
    expect(cancelled).toBe(true)
  })

  it('fails for all who share it', async () => {
    const flights = createFlights<void>()
    const fail = (): Promise<void> => Promise.reject(new Error('lost'))
    const both = [flights.join('a', undefined, fail), flights.join('a', undefined, fail)]
    expect(await Promise.allSettled(both)).toMatchObject([
      { status: 'rejected', reason: { message: 'lost' } },
      { status: 'rejected', reason: { message: 'lost' } },
    ])
  })
})
