import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { LiveStream, TestWorld } from '../_kit/testing/index.ts'
import { actor, serviceOf } from './social.fixture.ts'
import type { Actor } from './social.fixture.ts'
import sociai from './subgraph.ts'

const feedDocument = 'subscription { feedUpdated { kind postId post { id text author { id } } } }'
const activityDocument = `subscription ($post: ID!) {
  postActivity(post: $post) { kind actor { id } comment { text } post { id likeCount commentCount viewerLikes } }
}`

describe('live streams', () => {
  let world: TestWorld
  let ada: Actor
  let bob: Actor
  let carol: Actor
  const open: LiveStream[] = []

  const listen = async (person: Actor, document: string, variables?: Record<string, unknown>): Promise<LiveStream> => {
    const stream = await person.client.subscribe(document, variables)
    open.push(stream)
    return stream
  }
  const feedOf = (person: Actor): Promise<LiveStream> => listen(person, feedDocument)
  const activityOf = (person: Actor, post: string): Promise<LiveStream> => listen(person, activityDocument, { post })
  const nextOfFeed = async (stream: LiveStream) => (await stream.next()).data.feedUpdated
  const nextActivity = async (stream: LiveStream) => (await stream.next()).data.postActivity

  beforeAll(async () => {
    world = await startWorld([sociai, logai])
    ada = actor(world, demoPeople.ada)
    bob = actor(world, demoPeople.bob)
    carol = actor(world, demoPeople.carol)
  })
  beforeEach(async () => {
    // Carol follows Ada and nobody else, and nobody has blocked anybody.
    await Promise.all([ada, bob, carol].flatMap((one) => [ada, bob, carol].map((other) => one.unblock(other.id))))
    await carol.follow(ada.id)
    await carol.unfollow(bob.id)
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((stream) => stream.stop()))
  })
  afterAll(() => world?.stop())

  describe('of a feed', () => {
    it('bring what followed people and the person publish and delete, and nothing else', async () => {
      const feed = await feedOf(carol)
      await bob.post('Not followed')
      const id = await ada.post('Followed')
      const own = await carol.post('Mine')
      await ada.deletePost(id)
      expect(await nextOfFeed(feed)).toEqual({
        kind: 'PUBLISHED',
        postId: id,
        post: { id, text: 'Followed', author: { id: ada.id } },
      })
      expect(await nextOfFeed(feed)).toMatchObject({ kind: 'PUBLISHED', postId: own })
      expect(await nextOfFeed(feed)).toEqual({ kind: 'REMOVED', postId: id, post: null })
    })

    it('follow whom the person follows meanwhile, and remove each post of whom the person leaves', async () => {
      const posts = await Promise.all([1, 2, 3].map((number) => bob.post(`Number ${number}`)))
      const feed = await feedOf(carol)
      await carol.follow(bob.id)
      const fourth = await bob.post('Number 4')
      expect(await nextOfFeed(feed)).toMatchObject({ kind: 'PUBLISHED', postId: fourth })
      await carol.unfollow(bob.id)
      await bob.post('Number 5, after the end')
      const next = await ada.post('From somebody else')

      const removed: string[] = []
      let event = await nextOfFeed(feed)
      for (; event.kind === 'REMOVED'; event = await nextOfFeed(feed)) removed.push(event.postId)
      expect(removed).toEqual(expect.arrayContaining([fourth, ...posts]))
      expect(new Set(removed).size).toBe(removed.length)
      expect(event).toMatchObject({ kind: 'PUBLISHED', postId: next })
    })

    it('lose every post of a person at a block, on both sides, and hear of that person no more', async () => {
      await ada.follow(carol.id)
      const adas = await ada.post('Before the block')
      const carols = await carol.post('Also before the block')
      const [blocked, blocking] = [await feedOf(carol), await feedOf(ada)]
      await ada.block(carol.id)
      await ada.post('After the block')
      await carol.post('After the block, too')
      for (const [stream, lost, viewer] of [
        [blocked, adas, carol],
        [blocking, carols, ada],
      ] as const) {
        const removed: string[] = []
        let event = await nextOfFeed(stream)
        for (; event.kind === 'REMOVED'; event = await nextOfFeed(stream)) removed.push(event.postId)
        expect(removed).toContain(lost)
        expect(event).toMatchObject({ kind: 'PUBLISHED', post: { author: { id: viewer.id } } })
      }
    })

    it('show nothing across a block of which they were never told', async () => {
      await carol.follow(bob.id)
      const feed = await feedOf(carol)
      const now = new Date()
      await serviceOf(world).store.blocks.add(ada.id, carol.id, now, now)
      await ada.post('Unseen')
      const seen = await bob.post('Seen')
      expect(await nextOfFeed(feed)).toMatchObject({ kind: 'PUBLISHED', postId: seen })
    })
  })

  describe('of a post', () => {
    it('bring likes and comments as they happen, with the post as it is then', async () => {
      const id = await ada.post('Watch this')
      const activity = await activityOf(carol, id)
      const expected = { id, likeCount: 0, commentCount: 0, viewerLikes: false }

      await bob.like(id)
      await bob.like(id)
      expect(await nextActivity(activity)).toEqual({
        kind: 'LIKED',
        actor: { id: bob.id },
        comment: null,
        post: { ...expected, likeCount: 1 },
      })
      await carol.like(id)
      expect(await nextActivity(activity)).toMatchObject({
        kind: 'LIKED',
        post: { ...expected, likeCount: 2, viewerLikes: true },
      })
      await bob.unlike(id)
      expect(await nextActivity(activity)).toMatchObject({ kind: 'UNLIKED', post: { likeCount: 1 } })
      const comment = await bob.comment(id, 'Watching')
      expect(await nextActivity(activity)).toMatchObject({
        kind: 'COMMENTED',
        actor: { id: bob.id },
        comment: { text: 'Watching' },
        post: { commentCount: 1 },
      })
      await ada.deleteComment(comment)
      expect(await nextActivity(activity)).toMatchObject({
        kind: 'COMMENT_DELETED',
        actor: { id: ada.id },
        comment: null,
        post: { commentCount: 0 },
      })
    })

    it('say when it is deleted, and end', async () => {
      const id = await ada.post('Soon gone')
      const activity = await activityOf(carol, id)
      await ada.deletePost(id)
      expect(await nextActivity(activity)).toEqual({
        kind: 'DELETED',
        actor: { id: ada.id },
        comment: null,
        post: null,
      })
      await activity.ended()
    })

    it.each(['the author', 'the reader'])('end at once when %s blocks the other', async (who) => {
      const id = await ada.post('Between us')
      const [activity, unconcerned] = [await activityOf(carol, id), await activityOf(bob, id)]
      await (who === 'the author' ? ada.block(carol.id) : carol.block(ada.id))
      await activity.ended()
      await ada.like(id)
      expect(await nextActivity(unconcerned)).toMatchObject({ kind: 'LIKED' })
    })

    it('leave out what people do whom the reader does not reach, from the moment of the block', async () => {
      const id = await ada.post('Open to all')
      const activity = await activityOf(carol, id)
      await carol.block(bob.id)
      await bob.like(id)
      await bob.comment(id, 'Can you hear me?')
      await ada.like(id)
      expect(await nextActivity(activity)).toMatchObject({ kind: 'LIKED', actor: { id: ada.id } })
    })

    it('show nothing across a block of which they were never told', async () => {
      const id = await ada.post('Told to nobody')
      const activity = await activityOf(carol, id)
      const now = new Date()
      await serviceOf(world).store.blocks.add(ada.id, carol.id, now, now)
      await bob.like(id)
      await ada.deletePost(id)
      await expect(activity.next()).rejects.toThrow('The stream ended')
    })

    it('are not there for a post that is not there', async () => {
      const stream = await activityOf(carol, 'unknown')
      expect((await stream.next()).codes).toEqual(['NOT_FOUND'])
    })
  })
})
