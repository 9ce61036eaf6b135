import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestWorld } from '../_kit/testing/index.ts'
import logai from '../logai/subgraph.ts'
import { newProject, newWorkflow, startRun } from './people.fixture.ts'
import codai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
type Person = { id: string }

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([codai, logai])
})
afterAll(() => world?.stop())

const ask = (person: Person, field: string, type: string, input: Record<string, unknown>): Promise<Answer> =>
  world.as(person).query(`mutation ($input: ${type}!) { ${field}(input: $input) { id name viewerRole } }`, { input })
const setMember = (person: Person, project: string, user: string, role = 'MEMBER'): Promise<Answer> =>
  ask(person, 'setProjectMember', 'SetProjectMemberInput', { project, user, role })
const removeMember = (person: Person, project: string, user: string): Promise<Answer> =>
  ask(person, 'removeProjectMember', 'RemoveProjectMemberInput', { project, user })
const rename = (person: Person, project: string, name: string): Promise<Answer> =>
  ask(person, 'changeProject', 'ChangeProjectInput', { project, name })

const see = async (person: Person, project: string): Promise<Answer['data']> => {
  const { data } = await world.as(person).query(
    `query ($id: ID!) { project(id: $id) { name description owner { id } viewerRole services { name title }
      members { edges { role node { id } } } } }`,
    { id: project },
  )
  return data.project
}

