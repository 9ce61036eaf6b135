import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import {
  accepted,
  allEvents,
  complete,
  completeOperation,
  finished,
  inferenceOf,
  listen,
  nextEvent,
  slowly,
  textOf,
  warmUp,
} from './answers.fixture.ts'
import { startOpenAi } from './openai.fixture.ts'
import type { OpenAiServer } from './openai.fixture.ts'
import fabricai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const tokens = ['The', ' rent', ' is', ' due', '.']
const question = { prompt: 'When is the rent due?', context: ['Rent is due on the first of each month.'] }

vi.setConfig(slowly)

let first: OpenAiServer
let second: OpenAiServer
let world: TestWorld
beforeAll(async () => {
  ;[first, second] = await Promise.all([startOpenAi(), startOpenAi()])
  const endpoints = [
    {
      name: 'first',
      url: first.url,
      key: 'a-secret-key',
      chatModel: 'large',
      embeddingModel: 'meaning',
      contextWindow: 1_000,
      inputPrice: '0.25',
      outputPrice: '2',
    },
    { name: 'second', url: second.url, chatModel: 'small' },
  ]
  world = await startWorld([fabricai], { environment: { AI_ENDPOINTS: JSON.stringify(endpoints) } })
  await warmUp(world.as(bob))
})
afterAll(async () => {
  await world?.stop()
  await Promise.all([first?.stop(), second?.stop()])
})
beforeEach(() => {
  first.received.length = 0
  second.received.length = 0
  first.behave({ status: 503 })
  second.behave({ status: 503 })
})

it('lists the models in the order in which they are tried, with their prices', async () => {
  const { models } = await accepted(
    world.as(ada).query('{ models(task: COMPLETE) { edges { node { id provider inputPrice { amount currency } } } } }'),
  )
  expect(models.edges.map(({ node }: { node: unknown }) => node)).toEqual([
    { id: 'first/large', provider: 'first', inputPrice: { amount: '0.25', currency: 'EUR' } },
    { id: 'second/small', provider: 'second', inputPrice: { amount: '0.00', currency: 'EUR' } },
    { id: 'codai/extractive-en', provider: 'codai', inputPrice: { amount: '0.00', currency: 'EUR' } },
  ])
})

it('streams the answer of an endpoint, with its own count of tokens and their price', async () => {
  first.behave({ tokens })
  const { id } = await complete(world.as(ada), { ...question, maxTokens: 30 })
  const events = await allEvents(await listen(world.as(ada), id))
  expect(events.map(({ kind }) => kind)).toEqual(['STARTED', ...tokens.map(() => 'TOKEN'), 'DONE'])
  expect(textOf(events)).toBe('The rent is due.')
  expect(await inferenceOf(world.as(ada), id)).toMatchObject({
    status: 'SUCCEEDED',
    output: 'The rent is due.',
    model: { id: 'first/large' },
    inputTokens: 40,
    outputTokens: 7,
    // 40 tokens at 0.25 EUR and 7 at 2 EUR a million.
    cost: '0.00002400',
  })
  expect(first.received).toEqual([
    {
      path: '/v1/chat/completions',
      authorization: 'Bearer a-secret-key',
      body: {
        model: 'large',
        stream: true,
        stream_options: { include_usage: true },
        max_tokens: 30,
        messages: [
          { role: 'system', content: expect.any(String) },
          { role: 'user', content: expect.stringContaining('Rent is due on the first of each month.') },
          { role: 'user', content: 'When is the rent due?' },
        ],
      },
    },
  ])
})

it('hears tokens while the model is still thinking about the next ones', async () => {
  let goOn = (): void => undefined
  const until = new Promise<void>((resolve) => (goOn = resolve))
  first.behave({ tokens: ['Well', '…'], until })
  const { id } = await complete(world.as(ada), question)
  const stream = await listen(world.as(ada), id)
  expect([await nextEvent(stream), await nextEvent(stream), await nextEvent(stream)]).toMatchObject([
    { kind: 'STARTED' },
    { kind: 'TOKEN', text: 'Well' },
    { kind: 'TOKEN', text: '…', inference: { status: 'RUNNING' } },
  ])
  goOn()
  expect((await allEvents(stream)).map(({ kind }) => kind)).toEqual(['DONE'])
})

it('tries a model again that fails in passing', async () => {
  first.behave({ status: 500 }, { status: 429 }, { tokens })
  const { id } = await complete(world.as(ada), question)
  expect(await finished(world.as(ada), id)).toMatchObject({ output: 'The rent is due.', model: { id: 'first/large' } })
  expect(first.received).toHaveLength(3)
})

it('tries the next model when one stays broken, and at once when trying again is of no use', async () => {
  second.behave({ tokens })
  const one = await complete(world.as(ada), question)
  expect(await finished(world.as(ada), one.id)).toMatchObject({ model: { id: 'second/small' } })
  expect(first.received).toHaveLength(3)
  first.behave({ status: 401 })
  const other = await complete(world.as(ada), question)
  expect(await finished(world.as(ada), other.id)).toMatchObject({ model: { id: 'second/small' } })
  expect(first.received).toHaveLength(4)
})

