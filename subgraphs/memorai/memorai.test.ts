import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import codai from '../codai/subgraph.ts'
import fabricai from '../fabricai/subgraph.ts'
import type { Service } from './context.ts'
import { memoryOf, patience, slowly } from './memories.fixture.ts'
import { demoMemoryId } from './seed.ts'
import memorai from './subgraph.ts'

const { ada, carol } = demoPeople
const memory = { content: 'The spare key is with the neighbours.', kind: 'FACT', tags: ['Home'], importance: 0.7 }

const badMemories: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ content: ' ' }, 'BAD_USER_INPUT'],
  [{ content: '?!' }, 'BAD_USER_INPUT'],
  [{ content: 'a\0b' }, 'BAD_USER_INPUT'],
  [{ content: 'x'.repeat(2_001) }, 'BAD_USER_INPUT'],
  [{ tags: [''] }, 'BAD_USER_INPUT'],
  [{ tags: ['x'.repeat(51)] }, 'BAD_USER_INPUT'],
  [{ tags: Array.from({ length: 21 }, (_, index) => `tag ${index}`) }, 'BAD_USER_INPUT'],
  [{ importance: -0.1 }, 'BAD_USER_INPUT'],
  [{ importance: 1.1 }, 'BAD_USER_INPUT'],
  [{ project: 'nothing' }, 'NOT_FOUND'],
  [{ project: '' }, 'NOT_FOUND'],
]

const remembered = async (world: TestWorld): Promise<Record<string, unknown>> => {
  const { data } = await world
    .as(ada)
    .query('mutation ($input: RememberInput!) { remember(input: $input) { id } }', { input: memory })
  const id = data.remember.id as string
  // Nothing is left to be done by itself, which would look like a trace of what comes next.
  await vi.waitFor(async () => {
    await (world.hosted('memorai').service as Service).indexing.catchUp()
    expect((await memoryOf(world.as(ada), id))?.indexed).toBe(true)
  }, patience)
  return { memory: id }
}

vi.setConfig(slowly)

testConformance(
  memorai,
  {
    entities: {
      User: { keys: [{ id: ada.id }] },
      Project: { keys: [{ id: 'any project' }] },
      Memory: { keys: [{ id: demoMemoryId(0) }, { id: demoMemoryId(1) }], visibleTo: ada },
    },
    mutations: {
      // First, as its example loads the model of meanings: all that follow are done at once.
      forget: {
        arguments: remembered,
        stranger: 'NOT_FOUND',
        bad: [
          { arguments: { memory: randomUUID() }, code: 'NOT_FOUND' },
          { arguments: { memory: '\0' }, code: 'NOT_FOUND' },
        ],
      },
      remember: {
        arguments: { input: memory },
        stranger: 'OWN',
        bad: [...badMemories, [{ idempotencyKey: '' }, 'BAD_USER_INPUT'] as const].map(([change, code]) => ({
          arguments: { input: { ...memory, ...change } },
          code,
        })),
      },
      rememberMany: {
        arguments: { input: { memories: [memory, { content: 'The gate code is 4711.' }] } },
        stranger: 'OWN',
        bad: [
          { arguments: { input: { memories: [] } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { memories: Array.from({ length: 101 }, () => memory) } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { memories: [memory], idempotencyKey: 'x'.repeat(101) } }, code: 'BAD_USER_INPUT' },
          ...badMemories.map(([change, code]) => ({
            arguments: { input: { memories: [memory, { ...memory, ...change }] } },
            code,
          })),
        ],
      },
      consolidate: {
        arguments: { minScore: 0.95 },
        stranger: 'OWN',
        bad: [
          { arguments: { minScore: 0.6 }, code: 'BAD_USER_INPUT' },
          { arguments: { minScore: 1.1 }, code: 'BAD_USER_INPUT' },
        ],
      },
      forgetEverything: { as: carol, arguments: {}, stranger: 'OWN', bad: [] },
    },
    subscriptions: { memoryAdded: { arguments: { kinds: ['FACT'] }, stranger: 'OWN' } },
  },
  { with: [fabricai, codai] },
)
