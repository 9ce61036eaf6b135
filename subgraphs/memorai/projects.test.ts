import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import codai from '../codai/subgraph.ts'
import { demoProject } from '../codai/seed.ts'
import fabricai from '../fabricai/subgraph.ts'
import { accepted, indexed, remember, rememberMany, rememberOperation, slowly } from './memories.fixture.ts'
import memorai from './subgraph.ts'

const { ada, carol } = demoPeople
const stranger = { id: `stranger-${randomUUID()}` }

vi.setConfig(slowly)

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([memorai, fabricai, codai], { start: true })
})
afterAll(() => world?.stop())

const edge = `query ($list: [_Any!]!, $tag: String) {
  _entities(representations: $list) { ... on Project { memories(tag: $tag) { edges { node { content project { id } } } } } }
}`
const list = [{ __typename: 'Project', id: demoProject }]

it('shows each member what that member remembers for the project, and nobody else anything', async () => {
  await remember(world.as(ada), 'The launch is in May.', { project: demoProject, tags: ['launch'] })
  await remember(world.as(ada), 'Has nothing to do with it.')
  await remember(world.as(carol), 'The logo is still a draft.', { project: demoProject })
  const own = await accepted(world.as(ada).query(edge, { list }))
  expect(own._entities[0].memories.edges).toEqual([
    { node: { content: 'The launch is in May.', project: { id: demoProject } } },
  ])
  const ofCarol = await accepted(world.as(carol).query(edge, { list }))
  expect(ofCarol._entities[0].memories.edges.map(({ node }: { node: { content: string } }) => node.content)).toEqual([
    'The logo is still a draft.',
  ])
  const tagged = await accepted(world.as(ada).query(edge, { list, tag: 'other' }))
  expect(tagged._entities[0].memories.edges).toEqual([])
  for (const nobody of [world.as(stranger), world.asAdmin(), world.asService('aide', stranger.id)]) {
    const refused = await nobody.query(edge, { list })
    expect(refused.codes).toEqual(['FORBIDDEN'])
    expect(JSON.stringify(refused)).not.toContain('launch')
  }
  expect((await world.asAnonymous().query(edge, { list })).codes).toEqual(['UNAUTHENTICATED'])
})

it('lets nobody remember for a project of others, whether it exists or not', async () => {
  for (const project of [demoProject, randomUUID()]) {
    const { codes } = await world.as(stranger).query(rememberOperation, { input: { content: 'Let me in.', project } })
    expect(codes).toEqual(['NOT_FOUND'])
  }
})

it('recalls within a project, and does not merge what is for different ones', async () => {
  const client = world.as(ada)
  const [, last] = await rememberMany(client, [
    { content: 'The budget of the spring campaign is approved.', project: demoProject },
    { content: 'The budget of the spring campaign is approved.' },
  ])
  await indexed(client, last?.id ?? '')
  const recall = `query ($project: ID) {
    recall(query: "Is there money for the campaign?", first: 2, minScore: 0.3, project: $project) { memory { project { id } } }
  }`
  const within = await accepted(client.query(recall, { project: demoProject }))
  expect(within.recall).toEqual([{ memory: { project: { id: demoProject } } }])
  expect((await accepted(client.query(recall))).recall).toHaveLength(2)
  expect((await accepted(client.query('mutation { consolidate { merged } }'))).consolidate).toEqual({ merged: 0 })
})
