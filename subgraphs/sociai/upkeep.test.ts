import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { demoPostId } from './seed.ts'
import { actor, serviceOf } from './social.fixture.ts'
import type { Actor } from './social.fixture.ts'
import sociai from './subgraph.ts'

const mentionsDocument = 'query ($post: ID!) { postById(id: $post) { mentions { id } } }'
const twoMinutesMs = 120_000

describe('upkeep', () => {
  let world: TestWorld
  let ada: Actor
  let bob: Actor
  let carol: Actor

  const meet = (): void => {
    ada = actor(world, demoPeople.ada)
    bob = actor(world, demoPeople.bob)
    carol = actor(world, demoPeople.carol)
  }
  const mentionsOf = async (post: string) => (await bob.run(mentionsDocument, { post })).postById.mentions

  beforeEach(async () => {
    world = await startWorld([sociai, logai], { start: true })
    meet()
  })
  afterEach(() => world?.stop())

  it('lets people post while nobody can be looked up, and mentions them when that is possible again', async () => {
    await world.hosted('logai').platform.lifecycle.stop()
    const post = await ada.post('To @carol, @nobody_there and @bob, as soon as possible')
    expect(await mentionsOf(post)).toEqual([])
    // Carol and Ada part before the handle is looked up.
    const { blocks } = serviceOf(world).store
    await blocks.add(carol.id, ada.id, new Date(), new Date())

    await world.restart()
    meet()
    await vi.waitFor(async () => expect(await mentionsOf(post)).toEqual([{ id: bob.id }]), { timeout: 10_000 })
    expect(await serviceOf(world).store.posts.withPendingMentions(10)).toEqual([])
  })

  it('says that people cannot be looked up, where that is what was asked for', async () => {
    await world.hosted('logai').platform.lifecycle.stop()
    const { codes } = await ada.client.query('mutation ($user: ID!) { follow(user: $user) { id } }', {
      user: demoPeople.admin.id,
    })
    expect(codes).toEqual(['UNAVAILABLE'])
  })

  it('removes what a deletion left hanging, and the empty post with it', async () => {
    const { posts, likes, comments } = serviceOf(world).store
    const post = await ada.post('Deleted by half')
    const list = [{ __typename: 'Comment', id: await bob.comment(post, 'Left') }]
    await bob.like(post)
    // As far as a process comes that dies at the worst moment.
    await posts.remove(post, new Date(), new Date(Date.now() + 60_000))
    const entities = 'query ($list: [_Any!]!) { _entities(representations: $list) { ... on Comment { id } } }'
    expect(await bob.run(entities, { list })).toEqual({ _entities: [null] })

    world.advance(twoMinutesMs)
    await serviceOf(world).upkeep.round()
    expect((await likes.counts([post])).size + (await comments.counts([post])).size).toBe(0)
    const at = new Date()
    const again = { id: post, author: ada.id, text: 'x', mediaUrls: [], topics: [], mentions: [], createdAt: at }
    expect(await posts.insertIfNew(again)).toBe(true)
  })

  it('keeps of a deleted post the key that it was written with', async () => {
    const document = 'mutation { post(input: { text: "Once", idempotencyKey: "once" }) { id } }'
    const { post } = await ada.run(document)
    await ada.deletePost(post.id)
    world.advance(twoMinutesMs)
    await serviceOf(world).upkeep.round()
    expect((await ada.client.query(document)).codes).toEqual(['CONFLICT'])
    expect(await ada.run('query ($id: ID!) { postById(id: $id) { id } }', { id: post.id })).toEqual({ postById: null })
  })

  it('ends the follows that a block left, so that they do not come back with its end', async () => {
    const { blocks, follows } = serviceOf(world).store
    const blockByHalf = async (): Promise<void> => {
      await follows.add(bob.id, ada.id, new Date())
      await blocks.add(ada.id, bob.id, new Date(), new Date(Date.now() + 60_000))
    }
    await blockByHalf()
    await ada.unblock(bob.id)
    expect(await bob.person(ada.id, 'viewerFollows')).toEqual({ viewerFollows: false })

    await blockByHalf()
    world.advance(twoMinutesMs)
    await serviceOf(world).upkeep.round()
    expect((await follows.by(bob.id, [ada.id])).size).toBe(0)
    expect(await blocks.fresh(ada.id, bob.id)).toBeNull()
  })

  it('never brings demo data back that people deleted or took back', async () => {
    await ada.deletePost(demoPostId(1))
    await ada.unfollow(bob.id)
    world.advance(twoMinutesMs)
    await serviceOf(world).upkeep.round()
    await world.restart()
    meet()
    expect(await ada.run('query ($id: ID!) { postById(id: $id) { id } }', { id: demoPostId(1) })).toEqual({
      postById: null,
    })
    expect(await ada.person(bob.id, 'viewerFollows')).toEqual({ viewerFollows: false })
  })
})