it('answers by the built-in model when no other one can', async () => {
  const { id } = await complete(world.as(ada), question)
  expect(await finished(world.as(ada), id)).toMatchObject({
    model: { id: 'codai/extractive-en' },
    output: 'Rent is due on the first of each month.',
    cost: '0.00000000',
  })
})

it('begins anew when a model breaks off in the middle, and says that what came is void', async () => {
  first.behave({ tokens: ['Wrong', ' ', 'words'], breaksAfter: 2 }, { tokens })
  const { id } = await complete(world.as(ada), question)
  const events = await allEvents(await listen(world.as(ada), id))
  const kinds = events.map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'RESTARTED')).toHaveLength(1)
  expect(kinds.slice(kinds.indexOf('RESTARTED'))).toEqual(['RESTARTED', ...tokens.map(() => 'TOKEN'), 'DONE'])
  expect(textOf(events)).toBe('The rent is due.')
  expect(await inferenceOf(world.as(ada), id)).toMatchObject({ status: 'SUCCEEDED', output: 'The rent is due.' })
})

it('uses only the model that was named, and says clearly that it failed', async () => {
  second.behave({ tokens })
  const { id } = await complete(world.as(ada), { ...question, model: 'first/large' })
  const answer = await finished(world.as(ada), id)
  expect(answer).toMatchObject({ status: 'FAILED', failureReason: 'first answered with HTTP 503.', outputTokens: 0 })
  expect(JSON.stringify(answer)).not.toContain('internals')
  expect(second.received).toHaveLength(0)
})

it('passes over a model whose window is too small, and names the limit when all are', async () => {
  second.behave({ tokens })
  const long = { ...question, context: ['word '.repeat(2_000)] }
  const { id } = await complete(world.as(ada), long)
  expect(await finished(world.as(ada), id)).toMatchObject({ model: { id: 'second/small' } })
  const { codes, errors } = await world.as(ada).query(completeOperation, { input: { ...long, model: 'first/large' } })
  expect(codes).toEqual(['LIMIT_EXCEEDED'])
  expect(errors?.[0]?.message).toContain('at most 1,000')
})

it('turns texts into vectors by the model that was named, and by the same one whenever none is', async () => {
  const embed = `mutation ($input: EmbedInput!) {
    embed(input: $input) { dimensions vectors inference { model { id } inputTokens cost } }
  }`
  first.behave({
    vectors: [
      [3, 4],
      [0, 2],
    ],
  })
  const texts = ['one', 'other']
  const named = await accepted(world.as(bob).query(embed, { input: { texts, model: 'first/meaning' } }))
  expect(named.embed).toEqual({
    dimensions: 2,
    vectors: [
      [0.6, 0.8],
      [0, 1],
    ],
    inference: { model: { id: 'first/meaning' }, inputTokens: 40, cost: '0.00001000' },
  })
  const unnamed = await accepted(world.as(bob).query(embed, { input: { texts } }))
  expect(unnamed.embed).toMatchObject({ dimensions: 512, inference: { model: { id: 'codai/sentence-encoder-en' } } })
})

it('says that no model could, writes it down, and lets the key be used again', async () => {
  const embed = 'mutation ($input: EmbedInput!) { embed(input: $input) { dimensions } }'
  const input = { texts: ['one'], model: 'first/meaning', idempotencyKey: 'again' }
  first.behave({ vectors: [[1], [2]] })
  const { codes, errors } = await world.as(carol).query(embed, { input })
  expect(codes).toEqual(['UNAVAILABLE'])
  expect(errors?.[0]?.message).toBe('first did not answer.')
  first.behave({ vectors: [[1, 0]] })
  expect((await accepted(world.as(carol).query(embed, { input }))).embed).toEqual({ dimensions: 2 })
  const list = [{ __typename: 'User', id: carol.id }]
  const { _entities } = await accepted(
    world
      .as(carol)
      .query(
        'query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { inferences { edges { node { status } } } } } }',
        { list },
      ),
  )
  expect(_entities[0].inferences.edges.map(({ node }: { node: { status: string } }) => node.status)).toEqual([
    'SUCCEEDED',
    'FAILED',
  ])
})

it('lets a person have four answers under way, and no more', async () => {
  let goOn = (): void => undefined
  const until = new Promise<void>((resolve) => (goOn = resolve))
  first.behave({ tokens, until })
  const client = world.as(bob)
  const running = await Promise.all(Array.from({ length: 4 }, () => complete(client, question)))
  expect((await client.query(completeOperation, { input: question })).codes).toEqual(['LIMIT_EXCEEDED'])
  goOn()
  for (const { id } of running) expect((await finished(client, id)).status).toBe('SUCCEEDED')
  first.behave({ tokens })
  expect((await finished(client, (await complete(client, question)).id)).status).toBe('SUCCEEDED')
})
