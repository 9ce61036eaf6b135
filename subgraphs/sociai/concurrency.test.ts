import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { createDirectory } from './directory.ts'
import { createLive, openPubSub } from './live.ts'
import { createPeople } from './people.ts'
import { actor, idsOf, serviceOf } from './social.fixture.ts'
import type { Actor } from './social.fixture.ts'
import type { Store } from './store.ts'
import sociai from './subgraph.ts'

const times = <Value>(count: number, make: (index: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

const postDocument = 'mutation ($input: PostInput!) { post(input: $input) { id } }'
const commentDocument = 'mutation ($input: CommentInput!) { comment(input: $input) { id } }'

describe('at the same time', () => {
  let world: TestWorld
  let ada: Actor
  let bob: Actor
  beforeAll(async () => {
    world = await startWorld([sociai, logai])
    ada = actor(world, demoPeople.ada)
    bob = actor(world, demoPeople.bob)
  })
  afterAll(() => world?.stop())

  const likeCount = async (post: string): Promise<number> =>
    (await ada.run('query ($post: ID!) { postById(id: $post) { likeCount } }', { post })).postById.likeCount

  it('two hundred likes by one person count once, and are told of once', async () => {
    const post = await ada.post('Everybody calm down')
    const activity = await ada.client.subscribe('subscription ($post: ID!) { postActivity(post: $post) { kind } }', {
      post,
    })
    await times(200, () => bob.like(post))
    expect(await likeCount(post)).toBe(1)
    await times(20, () => bob.unlike(post))
    expect(await likeCount(post)).toBe(0)
    const told = [await activity.next(), await activity.next()].map(({ data }) => data.postActivity.kind)
    expect(told).toEqual(['LIKED', 'UNLIKED'])
    await activity.stop()
  })

  it('likes by fifty people count fifty times', async () => {
    const post = await ada.post('Please like this')
    await times(50, (index) => actor(world, { id: `reader-${index}` }).like(post))
    expect(await likeCount(post)).toBe(50)
  })

  it('twenty calls with one key post once, and comment once', async () => {
    const input = { text: 'Once and for all', idempotencyKey: 'once' }
    const posts = await times(20, () => ada.run(postDocument, { input }))
    const ids = new Set(posts.map(({ post }) => post.id))
    expect(ids.size).toBe(1)
    expect((await ada.feed()).filter((id) => ids.has(id))).toHaveLength(1)

    const [post] = [...ids]
    const comments = await times(20, () =>
      bob.run(commentDocument, { input: { post, text: 'Once', idempotencyKey: 'once' } }),
    )
    expect(new Set(comments.map(({ comment }) => comment.id)).size).toBe(1)
    const found = await ada.run('query ($post: ID!) { postById(id: $post) { commentCount } }', { post })
    expect(found.postById.commentCount).toBe(1)
  })

  it('a key stands for one content, of one person, also after a deletion', async () => {
    const input = { text: 'Mine', idempotencyKey: 'shared words' }
    const { post } = await ada.run(postDocument, { input })
    expect((await bob.run(postDocument, { input })).post.id).not.toBe(post.id)
    expect((await ada.client.query(postDocument, { input: { ...input, text: 'Other' } })).codes).toEqual(['CONFLICT'])

    const comment = { post: post.id, text: 'Mine', idempotencyKey: 'shared words' }
    const written = await bob.run(commentDocument, { input: comment })
    expect((await bob.client.query(commentDocument, { input: { ...comment, text: 'Other' } })).codes).toEqual([
      'CONFLICT',
    ])
    await bob.deleteComment(written.comment.id)
    expect((await bob.client.query(commentDocument, { input: comment })).codes).toEqual(['CONFLICT'])

    await ada.deletePost(post.id)
    expect((await ada.client.query(postDocument, { input })).codes).toEqual(['CONFLICT'])
    expect(await ada.feed()).not.toContain(post.id)
  })

  it('of twenty deletions of a post one succeeds', async () => {
    const post = await ada.post('Gone in a moment')
    const answers = await times(20, () =>
      ada.client.query('mutation ($post: ID!) { deletePost(post: $post) { id } }', { post }),
    )
    expect(answers.filter(({ codes }) => codes.length === 0)).toHaveLength(1)
    expect(new Set(answers.flatMap(({ codes }) => codes))).toEqual(new Set(['NOT_FOUND']))
  })

  it('no follow survives a block, whichever comes first', async () => {
    for (let round = 0; round < 20; round += 1) {
      await Promise.all([
        bob.follow(ada.id).catch(() => undefined),
        ada.block(bob.id),
        bob.follow(ada.id).catch(() => undefined),
      ])
      await ada.unblock(bob.id)
      const { followers } = await bob.person(ada.id, 'followers(first: 100) { edges { node { id } } }')
      expect(idsOf(followers)).not.toContain(bob.id)
    }
  })

  it('a block that comes between looking and following wins', async () => {
    const { platform } = world.hosted()
    const { store } = serviceOf(world)
    const interrupted: Store = {
      ...store,
      follows: {
        ...store.follows,
        add: async (...follow) => {
          await ada.block(bob.id)
          return store.follows.add(...follow)
        },
      },
    }
    const live = createLive(openPubSub(platform), platform.logger)
    const people = createPeople({ store: interrupted, live, directory: createDirectory(platform) }, platform)
    await expect(people.follow(bob.id, ada.id, 'request')).rejects.toThrow('User')
    expect((await store.follows.by(bob.id, [ada.id])).size).toBe(0)
  })
})
