import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestClient, TestWorld } from '../_kit/testing/index.ts'
import { accepted, slowly } from './answers.fixture.ts'
import { dailyTokenLimit } from './limits.ts'
import fabricai from './subgraph.ts'
import { cosine } from './vectors.ts'

const { ada, bob, carol } = demoPeople
const dayMs = 86_400_000

vi.setConfig(slowly)

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([fabricai])
})
afterAll(() => world?.stop())

const embedOperation = `mutation ($input: EmbedInput!) {
  embed(input: $input) { vectors dimensions inference { id input output task inputTokens outputTokens status } }
}`

const embed = async (client: TestClient, input: Record<string, unknown>) =>
  (await accepted(client.query(embedOperation, { input }))).embed

const summaryOperation = `mutation ($input: SummarizeInput!) {
  summarize(input: $input) { text sentences inference { id input output } }
}`

type Usage = { inferences: number; inputTokens: number; outputTokens: number; byTask: { task: string }[] }

const usageOf = async (client: TestClient, id: string, period: { from?: Date; to?: Date } = {}): Promise<Usage> => {
  const query = `query ($list: [_Any!]!, $from: DateTime, $to: DateTime) {
    _entities(representations: $list) {
      ... on User { inferenceUsage(from: $from, to: $to) { inferences inputTokens outputTokens cost byTask { task } } }
    }
  }`
  const { _entities } = await accepted(client.query(query, { list: [{ __typename: 'User', id }], ...period }))
  return _entities[0].inferenceUsage as Usage
}

describe('what models do with text', () => {
  it('gives texts of alike meaning vectors with a small angle, and others not', async () => {
    const texts = [
      'How do I reset my password?',
      'I forgot my login credentials, how can I get back in?',
      'The recipe needs two eggs and some flour.',
    ]
    const { vectors, dimensions, inference } = await embed(world.as(ada), { texts })
    expect(dimensions).toBe(512)
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 4)
    const [password, login, recipe] = vectors as number[][]
    expect(cosine(password ?? [], login ?? [])).toBeGreaterThan(0.4)
    expect(cosine(password ?? [], recipe ?? [])).toBeLessThan(0.2)
    expect(inference).toMatchObject({ task: 'EMBED', input: null, output: null, outputTokens: 0, status: 'SUCCEEDED' })
    expect(inference.inputTokens).toBe(29)
  })

  it('puts the label first that means what the text means', async () => {
    const operation = `mutation ($input: ClassifyInput!) { classify(input: $input) { labels { label score } } }`
    const labels = ['money and payments', 'health and illness', 'travel and holidays']
    const topOf = async (text: string): Promise<string> => {
      const { classify } = await accepted(world.as(ada).query(operation, { input: { text, labels } }))
      const scores = classify.labels.map(({ score }: { score: number }) => score) as number[]
      expect(scores).toEqual(scores.toSorted((one, other) => other - one))
      expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 6)
      return classify.labels[0].label as string
    }
    expect(await topOf('The invoice was paid by bank transfer yesterday.')).toBe('money and payments')
    expect(await topOf('She has had a fever and a sore throat since Monday.')).toBe('health and illness')
    expect(await topOf('Our flight to Lisbon leaves on Friday, the hotel is booked.')).toBe('travel and holidays')
  })

  it('summarises by the sentences that have most in common with the others, in their order', async () => {
    const text = [
      'The city council voted on the new bridge over the river.',
      'My aunt prefers tea.',
      'The new bridge will carry trams, bicycles and pedestrians over the river.',
      'Building the bridge over the river takes three years, the council says.',
      'Somewhere a dog barked.',
    ].join(' ')
    const { summarize } = await accepted(world.as(ada).query(summaryOperation, { input: { text, sentences: 2 } }))
    expect(summarize.sentences).toHaveLength(2)
    expect(summarize.text).not.toMatch(/aunt|dog/)
    const places = summarize.sentences.map((sentence: string) => text.indexOf(sentence)) as number[]
    expect(places).toEqual(places.toSorted((one, other) => one - other))
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0)
    expect(summarize.inference).toMatchObject({ input: text, output: summarize.text })
  })

  it.each([
    ['en', 'The weather is lovely today and we are going for a walk.'],
    ['ro', 'Vremea este frumoasă astăzi și mergem la plimbare.'],
    ['de', 'Das Wetter ist heute schön, und wir gehen spazieren.'],
    ['fr', 'Il fait beau aujourd’hui et nous allons nous promener.'],
    ['ja', '今日は天気がいいので散歩に行きます。'],
  ])('knows %s by its words', async (language, text) => {
    const operation = `mutation ($input: DetectLanguageInput!) {
      detectLanguage(input: $input) { language candidates { language score } }
    }`
    const { detectLanguage } = await accepted(world.as(ada).query(operation, { input: { text } }))
    expect(detectLanguage.language).toBe(language)
    expect(detectLanguage.candidates[0].language).toBe(language)
  })

  it.each([
    ['POSITIVE', 'I love this, what a wonderful and happy day!'],
    ['NEGATIVE', 'This is a terrible, broken product and I hate it.'],
    ['NEUTRAL', 'The parcel weighs two kilograms.'],
  ])('hears that something sounds %s', async (mood, text) => {
    const operation = 'mutation ($input: SentimentInput!) { sentiment(input: $input) { mood score } }'
    const { sentiment } = await accepted(world.as(ada).query(operation, { input: { text } }))
    expect(sentiment.mood).toBe(mood)
    expect(Math.sign(sentiment.score)).toBe({ POSITIVE: 1, NEGATIVE: -1, NEUTRAL: 0 }[mood])
  })
})

