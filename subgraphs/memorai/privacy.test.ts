import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestClient, TestWorld } from '../_kit/testing/index.ts'
import fabricai from '../fabricai/subgraph.ts'
import { accepted, contentsOf, indexed, recall, remember, rememberManyOperation, slowly } from './memories.fixture.ts'
import memorai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const secret = `Ada keeps her diary under the third floorboard ${randomUUID()}.`
const idempotencyKey = 'the diary'

vi.setConfig(slowly)

let world: TestWorld
let id: string
beforeAll(async () => {
  world = await startWorld([memorai, fabricai], { start: true })
  const memory = await remember(world.as(ada), secret, { tags: ['diary'], idempotencyKey })
  await indexed(world.as(ada), memory.id)
  id = memory.id
  // Something of Bob's own that means the same, so that a leak would show.
  const own = await remember(world.as(bob), 'Where does Ada keep her diary?')
  await indexed(world.as(bob), own.id)
})
afterAll(() => world?.stop())

/** Everybody who is not Ada, and does not act for her. */
const strangers: Readonly<Record<string, () => TestClient>> = {
  'another person': () => world.as(bob),
  'an administrator': () => world.asAdmin(),
  'a service by itself': () => world.asService('aide'),
  'a service for another person': () => world.asService('aide', bob.id),
  'an application of hers': () => world.asApplicationOf(ada),
  'somebody who is not signed in': () => world.asAnonymous(),
  'somebody past the gateway': () => world.asNobody(),
}

const everything = 'content tags kind sources { edges { node { content } } } related { score memory { content } }'

/** All ways to ask for something of Ada's. */
const ways: readonly (readonly [string, string, () => Record<string, unknown>])[] = [
  ['the root field', `query ($id: ID!) { memory(id: $id) { ${everything} } }`, () => ({ id })],
  [
    'a reference to the memory',
    `query ($list: [_Any!]!) { _entities(representations: $list) { ... on Memory { ${everything} } } }`,
    () => ({ list: [{ __typename: 'Memory', id }] }),
  ],
  [
    'the edge from the person',
    `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { memories { edges { node { ${everything} } } } } } }`,
    () => ({ list: [{ __typename: 'User', id: ada.id }] }),
  ],
  [
    'recalling the words',
    `query ($q: String!) { recall(query: $q, first: 50) { memory { ${everything} } } }`,
    () => ({ q: secret }),
  ],
  ['forgetting', `mutation ($id: ID!) { forget(memory: $id) { ${everything} } }`, () => ({ id })],
  [
    'the same key',
    `mutation ($input: RememberInput!) { remember(input: $input) { id content } }`,
    () => ({ input: { content: 'Mine.', idempotencyKey } }),
  ],
  ['consolidating', `mutation { consolidate(minScore: 0.7) { memories { ${everything} } } }`, () => ({})],
]

describe.each(Object.keys(strangers))('%s', (stranger) => {
  const client = (): TestClient => strangers[stranger]?.() ?? world.asNobody()

  it.each(ways)('learns nothing by %s', async (_way, query, variables) => {
    const answer = await client().query(query, variables())
    expect(JSON.stringify(answer)).not.toContain('floorboard')
    expect(answer.codes.filter((code) => !['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'].includes(code))).toEqual([])
  })

  it('takes nothing away by forgetting everything', async () => {
    await client().query('mutation { forgetEverything }')
    expect(await contentsOf(world.as(ada), ada.id)).toContain(secret)
  })
})

it('tells a stream of another person nothing', async () => {
  const operation = 'subscription { memoryAdded { content } }'
  const stream = await world.as(carol).subscribe(operation)
  await remember(world.as(ada), 'Of Ada again.')
  await accepted(world.as(carol).query(rememberManyOperation, { input: { memories: [{ content: 'Of Carol.' }] } }))
  expect((await accepted(stream.next())).memoryAdded.content).toBe('Of Carol.')
  await stream.stop()
  for (const nobody of [world.asAnonymous(), world.asApplicationOf(ada), world.asService('aide')]) {
    const refused = await nobody.subscribe(operation)
    expect((await refused.next()).codes.join()).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/)
    await refused.stop()
  }
})

it('lets an assistant act for its person, and for nobody else', async () => {
  const assistant = world.asService('aide', ada.id)
  const [found] = await recall(assistant, 'diary', { first: 1 })
  expect(found?.memory.content).toBe(secret)
})
