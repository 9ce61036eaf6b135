import { expect, test } from 'vitest'
import { loader } from './loader.ts'

test('a loader answers all keys of a request with one call, and unknown ones with null', async () => {
  const calls: (readonly string[])[] = []
  const lengths = loader(
    async (keys) => {
      calls.push(keys)
      return keys.filter((key) => key !== 'unknown').map((key) => ({ key, length: key.length }))
    },
    ({ key }) => key,
  )
  const found = await Promise.all([lengths.load('ada'), lengths.load('unknown'), lengths.load('ada')])
  expect(found).toEqual([{ key: 'ada', length: 3 }, null, { key: 'ada', length: 3 }])
  expect(calls).toEqual([['ada', 'unknown']])
})

test('a key that no store can hold is unknown, and no store is asked for it', async () => {
  const asked: string[] = []
  const ids = loader(
    async (keys) => {
      asked.push(...keys)
      return keys
    },
    (key) => key,
  )
  expect(await Promise.all([ids.load('a\0b'), ids.load('c')])).toEqual([null, 'c'])
  expect(asked).toEqual(['c'])
  expect(await ids.load('\0')).toBeNull()
})