describe('what is used', () => {
  it('is counted for the person, once for a key, however often and at once it is asked', async () => {
    const before = await usageOf(world.as(bob), bob.id)
    const input = { texts: ['Count me once.'], idempotencyKey: 'once' }
    const answers = await Promise.all(Array.from({ length: 8 }, () => embed(world.as(bob), input)))
    expect(new Set(answers.map(({ inference }) => inference.id)).size).toBe(1)
    expect(answers[7].vectors).toEqual(answers[0].vectors)
    const after = await usageOf(world.as(bob), bob.id)
    expect(after).toMatchObject({ inferences: before.inferences + 1, inputTokens: before.inputTokens + 4 })
    expect(after.byTask).toEqual([{ task: 'EMBED' }])
    const other = await world.as(bob).query(embedOperation, { input: { ...input, texts: ['Something else.'] } })
    expect(other.codes).toEqual(['CONFLICT'])
    expect(await usageOf(world.as(bob), bob.id)).toEqual(after)
  })

  it('is counted for the person for whom a service asks, and told to nobody else', async () => {
    const before = await usageOf(world.as(bob), bob.id)
    await embed(world.asService('memorai', bob.id), { texts: ['For Bob.'] })
    expect((await usageOf(world.as(bob), bob.id)).inferences).toBe(before.inferences + 1)
    const list = [{ __typename: 'User', id: bob.id }]
    const query =
      'query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { inferenceUsage { cost } } } }'
    expect((await world.as(ada).query(query, { list })).codes).toEqual(['FORBIDDEN'])
    expect((await world.asService('aide', ada.id).query(query, { list })).codes).toEqual(['FORBIDDEN'])
    expect((await world.asAdmin().query(query, { list })).codes).toEqual([])
  })

  it('is told of any period', async () => {
    const today = await usageOf(world.as(bob), bob.id)
    const longAgo = await usageOf(world.as(bob), bob.id, { to: new Date('2020-01-01T00:00:00.000Z') })
    expect(longAgo).toMatchObject({ inferences: 0, byTask: [] })
    expect(await usageOf(world.as(bob), bob.id, { from: new Date('2020-01-01T00:00:00.000Z') })).toMatchObject({
      inferences: today.inferences,
    })
  })

  it('has a limit for each day, which says when to come back', async () => {
    const client = await world.hosted().platform.relational()
    await embed(world.as(carol), { texts: ['The first of the day.'] })
    await client.inference.updateMany({ where: { ownerId: carol.id }, data: { inputTokens: dailyTokenLimit } })
    const { codes, errors } = await world.as(carol).query(embedOperation, { input: { texts: ['One more.'] } })
    expect(codes).toEqual(['RATE_LIMITED'])
    expect(errors?.[0]?.extensions?.['retryAfterSeconds']).toBeGreaterThan(0)
    world.advance(dayMs)
    expect((await embed(world.as(carol), { texts: ['A new day.'] })).dimensions).toBe(512)
    world.advance(-dayMs)
  })

  it('is told to the event bus without what was given', async () => {
    const { inference } = await embed(world.as(ada), { texts: ['A secret that nobody needs to hear.'] })
    const client = await world.hosted().platform.relational()
    const events = await client.$queryRaw<{ payload: object }[]>`
      SELECT payload FROM events.outbox WHERE type = 'fabricai.inferenceFinished' AND payload->>'inference' = ${inference.id}`
    expect(events).toEqual([
      { payload: expect.objectContaining({ owner: ada.id, task: 'EMBED', inputTokens: 8, cost: '0' }) },
    ])
    expect(JSON.stringify(events)).not.toContain('secret')
  })
})

describe('the models', () => {
  it('are listed page by page, by task, for everybody', async () => {
    const query = `query ($first: Int, $after: String, $task: InferenceTask) {
      models(first: $first, after: $after, task: $task) { edges { node { id task } } pageInfo { hasNextPage endCursor } }
    }`
    const all: string[] = []
    let after: string | null = null
    do {
      const { models } = await accepted(world.asAnonymous().query(query, { first: 4, after }))
      all.push(...models.edges.map(({ node }: { node: { task: string } }) => node.task))
      after = models.pageInfo.hasNextPage ? (models.pageInfo.endCursor as string) : null
    } while (after !== null)
    expect(all).toEqual(['EMBED', 'CLASSIFY', 'SUMMARIZE', 'COMPLETE', 'DETECT_LANGUAGE', 'SENTIMENT'])
    const { models } = await accepted(world.asAnonymous().query(query, { task: 'SUMMARIZE' }))
    expect(models.edges).toHaveLength(1)
  })
})
