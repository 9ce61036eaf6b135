import { describe, expect, it } from 'vitest'
import { createEventStream } from './event-stream.ts'
import type { EventStream, EventStreamOptions } from './event-stream.ts'
import { inOrder } from './waiting.ts'

type Doubler = EventStream<number, number> & { readonly closes: () => number }

const createDoubler = (options: Partial<EventStreamOptions<number, number>> = {}): Doubler => {
  let closes = 0
  const stream = createEventStream<number, number>({
    waiting: inOrder(3),
    process: async (event) => event * 2,
    overflow: () => new Error('too slow'),
    onClose: () => (closes += 1),
    ...options,
  })
  return { ...stream, closes: () => closes }
}

const DONE = { done: true, value: undefined }

describe('an event stream', () => {
  it('gives the value of each event, in order, whether it comes before or after it is asked for', async () => {
    const { values, push } = createDoubler()
    push(1)
    push(2)
    expect(await values.next()).toEqual({ done: false, value: 2 })
    expect(await values.next()).toEqual({ done: false, value: 4 })
    const waiting = values.next()
    push(3)
    expect(await waiting).toEqual({ done: false, value: 6 })
  })

  it('makes one value at a time', async () => {
    let running = 0
    const { values, push } = createDoubler({
      process: async (event) => {
        running += 1
        expect(running).toBe(1)
        await Promise.resolve()
        running -= 1
        return event
      },
    })
    for (const event of [1, 2, 3]) push(event)
    const taken = await Promise.all([values.next(), values.next(), values.next()])
    expect(taken.map(({ value }) => value)).toEqual([1, 2, 3])
  })

  it('ends after the events that wait, with the error it is given', async () => {
    const { values, push, end, closes } = createDoubler()
    push(1)
    end(new Error('gone'))
    push(2)
    expect(await values.next()).toEqual({ done: false, value: 2 })
    await expect(values.next()).rejects.toThrow('gone')
    expect(await values.next()).toEqual(DONE)
    expect(closes()).toBe(1)
  })

  it('drops what waits and fails when the reader is slower than its capacity allows', async () => {
    const { values, push, closes } = createDoubler()
    for (const event of [1, 2, 3, 4]) push(event)
    await expect(values.next()).rejects.toThrow('too slow')
    expect(await values.next()).toEqual(DONE)
    expect(closes()).toBe(1)
  })

  it('goes on without what waited where its owner says so', async () => {
    const lost: number[] = []
    const { values, push } = createDoubler({ overflow: (dropped) => void lost.push(dropped) })
    for (const event of [1, 2, 3, 4, 5]) push(event)
    expect(await values.next()).toEqual({ done: false, value: 10 })
    expect(lost).toEqual([4])
  })

  it('releases its source at once on return, while a value is being made', async () => {
    let finish = (): void => {}
    const { values, push, closes } = createDoubler({
      process: (event) => new Promise((resolve) => (finish = () => resolve(event))),
    })
    push(1)
    const waiting = values.next()
    expect(await values.return()).toEqual(DONE)
    expect(closes()).toBe(1)
    expect(await waiting).toEqual(DONE)
    finish()
  })

  it('ends when a value cannot be made', async () => {
    const { values, push, closes } = createDoubler({ process: () => Promise.reject(new Error('broken')) })
    push(1)
    await expect(values.next()).rejects.toThrow('broken')
    expect(closes()).toBe(1)
  })
})
