import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import fabricai from '../fabricai/subgraph.ts'
import {
  accepted,
  contentsOf,
  indexed,
  memoryOf,
  recall,
  remember,
  rememberMany,
  rememberManyOperation,
  rememberOperation,
  slowly,
} from './memories.fixture.ts'
import memorai from './subgraph.ts'

const { ada, bob } = demoPeople
const person = (): { id: string } => ({ id: `person-${randomUUID()}` })

vi.setConfig(slowly)

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([memorai, fabricai], { start: true })
})
afterAll(() => world?.stop())

describe('remembering', () => {
  it('finds by other words what was remembered, and tells when it was last recalled', async () => {
    const client = world.as(person())
    const [key, allergy] = await rememberMany(client, [
      { content: 'The spare key is with the neighbours.', tags: ['Home', 'home'] },
      { content: 'Bob must not eat peanuts, he is allergic.', importance: 1 },
    ])
    expect(key).toMatchObject({ kind: 'FACT', tags: ['home'], importance: 0.5, lastRecalledAt: null })
    await indexed(client, key?.id ?? '')
    const found = await recall(client, 'which food is dangerous for Bob?', { first: 1 })
    expect(found.map(({ memory }) => memory.id)).toEqual([allergy?.id])
    expect(found[0]?.score).toBeGreaterThan(0.4)
    expect(found[0]?.score).toBeLessThanOrEqual(1)
    expect((await memoryOf(client, allergy?.id ?? ''))?.lastRecalledAt).toBe(found[0]?.memory.lastRecalledAt)
    expect((await memoryOf(client, key?.id ?? ''))?.lastRecalledAt).toBeNull()
  })

  it('recalls only what is of the wanted kinds, and like enough', async () => {
    const client = world.as(person())
    const memories = await rememberMany(client, [
      { content: 'Water the plants on the balcony.', kind: 'TASK' },
      { content: 'The plants on the balcony need water.', kind: 'FACT' },
      { content: 'The stock market closed higher.', kind: 'FACT' },
    ])
    await indexed(client, memories[2]?.id ?? '')
    const contents = async (rest: Record<string, unknown>): Promise<string[]> =>
      (await recall(client, 'watering the balcony plants', rest)).map(({ memory }) => memory.content)
    expect(await contents({ kinds: ['TASK'] })).toEqual(['Water the plants on the balcony.'])
    expect(await contents({ kinds: ['EVENT'] })).toEqual([])
    expect(await contents({ kinds: [] })).toEqual([])
    expect(await contents({ minScore: 0.4 })).not.toContain('The stock market closed higher.')
    expect(await contents({ minScore: 1 })).toEqual([])
    expect(await contents({ first: 0 })).toEqual([])
  })

  it.each([
    [{ first: 51 }, 'BAD_USER_INPUT'],
    [{ first: -1 }, 'BAD_USER_INPUT'],
    [{ minScore: 1.5 }, 'BAD_USER_INPUT'],
    [{ query: '?!' }, 'BAD_USER_INPUT'],
    [{ query: 'x'.repeat(2_001) }, 'BAD_USER_INPUT'],
  ])('refuses to recall with %o', async (change, code) => {
    const operation =
      'query ($query: String!, $first: Int, $minScore: Float) { recall(query: $query, first: $first, minScore: $minScore) { score } }'
    expect((await world.as(ada).query(operation, { query: 'anything', ...change })).codes).toEqual([code])
  })

  it('remembers once for a key, however often and at once it is asked, and refuses the key for anything else', async () => {
    const someone = person()
    const client = world.as(someone)
    const input = { content: 'Only once, please.', idempotencyKey: 'once' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => accepted(client.query(rememberOperation, { input }))),
    )
    expect(new Set(answers.map(({ remember: { id } }) => id as string)).size).toBe(1)
    expect(await contentsOf(client, someone.id)).toEqual(['Only once, please.'])
    const other = { ...input, content: 'Something else.' }
    expect((await client.query(rememberOperation, { input: other })).codes).toEqual(['CONFLICT'])
    const many = { memories: [{ content: 'One.' }, { content: 'Two.' }], idempotencyKey: 'many' }
    const [first, second] = [
      await rememberMany(client, many.memories, many),
      await rememberMany(client, many.memories, many),
    ]
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id))
    expect(await contentsOf(client, someone.id)).toEqual(['Two.', 'One.', 'Only once, please.'])
    await accepted(client.query('mutation ($id: ID!) { forget(memory: $id) { id } }', { id: first[0]?.id }))
    expect((await client.query(rememberManyOperation, { input: many })).codes).toEqual(['CONFLICT'])
  })

  it('is listed newest first, by kind and tag, page by page', async () => {
    const someone = person()
    const client = world.as(someone)
    await rememberMany(client, [
      { content: 'One', tags: ['odd'] },
      { content: 'Two', kind: 'TASK' },
      { content: 'Three', tags: ['ODD'] },
    ])
    const query = `query ($list: [_Any!]!, $after: String, $kinds: [MemoryKind!], $tag: String) {
      _entities(representations: $list) { ... on User {
        memories(first: 2, after: $after, kinds: $kinds, tag: $tag) {
          edges { node { content } } pageInfo { hasNextPage endCursor }
        }
      } }
    }`
    const page = async (rest: Record<string, unknown> = {}) => {
      const list = [{ __typename: 'User', id: someone.id }]
      const { edges, pageInfo } = (await accepted(client.query(query, { list, ...rest })))._entities[0].memories
      return { contents: edges.map(({ node }: { node: { content: string } }) => node.content) as string[], pageInfo }
    }
    const first = await page()
    expect(first.contents).toEqual(['Three', 'Two'])
    expect((await page({ after: first.pageInfo.endCursor })).contents).toEqual(['One'])
    expect((await page({ tag: 'Odd' })).contents).toEqual(['Three', 'One'])
    expect((await page({ kinds: ['TASK'] })).contents).toEqual(['Two'])
  })

  it('tells live what is remembered, by kind, also by an assistant, and nothing of others', async () => {
    const someone = person()
    const operation =
      'subscription ($kinds: [MemoryKind!]) { memoryAdded(kinds: $kinds) { content kind owner { id } } }'
    const [all, tasks] = await Promise.all([
      world.as(someone).subscribe(operation),
      world.as(someone).subscribe(operation, { kinds: ['TASK'] }),
    ])
    await remember(world.as(person()), 'Of somebody else.', { kind: 'TASK' })
    await remember(world.as(someone), 'A fact.')
    await remember(world.asService('aide', someone.id), 'A task by the assistant.', { kind: 'TASK' })
    const next = async (stream: typeof all) => (await accepted(stream.next())).memoryAdded
    expect(await next(all)).toEqual({ content: 'A fact.', kind: 'FACT', owner: { id: someone.id } })
    expect(await next(all)).toMatchObject({ content: 'A task by the assistant.' })
    expect(await next(tasks)).toMatchObject({ content: 'A task by the assistant.', kind: 'TASK' })
    await Promise.all([all.stop(), tasks.stop()])
  })
})

