import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import {
  allEvents,
  complete,
  finished,
  inferenceOf,
  listen,
  patience,
  slowly,
  textOf,
  warmUp,
} from './answers.fixture.ts'
import type { Service } from './context.ts'
import fabricai from './subgraph.ts'

const { ada, bob } = demoPeople
const hourMs = 3_600_000

const context = [
  'The desk by the window is taken until the end of June. The printer is on the second floor.',
  'The rent has to be paid on the first day of each month. It covers heating and internet.',
  'Last night the cat slept on the radiator.',
]
const question = { prompt: 'When do I have to pay the rent?', context }

vi.setConfig(slowly)

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([fabricai], { start: true })
  await warmUp(world.as(bob))
})
afterAll(() => world?.stop())

it('answers from the sentences it was given, token by token, from the start to the end', async () => {
  const { id, status } = await complete(world.as(ada), question)
  expect(status).toBe('RUNNING')
  const events = await allEvents(await listen(world.as(ada), id))
  expect(events[0]?.kind).toBe('STARTED')
  expect(events.at(-1)).toMatchObject({ kind: 'DONE', text: null, inference: { status: 'SUCCEEDED' } })
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => index + 1))
  expect(events.filter(({ kind }) => kind === 'TOKEN').length).toBeGreaterThan(5)

  const answer = await finished(world.as(ada), id)
  expect(textOf(events)).toBe(answer.output)
  expect(answer.output).toContain('The rent has to be paid on the first day of each month.')
  expect(answer.output).not.toContain('cat')
  // Not a word that was not given.
  for (const sentence of answer.output?.split(/(?<=\.) /) ?? []) expect(context.join(' ')).toContain(sentence)
  expect(answer.outputTokens).toBe(events.filter(({ kind }) => kind === 'TOKEN').length)
})

it('answers from the sentences of the prompt when there is no context', async () => {
  const prompt = 'The train leaves at nine. The museum is closed on Mondays. When does the train leave?'
  const { id } = await complete(world.as(ada), { prompt, maxTokens: 12 })
  const { output } = await finished(world.as(ada), id)
  expect(output).toContain('train')
})

it('says that it has nothing to answer from, and makes nothing up', async () => {
  const { id } = await complete(world.as(ada), { prompt: 'What is the capital of France?' })
  const events = await allEvents(await listen(world.as(ada), id))
  expect(events.map(({ kind }) => kind)).toEqual(['STARTED', 'FAILED'])
  expect(events[1]?.text).toContain('pass `context`')
  expect(await inferenceOf(world.as(ada), id)).toMatchObject({
    status: 'FAILED',
    output: null,
    failureReason: events[1]?.text,
  })
})

it('never gives more tokens than were asked for', async () => {
  const { id } = await complete(world.as(ada), { ...question, maxTokens: 4 })
  const answer = await finished(world.as(ada), id)
  expect(answer.outputTokens).toBe(4)
})

it('tells who comes late all that was said so far, and who comes back all that was missed', async () => {
  const { id } = await complete(world.as(ada), question)
  await finished(world.as(ada), id)
  const all = await allEvents(await listen(world.as(ada), id))
  const seen = all[2]?.position ?? 0
  const missed = await allEvents(await listen(world.as(ada), id, seen))
  expect(missed).toEqual(all.slice(3))
  const nothing = await listen(world.as(ada), id, all.at(-1)?.position)
  await nothing.ended()
  await nothing.stop()
})

it('tells an answer of long ago as a single token', async () => {
  const { id } = await complete(world.as(bob), question)
  const { output } = await finished(world.as(bob), id)
  world.advance(2 * hourMs)
  await world.restart()
  await warmUp(world.as(bob))
  const restarted = world.hosted().service as Service
  await vi.waitFor(async () => expect(await restarted.store.eventsAfter(id, 0, 1)).toEqual([]), patience)
  const events = await allEvents(await listen(world.as(bob), id))
  expect(events.map(({ kind, text }) => [kind, text])).toEqual([
    ['STARTED', null],
    ['TOKEN', output],
    ['DONE', null],
  ])
})

it('begins once for a key, however often and at once it is asked, and refuses the key for anything else', async () => {
  const input = { ...question, idempotencyKey: randomUUID() }
  const asked = await Promise.all(Array.from({ length: 8 }, () => complete(world.as(ada), input)))
  expect(new Set(asked.map(({ id }) => id)).size).toBe(1)
  const operation = 'mutation ($input: CompleteInput!) { complete(input: $input) { id } }'
  const other = await world.as(ada).query(operation, { input: { ...input, maxTokens: 5 } })
  expect(other.codes).toEqual(['CONFLICT'])
  // The key is the person's own.
  expect((await complete(world.as(bob), input)).id).not.toBe(asked[0]?.id)
})

it('keeps nothing of what was given and answered when it is told so, but what was used', async () => {
  const { id } = await complete(world.as(ada), { ...question, keepContent: false })
  const answer = await finished(world.as(ada), id)
  expect(answer).toMatchObject({ status: 'SUCCEEDED', input: null, output: null })
  expect(answer.outputTokens).toBeGreaterThan(0)
  const client = await world.hosted().platform.relational()
  expect(await client.inference.findUnique({ where: { id } })).toMatchObject({
    input: null,
    output: null,
    request: null,
  })
})

it('forgets an answer for good, once it is finished', async () => {
  const { id } = await complete(world.as(ada), question)
  await finished(world.as(ada), id)
  const forget = 'mutation ($inference: ID!) { forgetInference(inference: $inference) { input output inputTokens } }'
  const { data } = await world.as(ada).query(forget, { inference: id })
  expect(data.forgetInference).toMatchObject({ input: null, output: null })
  expect(data.forgetInference.inputTokens).toBeGreaterThan(0)
  const client = await world.hosted().platform.relational()
  expect(await client.completionEvent.count({ where: { inferenceId: id } })).toBe(0)
})

it('lets nobody else read or hear an answer', async () => {
  const { id } = await complete(world.as(ada), question)
  await finished(world.as(ada), id)
  expect(await inferenceOf(world.as(bob), id)).toBeNull()
  const stream = await listen(world.as(bob), id)
  expect((await stream.next()).codes).toEqual(['NOT_FOUND'])
  await stream.stop()
  const list = [{ __typename: 'Inference', id }]
  const entities = 'query ($list: [_Any!]!) { _entities(representations: $list) { ... on Inference { input } } }'
  expect((await world.as(bob).query(entities, { list })).data).toEqual({ _entities: [null] })
  expect((await world.asService('aide', bob.id).query(entities, { list })).data).toEqual({ _entities: [null] })
  const edge =
    'query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { inferences { edges { node { id } } } } } }'
  const stranger = await world.as(bob).query(edge, { list: [{ __typename: 'User', id: ada.id }] })
  expect(stranger.codes).toEqual(['FORBIDDEN'])
})
