import { randomUUID } from 'node:crypto'
import { codedError, silentLogger } from '@codai/runtime'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import type { Service } from './context.ts'
import { createIndexing } from './indexing.ts'
import type { Indexing } from './indexing.ts'
import type { Meaning } from './meaning.ts'
import type { IndexStore } from './store-index.ts'
import memorai from './subgraph.ts'

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([memorai], { seed: false })
})
afterAll(() => world?.stop())

const knows: Meaning = { of: async (_owner, texts) => texts.map(() => [1, 0, 0]) }

/** Indexing on the real stores, by somebody else's word on meanings. */
const indexingBy = (meaning: Meaning, store: Partial<IndexStore> = {}): Indexing => {
  const { index } = world.hosted('memorai').service as Service
  const { now } = world.hosted('memorai').platform
  return createIndexing({ now, logger: silentLogger }, { store: { ...index, ...store }, meaning })
}

const remembered = async (ownerId: string): Promise<string> => {
  const prisma = await world.hosted('memorai').platform.relational()
  const id = randomUUID()
  const rest = { kind: 'FACT' as const, tags: [], importance: 0.5, projectId: null, createdAt: new Date() }
  await prisma.memory.create({ data: { id, ownerId, content: `A memory of ${ownerId}`, ...rest } })
  return id
}

const isIndexed = async (id: string): Promise<boolean> => {
  const prisma = await world.hosted('memorai').platform.relational()
  return (await prisma.memory.findUniqueOrThrow({ where: { id } })).indexedAt !== null
}

it('asks once while nobody says what texts mean, and soon again for everybody', async () => {
  const ids = await Promise.all(['one', 'two', 'three'].map((owner) => remembered(owner)))
  const asked: string[] = []
  const away = indexingBy({
    of: async (ownerId) => {
      asked.push(ownerId)
      throw codedError('UNAVAILABLE', 'fabricai is not answering.', { service: 'fabricai' })
    },
  })
  await away.catchUp()
  expect(asked).toHaveLength(1)
  await indexingBy(knows).catchUp()
  expect(await Promise.all(ids.map(isIndexed))).toEqual([false, false, false])
  world.advance(3_000)
  await indexingBy(knows).catchUp()
  expect(await Promise.all(ids.map(isIndexed))).toEqual([true, true, true])
})

it('goes on with others where one used up an allowance, or has a text that cannot be read', async () => {
  const limited = await remembered('limited')
  const strange = await remembered('strange')
  const other = await remembered('other')
  const indexing = indexingBy({
    of: async (ownerId, texts) => {
      if (ownerId === 'limited') throw codedError('RATE_LIMITED', 'Too many tokens.')
      if (ownerId === 'strange') throw codedError('BAD_USER_INPUT', 'Not a text.')
      return knows.of(ownerId, texts)
    },
  })
  await indexing.catchUp()
  expect(await Promise.all([limited, strange, other].map(isIndexed))).toEqual([false, false, true])
})

it('goes on where something forgotten cannot be erased', async () => {
  const id = await remembered('forgetful')
  const prisma = await world.hosted('memorai').platform.relational()
  await prisma.vectorErasure.create({ data: { memoryId: randomUUID(), ownerId: 'forgetful', createdAt: new Date() } })
  await indexingBy(knows, { erase: () => Promise.reject(new Error('the files are away')) }).catchUp()
  expect(await isIndexed(id)).toBe(true)
})