describe('consolidating', () => {
  it('merges what says nearly the same, keeps where it came from, and leaves everything else', async () => {
    const someone = person()
    const client = world.as(someone)
    const memories = await rememberMany(client, [
      { content: 'The dentist appointment is on Tuesday at nine.', tags: ['health'], importance: 0.9 },
      { content: 'The dentist appointment is on Tuesday, at nine.', tags: ['tuesday'], importance: 0.2 },
      { content: 'The dentist appointment is on Tuesday at nine o’clock.', tags: ['teeth'] },
      { content: 'The dentist appointment is on Tuesday at nine.', kind: 'TASK' },
      { content: 'The car has winter tyres.' },
    ])
    await indexed(client, memories[4]?.id ?? '')
    const operation = `mutation ($minScore: Float) { consolidate(minScore: $minScore) {
      merged memories { id content tags importance sources { edges { node { id content } } } }
    } }`
    const { consolidate } = await accepted(client.query(operation, { minScore: 0.85 }))
    expect(consolidate).toEqual({
      merged: 2,
      memories: [
        {
          id: memories[2]?.id,
          content: 'The dentist appointment is on Tuesday at nine o’clock.',
          tags: ['health', 'teeth', 'tuesday'],
          importance: 0.9,
          sources: {
            edges: [
              { node: { id: memories[0]?.id, content: 'The dentist appointment is on Tuesday at nine.' } },
              { node: { id: memories[1]?.id, content: 'The dentist appointment is on Tuesday, at nine.' } },
            ],
          },
        },
      ],
    })
    expect(await contentsOf(client, someone.id)).toHaveLength(3)
    expect(await memoryOf(client, memories[0]?.id ?? '')).toBeNull()
    const found = await recall(client, 'When is the dentist appointment?', { kinds: ['FACT'] })
    expect(found.filter(({ memory }) => memory.content.includes('dentist'))).toHaveLength(1)
    // A second time there is nothing more to merge.
    expect((await accepted(client.query(operation, { minScore: 0.85 }))).consolidate).toEqual({
      merged: 0,
      memories: [],
    })
  })

  it('passes sources on when what they became is merged itself', async () => {
    const client = world.as(person())
    const operation = `mutation { consolidate(minScore: 0.85) { memories { sources { edges { node { content } } } } } }`
    const content = (version: number): string => `The wifi password is on the fridge, version ${version}.`
    for (const version of [1, 2, 3]) {
      const { id } = await remember(client, content(version))
      await indexed(client, id)
      await accepted(client.query(operation))
    }
    const [found] = await recall(client, 'wifi password', { first: 1 })
    const { memory } = await accepted(
      client.query('query ($id: ID!) { memory(id: $id) { content sources { edges { node { content } } } } }', {
        id: found?.memory.id,
      }),
    )
    expect(memory.content).toBe(content(3))
    expect(memory.sources.edges.map(({ node }: { node: { content: string } }) => node.content)).toEqual([
      content(1),
      content(2),
    ])
  })

  it('relates memories by their meaning, without themselves', async () => {
    const client = world.as(person())
    const [cat, vet, tax] = await rememberMany(client, [
      { content: 'The cat has to see the vet every spring.' },
      { content: 'The cat got its vaccination at the animal doctor.' },
      { content: 'The tax return is due in May.' },
    ])
    await indexed(client, tax?.id ?? '')
    const query = 'query ($id: ID!) { memory(id: $id) { related(first: 1) { score memory { id } } } }'
    const { memory } = await accepted(client.query(query, { id: cat?.id }))
    expect(memory.related).toEqual([{ score: expect.any(Number), memory: { id: vet?.id } }])
    const tooMany = 'query ($id: ID!) { memory(id: $id) { related(first: 51) { score } } }'
    expect((await client.query(tooMany, { id: cat?.id })).codes).toEqual(['BAD_USER_INPUT'])
  })
})

describe('the demo data', () => {
  it('can be recalled, and stays forgotten once it is', async () => {
    const client = world.as(bob)
    const before = await contentsOf(client, bob.id)
    expect(before).toHaveLength(2)
    const { forgetEverything } = await accepted(client.query('mutation { forgetEverything }'))
    expect(forgetEverything).toBe(2)
    await world.seedAgain()
    expect(await contentsOf(client, bob.id)).toEqual([])
  })
})
