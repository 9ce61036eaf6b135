import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { Answer, TestWorld } from '../_kit/testing/index.ts'
import { actor, idsOf, serviceOf } from './social.fixture.ts'
import type { Actor } from './social.fixture.ts'
import sociai from './subgraph.ts'

const dayMs = 24 * 60 * 60 * 1_000

describe('lists', () => {
  let world: TestWorld
  let ada: Actor
  let bob: Actor
  let carol: Actor
  let number = 0

  /** Puts a post where no caller could: at any time. */
  const backdated = async (author: Actor, createdAt: Date, topics: readonly string[] = []): Promise<string> => {
    number += 1
    const id = `backdated-${String(number).padStart(3, '0')}`
    const { posts } = serviceOf(world).store
    await posts.insertIfNew({ id, author: author.id, text: 'Then', mediaUrls: [], topics, mentions: [], createdAt })
    return id
  }

  const readAll = async (
    document: string,
    pick: (data: Answer['data']) => Answer['data'],
    between: () => Promise<unknown>,
  ): Promise<string[]> => {
    const ids: string[] = []
    for (let after: string | null = null; ;) {
      const page = pick(await carol.run(document, { after }))
      ids.push(...idsOf(page))
      if (!page.pageInfo.hasNextPage) return ids
      after = page.pageInfo.endCursor
      await between()
    }
  }

  beforeAll(async () => {
    world = await startWorld([sociai, logai])
    ada = actor(world, demoPeople.ada)
    bob = actor(world, demoPeople.bob)
    carol = actor(world, demoPeople.carol)
    await carol.follow(bob.id)
    await carol.follow(ada.id)
  })
  afterAll(() => world?.stop())

  it('neither skip nor repeat a post while others are published and deleted, nor where times are equal', async () => {
    const moment = new Date()
    for (let index = 0; index < 12; index += 1) await backdated(index % 2 === 0 ? ada : bob, moment)
    const before = await carol.feed()
    const document = `query ($after: String) {
      feed(first: 5, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
    }`
    const [newest = ''] = before
    const read = await readAll(
      document,
      ({ feed }) => feed,
      async () => {
        await bob.post('Meanwhile')
        await serviceOf(world).store.posts.remove(newest, new Date(), new Date())
      },
    )
    expect(read).toEqual(before)
  })

  it('of comments go on where they stopped, oldest first', async () => {
    const post = await ada.post('Talk')
    const written: string[] = []
    for (let index = 0; index < 7; index += 1) written.push(await bob.comment(post, `Number ${index}`))
    const document = `query ($after: String) {
      postById(id: "${post}") { comments(first: 3, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } } }
    }`
    let late = ''
    const read = await readAll(
      document,
      ({ postById }) => postById.comments,
      async () => {
        late ||= await carol.comment(post, 'Late')
      },
    )
    expect(read).toEqual([...written, late])
  })

  it('of trending topics put what is new before what was much', async () => {
    const now = Date.now()
    for (let index = 0; index < 3; index += 1) await backdated(ada, new Date(now - 3 * dayMs), ['talkedabout'])
    for (let index = 0; index < 50; index += 1) await backdated(bob, new Date(now - 8 * dayMs), ['bygone'])
    await backdated(bob, new Date(now), ['fresh'])
    const names = (await world.asAnonymous().query('{ trending(first: 100) { name } }')).data.trending.map(
      ({ name }: { name: string }) => name,
    )
    expect(names.indexOf('fresh')).toBeLessThan(names.indexOf('talkedabout'))
    expect(names).toContain('talkedabout')
    expect(names).not.toContain('bygone')
    const [first] = (await ada.run('{ trending(first: 1) { name } }')).trending
    expect(first).toEqual({ name: names[0] })
  })

  it('cost as many store calls for twenty people, or posts, as for one', async () => {
    const people = Array.from({ length: 20 }, (_, index) => ({ __typename: 'User', id: `person-${index}` }))
    const selection = 'followerCount followingCount viewerFollows viewerBlocks'
    const callsFor = async (list: readonly object[]): Promise<number> => {
      const before = world.storeCalls()
      await carol.run(
        `query ($list: [_Any!]!) { _entities(representations: $list) {
          ... on User { ${selection} }
          ... on Post { likeCount commentCount viewerLikes mentions { id } topics { postCount } }
        } }`,
        { list },
      )
      return world.storeCalls() - before
    }
    expect(await callsFor(people)).toBe(await callsFor(people.slice(0, 1)))
    const posts = (await carol.feed()).slice(0, 20).map((id) => ({ __typename: 'Post', id }))
    const id = await ada.post('With a #topic and @bob')
    expect(await callsFor([{ __typename: 'Post', id }, ...posts])).toBe(await callsFor([{ __typename: 'Post', id }]))
  })
})
