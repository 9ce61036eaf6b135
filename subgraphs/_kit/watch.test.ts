import { expect, test } from 'vitest'
import { openPubSub } from '@codai/stores'
import { silentLogger } from '@codai/runtime'
import { createWatch } from './watch.ts'

type Thing = { version: number; owner: string }

const openThings = () => {
  const things = new Map<string, Thing>([['one', { version: 1, owner: 'ada' }]])
  const platform = {
    name: 'tests',
    logger: silentLogger,
    pubSub: <Topics extends Record<string, unknown>>() => openPubSub<Topics>({ logger: silentLogger }),
  }
  const watch = createWatch<Thing>(platform, {
    typeName: 'Thing',
    read: async (id) => things.get(id),
    versionOf: ({ version }) => version,
  })
  return { things, watch }
}

const everybody = (): boolean => true

test('a reader gets the state of now, and then each change once', async () => {
  const { things, watch } = openThings()
  const states = await watch.listen('one', everybody)
  expect((await states.next()).value).toEqual({ version: 1, owner: 'ada' })
  await watch.changed('one')
  things.set('one', { version: 2, owner: 'ada' })
  await watch.changed('one')
  expect((await states.next()).value).toEqual({ version: 2, owner: 'ada' })
  await states.return?.()
})

test('whoever may not see a thing is told that it is not there', async () => {
  const { watch } = openThings()
  await expect(watch.listen('none', everybody)).rejects.toThrow('Thing')
  await expect(watch.listen('one', () => false)).rejects.toThrow('Thing')
})

test('a stream ends when its reader may not see the thing any more', async () => {
  const { things, watch } = openThings()
  const states = await watch.listen('one', ({ owner }) => owner === 'ada')
  await states.next()
  things.set('one', { version: 2, owner: 'bob' })
  await watch.changed('one')
  expect((await states.next()).done).toBe(true)
})
