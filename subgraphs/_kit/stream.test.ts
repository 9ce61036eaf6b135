import { expect, test } from 'vitest'
import { openPubSub } from '@codai/stores'
import { silentLogger } from '@codai/runtime'
import { live } from './stream.ts'

const openNumbers = (): ReturnType<typeof openPubSub<{ numbers: number }>> =>
  openPubSub<{ numbers: number }>({ logger: silentLogger })

const doubled = async function* (source: AsyncIterable<number>): AsyncGenerator<number, void> {
  for await (const number of source) yield number * 2
}

test('a live stream gives what is made of each event', async () => {
  const numbers = openNumbers()
  const stream = live(numbers.subscribe('numbers'), doubled)
  await numbers.publish('numbers', 1)
  await numbers.publish('numbers', 2)
  expect([await stream.next(), await stream.next()]).toEqual([
    { value: 2, done: false },
    { value: 4, done: false },
  ])
  await numbers.close()
})

test('a live stream that waits for an event ends when it is told to, and its source with it', async () => {
  const numbers = openNumbers()
  const source = numbers.subscribe('numbers')
  const stream = live(source, doubled)
  const waiting = stream.next()
  await stream.return?.()
  expect(await waiting).toEqual({ value: undefined, done: true })
  expect(await source.next()).toEqual({ value: undefined, done: true })
  await numbers.close()
})

test('a live stream fails as its source fails', async () => {
  const failing: AsyncIterableIterator<number> = {
    next: () => Promise.reject(new Error('fell behind')),
    [Symbol.asyncIterator]: () => failing,
  }
  await expect(live(failing, doubled).next()).rejects.toThrow('fell behind')
})

test('a live stream whose beginning fails leaves its source', async () => {
  const numbers = openNumbers()
  const source = numbers.subscribe('numbers')
  const readFirst = (): Promise<number> => Promise.reject(new Error('no first state'))
  const stream = live(source, async function* () {
    yield await readFirst()
  })
  await expect(stream.next()).rejects.toThrow('no first state')
  expect(await source.next()).toEqual({ value: undefined, done: true })
  await numbers.close()
})

test('a live stream that ends before it looks at its source leaves it', async () => {
  const numbers = openNumbers()
  const source = numbers.subscribe('numbers')
  const stream = live(source, async function* () {
    yield 1
  })
  expect([await stream.next(), await stream.next()]).toEqual([
    { value: 1, done: false },
    { value: undefined, done: true },
  ])
  expect(await source.next()).toEqual({ value: undefined, done: true })
  await numbers.close()
})
