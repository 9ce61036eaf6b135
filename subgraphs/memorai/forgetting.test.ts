import { randomUUID } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import fabricai from '../fabricai/subgraph.ts'
import type { Service } from './context.ts'
import { accepted, indexed, memoryOf, patience, recall, remember, rememberMany, slowly } from './memories.fixture.ts'
import { repairIndex } from './start.ts'
import memorai from './subgraph.ts'

const hourMs = 3_600_000
const person = (): { id: string } => ({ id: `person-${randomUUID()}` })

vi.setConfig(slowly)

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([memorai, fabricai], { start: true })
})
afterAll(() => world?.stop())

const service = (): Service => world.hosted('memorai').service as Service

/** How many files of the vectors hold the bytes. */
const filesWith = async (bytes: Buffer): Promise<number> => {
  const { dataDir } = world.hosted('memorai').platform.config
  const entries = await readdir(join(dataDir, 'vectors'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const contents = await Promise.all(files.map((file) => readFile(file)))
  return contents.filter((content) => content.includes(bytes)).length
}

/** In how many rows of the service's tables, and of what it asked others and told them, a text is. */
const rowsWith = async (text: string): Promise<number> => {
  const client = await world.hosted('memorai').platform.relational()
  const tables = await client.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_schema IN ('memorai', 'fabricai', 'events') AND table_type = 'BASE TABLE'`
  let count = 0
  for (const { name } of tables) {
    const [row] = await client.$queryRawUnsafe<{ count: bigint }[]>(
      `SELECT count(*) FROM ${name} AS r WHERE r::text LIKE '%' || $1 || '%'`,
      text,
    )
    count += Number(row?.count ?? 0)
  }
  return count
}

const bytesOfVector = async (owner: string, id: string): Promise<Buffer> => {
  const [entry] = await service().index.of(owner).entries([id])
  if (!entry) throw new Error('The memory has no vector.')
  return Buffer.from(new Float32Array(entry.vector).buffer)
}

it('forgets words and meaning for good: no row and no file holds them any more', async () => {
  const someone = person()
  const client = world.as(someone)
  const secret = `The safe opens with ${randomUUID()}`
  const { id } = await remember(client, secret, { idempotencyKey: 'secret' })
  const others = await rememberMany(
    client,
    Array.from({ length: 40 }, (_, index) => ({ content: `Note number ${index} about the garden.` })),
  )
  await indexed(client, id)
  await indexed(client, others.at(-1)?.id ?? '')
  const vector = await bytesOfVector(someone.id, id)
  const other = await bytesOfVector(someone.id, others[0]?.id ?? '')
  expect(await rowsWith(secret)).toBe(1)
  expect(await filesWith(vector)).toBeGreaterThan(0)

  const { forget } = await accepted(client.query('mutation ($id: ID!) { forget(memory: $id) { id content } }', { id }))
  expect(forget).toEqual({ id, content: secret })
  expect(await memoryOf(client, id)).toBeNull()
  expect((await recall(client, secret, { first: 50 })).map(({ memory }) => memory.id)).not.toContain(id)
  expect(await rowsWith(secret)).toBe(0)
  expect(await filesWith(vector)).toBe(0)
  expect(await filesWith(other)).toBeGreaterThan(0)
  expect(await recall(client, 'garden', { first: 50 })).toHaveLength(40)
  expect((await client.query('mutation ($id: ID!) { forget(memory: $id) { id } }', { id })).codes).toEqual([
    'NOT_FOUND',
  ])
})

it('forgets with a memory all that it was merged from', async () => {
  const client = world.as(person())
  const unique = randomUUID()
  const first = await remember(client, `The meeting is in room ${unique}.`)
  const second = await remember(client, `The meeting is in room ${unique} .`)
  await indexed(client, second.id)
  await accepted(client.query('mutation { consolidate { merged } }'))
  expect(await memoryOf(client, first.id)).toBeNull()
  expect(await rowsWith(unique)).toBe(2)
  await accepted(client.query('mutation ($id: ID!) { forget(memory: $id) { id } }', { id: second.id }))
  expect(await rowsWith(unique)).toBe(0)
})

it('forgets everything of a person, and nothing of others', async () => {
  const someone = person()
  const [mine, theirs] = [world.as(someone), world.as(person())]
  const memories = await rememberMany(mine, [{ content: 'All of this.' }, { content: 'And of that.' }])
  const kept = await remember(theirs, 'This stays.')
  await Promise.all([indexed(mine, memories[1]?.id ?? ''), indexed(theirs, kept.id)])
  const vector = await bytesOfVector(someone.id, memories[0]?.id ?? '')
  expect((await accepted(mine.query('mutation { forgetEverything }'))).forgetEverything).toBe(2)
  expect(await filesWith(vector)).toBe(0)
  expect(await recall(mine, 'this')).toEqual([])
  expect((await recall(theirs, 'this stays'))[0]?.memory.id).toBe(kept.id)
  expect((await accepted(mine.query('mutation { forgetEverything }'))).forgetEverything).toBe(0)
})

it('erases a vector that a memory left behind, and makes one that is missing', async () => {
  const someone = person()
  const client = world.as(someone)
  const [lost, orphan] = await rememberMany(client, [{ content: 'A lost vector.' }, { content: 'A lost memory.' }])
  await indexed(client, orphan?.id ?? '')
  const orphanBytes = await bytesOfVector(someone.id, orphan?.id ?? '')
  const prisma = await world.hosted('memorai').platform.relational()
  // As after restoring an old copy of the tables, or of the vectors.
  await prisma.memory.delete({ where: { id: orphan?.id ?? '' } })
  const stranger = person()
  const left = await remember(world.as(stranger), 'Of somebody who is gone.')
  await indexed(world.as(stranger), left.id)
  const leftBytes = await bytesOfVector(stranger.id, left.id)
  await prisma.memory.deleteMany({ where: { ownerId: stranger.id } })

  await repairIndex(service(), world.hosted('memorai').platform)
  expect(await filesWith(orphanBytes)).toBe(0)
  expect(await filesWith(leftBytes)).toBe(0)
  expect((await recall(client, 'a lost vector')).map(({ memory }) => memory.id)).toEqual([lost?.id])
})

it('embeds later what could not be embedded at once, and answers at once all the same', async () => {
  const someone = person()
  const client = world.as(someone)
  const { index, indexing } = service()
  const { id } = await remember(client, 'Written in good times.')
  await indexed(client, id)
  const prisma = await world.hosted('memorai').platform.relational()
  // As a process leaves it that is killed between the memory and its vector.
  await prisma.memory.update({ where: { id }, data: { indexedAt: null, leaseUntil: new Date(Date.now() + 1_000) } })
  expect((await memoryOf(client, id))?.indexed).toBe(false)
  world.advance(60_000)
  await vi.waitFor(async () => {
    await indexing.catchUp()
    expect((await memoryOf(client, id))?.indexed).toBe(true)
  }, patience)
  expect(await index.of(someone.id).entries([id])).toHaveLength(1)
})

it('has each memory indexed by one process, whatever number of them asks', async () => {
  const someone = person()
  const prisma = await world.hosted('memorai').platform.relational()
  const rows = Array.from({ length: 30 }, (_, number) => ({
    id: `${someone.id}-${number}`,
    ownerId: someone.id,
    content: `Number ${number}`,
    kind: 'FACT' as const,
    tags: [],
    importance: 0.5,
    projectId: null,
    createdAt: new Date(),
    // Later than what works by itself looks for.
    leaseUntil: new Date(Date.now() + hourMs),
  }))
  await prisma.memory.createMany({ data: rows })
  const now = new Date(Date.now() + 2 * hourMs)
  const leaseUntil = new Date(now.getTime() + 60_000)
  const ids = rows.map((row) => row.id)
  const takes = await Promise.all(
    Array.from({ length: 6 }, () => service().index.takeUnindexed({ ids, now, leaseUntil, limit: 10 })),
  )
  const taken = takes.flat().map((memory) => memory.id)
  expect(new Set(taken).size).toBe(taken.length)
  expect(taken.length).toBe(30)
})
