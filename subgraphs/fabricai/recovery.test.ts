import { createTestDatabase } from '@codai/stores/testing'
import type { TestDatabase } from '@codai/stores/testing'
import { silentLogger } from '@codai/runtime'
import { openRelational } from '@codai/stores'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { PrismaClient } from '../.generated/prisma/client.ts'
import { demoPeople } from '../_kit/index.ts'
import { prepareProcess } from '../_kit/testing/index.ts'
import type { TestProcess } from '../_kit/testing/index.ts'
import { allEvents, complete, inferenceOf, listen, nextEvent, textOf } from './answers.fixture.ts'
import { startOpenAi } from './openai.fixture.ts'
import type { OpenAiServer } from './openai.fixture.ts'
import fabricai from './subgraph.ts'

const { ada } = demoPeople
const never = new Promise<void>(() => undefined)

// Half a minute until a process counts as lost, and the start of another.
const patience = { timeout: 110_000, interval: 200 }

let database: TestDatabase
let endpoint: OpenAiServer
let house: TestProcess
beforeAll(async () => {
  database = await createTestDatabase()
  endpoint = await startOpenAi()
  house = await prepareProcess([fabricai], {
    databaseUrl: database.url,
    environment: {
      SEED: 'false',
      AI_ENDPOINTS: JSON.stringify([{ name: 'remote', url: endpoint.url, chatModel: 'large' }]),
    },
  })
  await house.start()
}, 120_000)
afterAll(async () => {
  await house?.stop()
  await endpoint?.stop()
  await database?.drop()
})

it('takes an answer up again whose process was killed in the middle, and tells listeners that it begins anew', async () => {
  endpoint.behave({ tokens: ['Half', ' an'], until: never }, { tokens: ['The', ' whole', ' answer.'] })
  const { id } = await complete(house.as(ada), { prompt: 'Will you survive this?' })
  const stream = await listen(house.as(ada), id)
  await nextEvent(stream)
  await nextEvent(stream)
  const { position } = await nextEvent(stream)
  await house.kill()
  await stream.stop()

  await house.start()
  // Whoever lost the connection goes on where it was.
  const again = await listen(house.as(ada), id, position)
  await vi.waitFor(async () => expect((await inferenceOf(house.as(ada), id))?.status).toBe('SUCCEEDED'), patience)
  const events = await allEvents(again)
  expect(events.map(({ kind }) => kind)).toEqual(['RESTARTED', 'TOKEN', 'TOKEN', 'TOKEN', 'DONE'])
  expect(textOf(events)).toBe('The whole answer.')
  expect(await inferenceOf(house.as(ada), id)).toMatchObject({ output: 'The whole answer.' })
}, 150_000)

it('lets go of an answer when it is stopped in good order, so that it is taken up at once', async () => {
  endpoint.behave({ tokens: ['Half'], until: never }, { tokens: ['Whole.'] })
  const { id } = await complete(house.as(ada), { prompt: 'Will you survive this, too?' })
  const stream = await listen(house.as(ada), id)
  await nextEvent(stream)
  await nextEvent(stream)
  await house.stop()
  await stream.stop()
  await house.start()
  await vi.waitFor(async () => expect((await inferenceOf(house.as(ada), id))?.output).toBe('Whole.'), patience)
}, 150_000)

it('gives an answer up whose processes are lost again and again', async () => {
  endpoint.behave({ tokens: ['Half'], until: never })
  const { id } = await complete(house.as(ada), { prompt: 'Will you ever end?' })
  const stream = await listen(house.as(ada), id)
  await nextEvent(stream)
  await house.kill()
  await stream.stop()
  const store = await openRelational({
    url: database.url,
    Client: PrismaClient,
    logger: silentLogger,
    applicationName: 'two more kills',
  })
  await store.client.inference.update({ where: { id }, data: { run: 3, leaseUntil: new Date(0) } })
  await store.close()
  await house.start()
  await vi.waitFor(async () => expect((await inferenceOf(house.as(ada), id))?.status).toBe('FAILED'), patience)
  const events = await allEvents(await listen(house.as(ada), id))
  expect(events.at(-1)).toMatchObject({ kind: 'FAILED', text: expect.stringContaining('lost again and again') })
}, 150_000)