describe('a project', () => {
  it('is made once for one key, although it is asked for many times at once', async () => {
    const input = { name: 'Once', services: ['x', 'bancai', 'x'], idempotencyKey: randomUUID() }
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask(ada, 'createProject', 'CreateProjectInput', input)),
    )
    const ids = new Set(answers.map(({ data }) => data.createProject.id as string))
    expect(ids.size).toBe(1)
    const [id = ''] = ids
    expect(await see(ada, id)).toMatchObject({
      name: 'Once',
      owner: { id: ada.id },
      viewerRole: 'OWNER',
      services: [{ name: 'bancai' }, { name: 'x' }],
    })
    expect((await ask(ada, 'createProject', 'CreateProjectInput', { ...input, name: 'Twice' })).codes).toEqual([
      'CONFLICT',
    ])
  })

  it('is seen by its members alone, and changed by owner and maintainers alone', async () => {
    const project = await newProject(world, ada)
    expect(await see(bob, project)).toBeNull()
    expect((await rename(bob, project, 'Mine')).codes).toEqual(['NOT_FOUND'])
    await setMember(ada, project, bob.id)
    expect(await see(bob, project)).toMatchObject({ viewerRole: 'MEMBER' })
    expect((await rename(bob, project, 'Mine')).codes).toEqual(['FORBIDDEN'])
    expect((await setMember(bob, project, carol.id)).codes).toEqual(['FORBIDDEN'])
    await setMember(ada, project, bob.id, 'MAINTAINER')
    expect((await rename(bob, project, 'Ours')).codes).toEqual([])
    expect((await setMember(bob, project, carol.id)).codes).toEqual([])
    const deleted = await world
      .as(bob)
      .query('mutation ($project: ID!) { deleteProject(project: $project) { id } }', { project })
    expect(deleted.codes).toEqual(['FORBIDDEN'])
    expect((await see(carol, project)).members.edges).toEqual([
      { role: 'OWNER', node: { id: ada.id } },
      { role: 'MAINTAINER', node: { id: bob.id } },
      { role: 'MEMBER', node: { id: carol.id } },
    ])
  })

  it('is left by members by themselves, and by the owner only after another one is there', async () => {
    const project = await newProject(world, ada)
    await setMember(ada, project, bob.id)
    await setMember(ada, project, carol.id)
    expect((await removeMember(bob, project, carol.id)).codes).toEqual(['FORBIDDEN'])
    expect((await removeMember(carol, project, carol.id)).codes).toEqual([])
    expect(await see(carol, project)).toBeNull()
    expect((await removeMember(ada, project, ada.id)).codes).toEqual(['CONFLICT'])
    const handOver = { project, user: bob.id }
    expect((await ask(bob, 'transferProject', 'TransferProjectInput', handOver)).codes).toEqual(['FORBIDDEN'])
    expect((await ask(ada, 'transferProject', 'TransferProjectInput', handOver)).codes).toEqual([])
    expect(await see(bob, project)).toMatchObject({ owner: { id: bob.id }, viewerRole: 'OWNER' })
    expect((await removeMember(ada, project, ada.id)).codes).toEqual([])
  })

  it('has one owner, although it is handed over to two at once', async () => {
    const project = await newProject(world, ada)
    await setMember(ada, project, bob.id)
    await setMember(ada, project, carol.id)
    const answers = await Promise.all(
      [bob.id, carol.id].map((user) => ask(ada, 'transferProject', 'TransferProjectInput', { project, user })),
    )
    expect(answers.flatMap(({ codes }) => codes)).toEqual(['FORBIDDEN'])
    const { members } = await see(ada, project)
    const owners = members.edges.filter(({ role }: { role: string }) => role === 'OWNER')
    expect(owners).toHaveLength(1)
  })

  it('takes its workflows with it when it is deleted, tells others, and leaves their runs', async () => {
    const told: unknown[] = []
    const events = await world.hosted().platform.events()
    const subscription = events.subscribe({
      group: `test ${randomUUID()}`,
      types: ['codai.projectDeleted'],
      handle: async ({ payload }) => void told.push(payload),
    })
    const project = await newProject(world, ada)
    await setMember(ada, project, bob.id)
    const workflow = await newWorkflow(world, ada, undefined, project)
    const run = await startRun(world, bob, workflow)
    await world.as(ada).query('mutation ($project: ID!) { deleteProject(project: $project) { id } }', { project })
    expect(await see(ada, project)).toBeNull()
    const left = await world
      .as(bob)
      .query('query ($id: ID!) { workflowRun(id: $id) { name workflow { id } } }', { id: run })
    expect(left.data.workflowRun).toEqual({ name: 'Steps', workflow: null })
    await events.settled()
    await subscription.stop()
    expect(told).toContainEqual({ projectId: project, owner: ada.id })
  })

  it('is listed for each member, newest first, and for nobody else', async () => {
    const [first, second] = [await newProject(world, bob, 'First'), await newProject(world, bob, 'Second')]
    const list = `query ($list: [_Any!]!) { _entities(representations: $list) { ... on User {
      projects(first: 1) { edges { node { id } } pageInfo { hasNextPage endCursor } } } } }`
    const variables = { list: [{ __typename: 'User', id: bob.id }] }
    const own = await world.as(bob).query(list, variables)
    expect(own.data._entities[0].projects).toMatchObject({
      edges: [{ node: { id: second } }],
      pageInfo: { hasNextPage: true },
    })
    const next = await world
      .as(bob)
      .query(
        list.replace('first: 1', `first: 1, after: "${own.data._entities[0].projects.pageInfo.endCursor}"`),
        variables,
      )
    expect(next.data._entities[0].projects.edges).toEqual([{ node: { id: first } }])
    expect((await world.as(carol).query(list, variables)).codes).toEqual(['FORBIDDEN'])
  })
})

describe('the catalogue', () => {
  it('is walked by anybody, from what needs whom to who is needed by whom', async () => {
    const { data, codes } = await world.asAnonymous().query(`{
      services { name }
      core: services(tier: CORE, status: AVAILABLE) { name port status resources }
      service(name: "bancai") { title purpose tier priority port dependents { name dependencies { name } } }
      nothing: service(name: "nothing") { name }
    }`)
    expect(codes).toEqual([])
    expect(data.services.length).toBeGreaterThanOrEqual(40)
    expect(data.core).toContainEqual({
      name: 'codai',
      port: 3000,
      status: 'AVAILABLE',
      resources: ['RELATIONAL', 'EVENTS'],
    })
    expect(data.service).toMatchObject({ title: 'Bancai', tier: 'CORE', port: 3003, priority: 2 })
    expect(data.service.dependents).toContainEqual({ name: 'wallet', dependencies: [{ name: 'bancai' }] })
    expect(data.nothing).toBeNull()
  })
})
