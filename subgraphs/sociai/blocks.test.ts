import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { actor, idsOf, nodesOf } from './social.fixture.ts'
import type { Actor } from './social.fixture.ts'
import sociai from './subgraph.ts'

const { ada, bob, carol } = demoPeople

const postDocument = `query ($post: ID!) {
  postById(id: $post) {
    id mentions { id } likeCount commentCount
    comments { edges { node { id author { id } } } }
    likes { edges { node { id } } }
  }
}`
const entitiesDocument = `query ($list: [_Any!]!) {
  _entities(representations: $list) { ... on Post { id } ... on Comment { id } }
}`
const listsDocument = `{
  feed(first: 100) { edges { node { author { id } } } }
  discover(first: 100) { edges { node { author { id } } } }
  topic(name: "barrier") { posts { edges { node { author { id } } } } }
}`
const personSelection = `
  posts { edges { node { id } } } followers { edges { node { id } } } following { edges { node { id } } }
  followerCount followingCount viewerFollows viewerBlocks`

const nothing = { edges: [] }
const refusalOf = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'It was allowed.',
    (error: Error) => error.message,
  )

describe.each([
  { blocker: ada, blocked: carol },
  { blocker: carol, blocked: ada },
])('when $blocker.handle has blocked $blocked.handle', ({ blocker, blocked }) => {
  let world: TestWorld
  let friend: Actor
  const acting = new Map<string, Actor>()
  const posts = new Map<string, string>()
  const comments = new Map<string, string>()
  let friendsPost: string
  const of = <Value>(map: ReadonlyMap<string, Value>, { id }: { id: string }): Value => {
    const value = map.get(id)
    if (value === undefined) throw new Error('The story has no such person.')
    return value
  }

  beforeAll(async () => {
    world = await startWorld([sociai, logai])
    friend = actor(world, bob)
    const pair = [actor(world, ada), actor(world, carol)]
    friendsPost = await friend.post('Between @ada and @carol stands no #barrier')
    for (const person of pair) {
      acting.set(person.id, person)
      posts.set(person.id, await person.post('A word about the #barrier'))
      comments.set(person.id, await person.comment(friendsPost, 'Indeed'))
      await person.like(friendsPost)
      await person.follow(bob.id)
      await friend.follow(person.id)
    }
    await of(acting, ada).follow(carol.id)
    await of(acting, carol).follow(ada.id)
    await of(acting, blocker).block(blocked.id)
  })
  afterAll(() => world?.stop())

  describe.each([
    { viewer: blocker, other: blocked },
    { viewer: blocked, other: blocker },
  ])('$viewer.handle', ({ viewer, other }) => {
    const asViewer = (): Actor => of(acting, viewer)

    it('finds nothing of the other in feed, discoveries and topics', async () => {
      const { feed, discover, topic } = await asViewer().run(listsDocument)
      for (const page of [feed, discover, topic.posts]) {
        const authors = nodesOf<{ author: { id: string } }>(page).map(({ author }) => author.id)
        expect(authors).not.toContain(other.id)
        expect(authors).toContain(viewer.id)
      }
    })

    it('finds neither posts nor comments of the other by id, nor comments under posts of the other', async () => {
      const underOther = await friend.comment(of(posts, other), 'A friend was here')
      const list = [
        { __typename: 'Post', id: of(posts, other) },
        { __typename: 'Comment', id: of(comments, other) },
        { __typename: 'Comment', id: underOther },
        { __typename: 'Post', id: friendsPost },
        { __typename: 'Comment', id: of(comments, viewer) },
      ]
      expect(await asViewer().run(entitiesDocument, { list })).toEqual({
        _entities: [null, null, null, { id: friendsPost }, { id: of(comments, viewer) }],
      })
      expect(await asViewer().run(postDocument, { post: of(posts, other) })).toEqual({ postById: null })
    })

    it('sees the post of a friend without the comments, the likes and the mention of the other', async () => {
      const { postById } = await asViewer().run(postDocument, { post: friendsPost })
      expect(nodesOf<{ author: { id: string } }>(postById.comments).map(({ author }) => author.id)).toEqual([viewer.id])
      expect(idsOf(postById.likes)).toEqual([viewer.id])
      expect(postById.mentions).toEqual([{ id: viewer.id }])
    })

    it('finds the other as a person of whom nothing is known, and not among the followers of a friend', async () => {
      expect(await asViewer().person(other.id, personSelection)).toEqual({
        posts: nothing,
        followers: nothing,
        following: nothing,
        followerCount: 0,
        followingCount: 0,
        viewerFollows: false,
        viewerBlocks: viewer.id === blocker.id,
      })
      const friendly = await asViewer().person(bob.id, personSelection)
      expect(idsOf(friendly.followers)).toEqual([viewer.id])
      expect(idsOf(friendly.following)).toEqual([viewer.id])
    })

    it('is refused whatever would reach the other in the words for what does not exist', async () => {
      const post = of(posts, other)
      const comment = of(comments, other)
      const attempts: readonly ((id: string) => Promise<unknown>)[] = [
        (id) => asViewer().like(id),
        (id) => asViewer().unlike(id),
        (id) => asViewer().comment(id, 'Hello?'),
        (id) => asViewer().deletePost(id),
      ]
      for (const attempt of attempts) {
        expect(await refusalOf(attempt(post))).toBe((await refusalOf(attempt('unknown'))).replace('unknown', post))
      }
      expect(await refusalOf(asViewer().deleteComment(comment))).toBe(
        (await refusalOf(asViewer().deleteComment('unknown'))).replace('unknown', comment),
      )
      expect(await refusalOf(asViewer().follow(other.id))).toBe(
        (await refusalOf(asViewer().follow('unknown'))).replace('unknown', other.id),
      )
      const stream = await asViewer().client.subscribe(
        'subscription ($post: ID!) { postActivity(post: $post) { kind } }',
        { post },
      )
      expect((await stream.next()).codes).toEqual(['NOT_FOUND'])
      await stream.stop()
    })

    it('mentions nobody with the handle of the other, as with one that nobody has', async () => {
      const id = await asViewer().post(`Where is @${other.handle}, and where is @nobody_there?`)
      const { postById } = await friend.run(postDocument, { post: id })
      expect(postById.mentions).toEqual([])
    })
  })

  it('hides neither from a third person, nor from somebody who is not signed in', async () => {
    const list = [ada, carol].map((person) => ({ __typename: 'Post', id: of(posts, person) }))
    for (const client of [friend.client, world.asAnonymous(), world.asService('search')]) {
      const { data } = await client.query(postDocument, { post: friendsPost })
      expect(data.postById).toMatchObject({
        likeCount: 2,
        commentCount: 2,
        mentions: [{ id: ada.id }, { id: carol.id }],
      })
      expect(idsOf(data.postById.likes).toSorted()).toEqual([ada.id, carol.id].toSorted())
      expect(nodesOf(data.postById.comments)).toHaveLength(2)
      const entities = await client.query(entitiesDocument, { list })
      expect(entities.data._entities).not.toContain(null)
    }
  })

  it('binds a service that acts for one of them', async () => {
    const { data } = await world.asService('search', blocked.id).query(postDocument, { post: of(posts, blocker) })
    expect(data.postById).toBeNull()
  })

  it('shows the block to the blocker alone, and ends with it, but for the follows', async () => {
    const listed = await of(acting, blocker).person(blocker.id, 'blocked { edges { node { id } } }')
    expect(idsOf(listed.blocked)).toEqual([blocked.id])
    expect(await of(acting, blocked).person(blocked.id, 'blocked { edges { node { id } } }')).toEqual({
      blocked: nothing,
    })

    // Blocking back hides nothing more, and ending the one block must not end the other.
    await of(acting, blocked).block(blocker.id)
    await of(acting, blocked).unblock(blocker.id)
    expect(await of(acting, blocked).run(postDocument, { post: of(posts, blocker) })).toEqual({ postById: null })

    await of(acting, blocker).unblock(blocked.id)
    for (const [viewer, other] of [[blocker, blocked] as const, [blocked, blocker] as const]) {
      const { postById } = await of(acting, viewer).run(postDocument, { post: of(posts, other) })
      expect(postById).toMatchObject({ id: of(posts, other) })
      const person = await of(acting, viewer).person(
        other.id,
        'viewerFollows viewerBlocks followers { edges { node { id } } }',
      )
      expect(person).toMatchObject({ viewerFollows: false, viewerBlocks: false })
      expect(idsOf(person.followers)).toEqual([bob.id])
      expect(await of(acting, viewer).feed()).not.toContain(of(posts, other))
    }
  })
})
