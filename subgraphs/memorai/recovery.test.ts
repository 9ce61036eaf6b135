import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@codai/stores/testing'
import type { TestDatabase } from '@codai/stores/testing'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { prepareProcess } from '../_kit/testing/index.ts'
import type { TestProcess } from '../_kit/testing/index.ts'
import fabricai from '../fabricai/subgraph.ts'
import { accepted, contentsOf, recall, remember } from './memories.fixture.ts'
import memorai from './subgraph.ts'

const { ada } = demoPeople

// Half a minute until a process counts as lost, and the start of another, which loads the model.
const patience = { timeout: 90_000, interval: 300 }

let database: TestDatabase
let folder: string
let house: TestProcess
beforeAll(async () => {
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'codai-memorai-'))
  house = await prepareProcess([memorai, fabricai], {
    databaseUrl: database.url,
    environment: { SEED: 'false', DATA_DIR: folder },
  })
  await house.start()
}, 120_000)
afterAll(async () => {
  await house?.stop()
  await database?.drop()
  await rm(folder, { recursive: true, force: true })
})

it('has every answered memory found, and no forgotten one, although it is killed in the middle of a storm', async () => {
  const client = house.as(ada)
  const remembered: string[] = []
  const forgotten: string[] = []
  let number = 0
  let killing: Promise<void> | undefined
  const work = async (): Promise<void> => {
    while (killing === undefined) {
      const content = `Observation ${(number += 1)} about the weather in spring.`
      const { id } = await remember(client, content)
      if (killing !== undefined) return
      if (number % 3 === 0) {
        await accepted(client.query('mutation ($id: ID!) { forget(memory: $id) { id } }', { id }))
        forgotten.push(content)
      } else remembered.push(content)
      // Others are in the middle of theirs.
      if (remembered.length >= 12) killing ??= house.kill()
    }
  }
  await Promise.allSettled(Array.from({ length: 5 }, work))
  await killing
  expect(forgotten.length).toBeGreaterThan(0)

  await house.start()
  const again = house.as(ada)
  const listed = await contentsOf(again, ada.id)
  expect(listed).toEqual(expect.arrayContaining(remembered))
  for (const content of forgotten) expect(listed).not.toContain(content)
  await vi.waitFor(async () => {
    const found = (await recall(again, 'weather in spring', { first: 50 })).map(({ memory }) => memory.content)
    expect(found.toSorted()).toEqual(listed.toSorted())
  }, patience)
}, 200_000)
