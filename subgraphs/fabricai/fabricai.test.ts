import { randomUUID } from 'node:crypto'
import { demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { builtinModels } from './builtin.ts'
import { demoAnswer, demoSummary } from './seed.ts'
import fabricai from './subgraph.ts'

const { ada } = demoPeople

type Case = { arguments: Record<string, unknown>; code: string }

const bad = (
  input: Record<string, unknown>,
  changes: readonly (readonly [Record<string, unknown>, string])[],
): Case[] => changes.map(([change, code]) => ({ arguments: { input: { ...input, ...change } }, code }))

const words = (count: number): string => 'word '.repeat(count)

/** What is wrong with every text. */
const badTexts: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ text: '' }, 'BAD_USER_INPUT'],
  [{ text: ' ?! ' }, 'BAD_USER_INPUT'],
  [{ text: 'a\0b' }, 'BAD_USER_INPUT'],
  [{ text: words(10_001) }, 'LIMIT_EXCEEDED'],
  [{ text: 'x'.repeat(400_001) }, 'LIMIT_EXCEEDED'],
  [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
  [{ idempotencyKey: 'x'.repeat(101) }, 'BAD_USER_INPUT'],
]

const text = { text: 'The desk by the window is free. Rent is due on the first. I like it here.' }
const labelled = { ...text, labels: ['housing', 'sport'] }
const prompt = { prompt: 'When is the rent due?', context: [text.text] }

const answered = async (world: TestWorld): Promise<Record<string, unknown>> => {
  const { data } = await world
    .as(ada)
    .query('mutation ($input: SentimentInput!) { sentiment(input: $input) { inference { id } } }', {
      input: { ...text, idempotencyKey: randomUUID() },
    })
  return { inference: data.sentiment.inference.id as string }
}

testConformance(fabricai, {
  entities: {
    User: { keys: [{ id: ada.id }] },
    Model: { keys: builtinModels.map(({ id }) => ({ id })) },
    Inference: { keys: [{ id: demoAnswer }, { id: demoSummary }], visibleTo: ada },
  },
  mutations: {
    embed: {
      arguments: { input: { texts: ['The rent is due.', 'Pay the rent.'] } },
      stranger: 'OWN',
      bad: bad({ texts: ['something'] }, [
        [{ texts: [] }, 'BAD_USER_INPUT'],
        [{ texts: [''] }, 'BAD_USER_INPUT'],
        [{ texts: ['fine', '...'] }, 'BAD_USER_INPUT'],
        [{ texts: Array.from({ length: 101 }, () => 'too many') }, 'BAD_USER_INPUT'],
        [{ texts: [words(2_001)] }, 'LIMIT_EXCEEDED'],
        [{ texts: Array.from({ length: 11 }, () => words(2_000)) }, 'LIMIT_EXCEEDED'],
        [{ model: 'codai/nothing' }, 'NOT_FOUND'],
        [{ model: 'codai/textrank' }, 'BAD_USER_INPUT'],
        [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
      ]),
    },
    classify: {
      arguments: { input: labelled },
      stranger: 'OWN',
      bad: [
        ...bad(labelled, badTexts),
        ...bad(labelled, [
          [{ labels: ['one'] }, 'BAD_USER_INPUT'],
          [{ labels: ['same', 'same'] }, 'BAD_USER_INPUT'],
          [{ labels: ['fine', '!'] }, 'BAD_USER_INPUT'],
          [{ labels: ['fine', 'x'.repeat(201)] }, 'BAD_USER_INPUT'],
          [{ labels: Array.from({ length: 21 }, (_, index) => `label ${index}`) }, 'BAD_USER_INPUT'],
        ]),
      ],
    },
    summarize: {
      arguments: { input: text },
      stranger: 'OWN',
      bad: [
        ...bad(text, badTexts),
        ...bad(text, [
          [{ sentences: 0 }, 'BAD_USER_INPUT'],
          [{ sentences: 21 }, 'BAD_USER_INPUT'],
          [{ text: 'Two words. '.repeat(1_001) }, 'LIMIT_EXCEEDED'],
        ]),
      ],
    },
    detectLanguage: { arguments: { input: text }, stranger: 'OWN', bad: bad(text, badTexts) },
    sentiment: { arguments: { input: text }, stranger: 'OWN', bad: bad(text, badTexts) },
    forgetInference: {
      arguments: answered,
      stranger: 'NOT_FOUND',
      bad: [
        { arguments: { inference: 'nothing' }, code: 'NOT_FOUND' },
        { arguments: { inference: '\0' }, code: 'NOT_FOUND' },
      ],
    },
    // The last one: it is at work when it has answered already, and what follows is not compared with what was before.
    complete: {
      arguments: { input: prompt },
      stranger: 'OWN',
      bad: bad(prompt, [
        [{ prompt: '' }, 'BAD_USER_INPUT'],
        [{ context: [' '] }, 'BAD_USER_INPUT'],
        [{ context: Array.from({ length: 51 }, () => 'too many') }, 'BAD_USER_INPUT'],
        [{ context: [words(8_000)] }, 'LIMIT_EXCEEDED'],
        [{ maxTokens: 0 }, 'BAD_USER_INPUT'],
        [{ maxTokens: 2_001 }, 'BAD_USER_INPUT'],
        [{ model: 'codai/nothing' }, 'NOT_FOUND'],
        [{ model: 'codai/textrank' }, 'BAD_USER_INPUT'],
        [{ idempotencyKey: '' }, 'BAD_USER_INPUT'],
      ]),
    },
  },
  subscriptions: { completion: { arguments: { inference: demoAnswer }, stranger: 'NOT_FOUND' } },
})
