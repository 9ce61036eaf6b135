import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld, testConformance } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { demoCommentId, demoPostId } from './seed.ts'
import { actor, idsOf, nodesOf } from './social.fixture.ts'
import type { Actor } from './social.fixture.ts'
import sociai from './subgraph.ts'

const { ada, bob, carol } = demoPeople
const adasPost = demoPostId(1)
const bobsPost = demoPostId(0)

const newPost = async (world: TestWorld): Promise<string> => {
  const { data } = await world.as(ada).query('mutation { post(input: { text: "Short-lived" }) { id } }')
  return data.post.id
}

testConformance(
  sociai,
  {
    entities: {
      User: { keys: [{ id: ada.id }] },
      Post: { keys: [{ id: adasPost }, { id: bobsPost }] },
      Comment: { keys: [{ id: demoCommentId(0, 0) }] },
      Topic: { keys: [{ name: 'supergraph' }] },
    },
    mutations: {
      post: {
        arguments: { input: { text: 'To @bob about #tests', mediaUrls: ['https://example.org/a.png'] } },
        stranger: 'OWN',
        bad: [
          { arguments: { input: { text: '  ' } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { text: 'x'.repeat(2_001) } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { text: 'x', mediaUrls: ['http://example.org/a.png'] } }, code: 'BAD_USER_INPUT' },
          {
            arguments: { input: { text: 'x', mediaUrls: Array(5).fill('https://example.org/a.png') } },
            code: 'BAD_USER_INPUT',
          },
          { arguments: { input: { text: 'x', mediaUrls: ['nonsense'] } }, code: 'BAD_USER_INPUT' },
          {
            arguments: { input: { text: 'x', mediaUrls: [`https://example.org/${'a'.repeat(2_048)}`] } },
            code: 'BAD_USER_INPUT',
          },
          { arguments: { input: { text: 'x', idempotencyKey: '' } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { text: 'x', idempotencyKey: 'k'.repeat(101) } }, code: 'BAD_USER_INPUT' },
          {
            arguments: { input: { text: Array.from({ length: 21 }, (_, index) => `#topic${index}`).join(' ') } },
            code: 'BAD_USER_INPUT',
          },
          {
            arguments: { input: { text: Array.from({ length: 21 }, (_, index) => `@person${index}`).join(' ') } },
            code: 'BAD_USER_INPUT',
          },
        ],
      },
      deletePost: {
        arguments: async (world) => ({ post: await newPost(world) }),
        stranger: 'FORBIDDEN',
        bad: [{ arguments: { post: 'unknown' }, code: 'NOT_FOUND' }],
      },
      comment: {
        arguments: { input: { post: bobsPost, text: 'Well said' } },
        stranger: 'OWN',
        bad: [
          { arguments: { input: { post: bobsPost, text: '' } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { post: bobsPost, text: 'x'.repeat(1_001) } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { post: bobsPost, text: 'x', idempotencyKey: '' } }, code: 'BAD_USER_INPUT' },
          { arguments: { input: { post: 'unknown', text: 'x' } }, code: 'NOT_FOUND' },
        ],
      },
      deleteComment: {
        arguments: async (world) => {
          const input = { post: adasPost, text: 'Soon gone' }
          const { data } = await world
            .as(ada)
            .query('mutation ($input: CommentInput!) { comment(input: $input) { id } }', { input })
          return { comment: data.comment.id }
        },
        stranger: 'FORBIDDEN',
        bad: [{ arguments: { comment: 'unknown' }, code: 'NOT_FOUND' }],
      },
      like: {
        arguments: { post: bobsPost },
        stranger: 'OWN',
        bad: [{ arguments: { post: 'unknown' }, code: 'NOT_FOUND' }],
      },
      unlike: {
        arguments: { post: bobsPost },
        stranger: 'OWN',
        bad: [{ arguments: { post: 'unknown' }, code: 'NOT_FOUND' }],
      },
      follow: {
        arguments: { user: carol.id },
        stranger: 'OWN',
        bad: [
          { arguments: { user: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: { user: ada.id }, code: 'BAD_USER_INPUT' },
        ],
      },
      unfollow: { arguments: { user: carol.id }, stranger: 'OWN', bad: [] },
      block: {
        arguments: { user: bob.id },
        stranger: 'OWN',
        bad: [
          { arguments: { user: 'unknown' }, code: 'NOT_FOUND' },
          { arguments: { user: ada.id }, code: 'BAD_USER_INPUT' },
        ],
      },
      unblock: { arguments: { user: bob.id }, stranger: 'OWN', bad: [] },
    },
    subscriptions: {
      feedUpdated: { arguments: {}, stranger: 'OWN' },
      postActivity: { arguments: { post: adasPost }, stranger: 'OWN' },
    },
  },
  { with: [logai] },
)

describe('the social network', () => {
  let world: TestWorld
  let people: Record<'ada' | 'bob' | 'carol', Actor>
  beforeAll(async () => {
    world = await startWorld([sociai, logai])
    people = { ada: actor(world, ada), bob: actor(world, bob), carol: actor(world, carol) }
  })
  afterAll(() => world?.stop())

  it('shows a post as it was written, with the people and the topics that it names', async () => {
    const text = 'Hello @Bob, @nobody_there and @carol: #First #first #second!'
    const { post } = await people.ada.run(
      `mutation ($input: PostInput!) {
        post(input: $input) {
          text mediaUrls author { id } mentions { id } topics { name postCount } likeCount viewerLikes commentCount
        }
      }`,
      { input: { text: ` ${text} `, mediaUrls: ['https://example.org/a.png'] } },
    )
    expect(post).toEqual({
      text,
      mediaUrls: ['https://example.org/a.png'],
      author: { id: ada.id },
      mentions: [{ id: bob.id }, { id: carol.id }],
      topics: [
        { name: 'first', postCount: 1 },
        { name: 'second', postCount: 1 },
      ],
      likeCount: 0,
      viewerLikes: false,
      commentCount: 0,
    })
  })

  it('shows everybody the public posts and topics, also those who are not signed in', async () => {
    const id = await people.bob.post('Public words about #openness')
    const document = `query ($id: ID!) {
      discover(first: 1) { edges { node { id viewerLikes author { id viewerFollows viewerBlocks posts(first: 1) { edges { node { id } } } } } } }
      topic(name: "#Openness") { name postCount posts { edges { node { id } } } }
      unused: topic(name: "unused") { postCount posts { edges { node { id } } pageInfo { hasNextPage } } }
      postById(id: $id) { text }
      nowhere: postById(id: "nowhere") { text }
    }`
    const { data, codes } = await world.asAnonymous().query(document, { id })
    expect(codes).toEqual([])
    expect(data).toEqual({
      discover: {
        edges: [
          {
            node: {
              id,
              viewerLikes: null,
              author: { id: bob.id, viewerFollows: null, viewerBlocks: null, posts: { edges: [{ node: { id } }] } },
            },
          },
        ],
      },
      topic: { name: 'openness', postCount: 1, posts: { edges: [{ node: { id } }] } },
      unused: { postCount: 0, posts: { edges: [], pageInfo: { hasNextPage: false } } },
      postById: { text: 'Public words about #openness' },
      nowhere: null,
    })
  })

  it('feeds a person what those whom they follow and they themselves post, newest first', async () => {
    await people.carol.follow(ada.id)
    await people.carol.unfollow(bob.id)
    const first = await people.ada.post('One')
    await people.bob.post('Not for Carol')
    const own = await people.carol.post('Two')
    const last = await people.ada.post('Three')
    expect((await people.carol.feed()).slice(0, 3)).toEqual([last, own, first])
    await people.carol.unfollow(ada.id)
    expect((await people.carol.feed())[0]).toBe(own)
    expect(await people.carol.feed()).not.toContain(last)
    await people.carol.follow(ada.id)
    expect((await people.carol.feed()).slice(0, 3)).toEqual([last, own, first])
  })

  it('counts a like once, however often it is given, and shows who likes a post, newest first', async () => {
    const post = await people.ada.post('Like me')
    await people.bob.like(post)
    await people.bob.like(post)
    await people.carol.like(post)
    const document = `query ($post: ID!) {
      postById(id: $post) { likeCount viewerLikes likes { edges { likedAt node { id } } } }
    }`
    const before = (await people.bob.run(document, { post })).postById
    expect(before).toMatchObject({ likeCount: 2, viewerLikes: true })
    expect(idsOf(before.likes)).toEqual([carol.id, bob.id])
    await people.bob.unlike(post)
    await people.bob.unlike(post)
    expect((await people.bob.run(document, { post })).postById).toMatchObject({ likeCount: 1, viewerLikes: false })
  })

  it('answers each of several changes in one request with the state after it', async () => {
    const post = await people.ada.post('Back and forth')
    const { on, off } = await people.bob.run(
      `mutation ($post: ID!) {
        on: like(post: $post) { likeCount viewerLikes }
        off: unlike(post: $post) { likeCount viewerLikes }
      }`,
      { post },
    )
    expect({ on, off }).toEqual({
      on: { likeCount: 1, viewerLikes: true },
      off: { likeCount: 0, viewerLikes: false },
    })
  })

  it('keeps comments in the order of writing; their author and the author of the post may remove them', async () => {
    const post = await people.ada.post('Discuss')
    const byBob = await people.bob.comment(post, 'First')
    const byCarol = await people.carol.comment(post, 'Second')
    const document = `query ($post: ID!) {
      postById(id: $post) { commentCount comments { edges { node { id text post { id } author { id } } } } }
    }`
    const before = (await people.carol.run(document, { post })).postById
    expect(before.commentCount).toBe(2)
    expect(nodesOf(before.comments)).toEqual([
      { id: byBob, text: 'First', post: { id: post }, author: { id: bob.id } },
      { id: byCarol, text: 'Second', post: { id: post }, author: { id: carol.id } },
    ])
    await people.ada.deleteComment(byBob)
    await people.carol.deleteComment(byCarol)
    expect((await people.carol.run(document, { post })).postById).toEqual({ commentCount: 0, comments: { edges: [] } })
    await expect(people.carol.deleteComment(byCarol)).rejects.toThrow('Comment')
  })

  it('removes a deleted post from every feed, topic and list, with its comments and likes', async () => {
    await people.bob.follow(ada.id)
    const post = await people.ada.post('Regretted words about #regret, @bob')
    const comment = await people.bob.comment(post, 'Oh')
    await people.bob.like(post)
    const trending = '{ trending(first: 100) { name } }'
    expect((await people.bob.run(trending)).trending).toContainEqual({ name: 'regret' })
    await people.ada.deletePost(post)

    expect(await people.bob.feed()).not.toContain(post)
    const document = `query ($post: ID!, $list: [_Any!]!) {
      postById(id: $post) { id }
      topic(name: "regret") { postCount posts { edges { node { id } } } }
      discover(first: 100) { edges { node { id } } }
      trending(first: 100) { name }
      _entities(representations: $list) { ... on Post { id } ... on Comment { id } ... on User { posts { edges { node { id } } } } }
    }`
    const list = [
      { __typename: 'Post', id: post },
      { __typename: 'Comment', id: comment },
      { __typename: 'User', id: ada.id },
    ]
    const found = await people.bob.run(document, { post, list })
    expect(found.postById).toBeNull()
    expect(found.topic).toEqual({ postCount: 0, posts: { edges: [] } })
    expect(idsOf(found.discover)).not.toContain(post)
    expect(found.trending).not.toContainEqual({ name: 'regret' })
    expect(found._entities.slice(0, 2)).toEqual([null, null])
    expect(idsOf(found._entities[2].posts)).not.toContain(post)
    for (const attempt of [people.bob.like(post), people.bob.comment(post, 'Still?'), people.ada.deletePost(post)]) {
      await expect(attempt).rejects.toThrow('Post')
    }
  })

  it('shows whom a person follows and who follows them, newest first, and counts both', async () => {
    const { admin, marketMaker } = demoPeople
    for (const follower of [people.bob, people.carol, actor(world, marketMaker)]) await follower.follow(admin.id)
    await people.bob.follow(admin.id)
    const selection = `followerCount followingCount viewerFollows
      followers(first: 2) { edges { since node { id } } pageInfo { hasNextPage endCursor } }`
    const seen = await people.bob.person(admin.id, selection)
    expect(seen).toMatchObject({ followerCount: 3, followingCount: 0, viewerFollows: true })
    expect(idsOf(seen.followers)).toEqual([marketMaker.id, carol.id])
    const rest = `followers(after: "${seen.followers.pageInfo.endCursor}") { edges { node { id } } pageInfo { hasNextPage } }`
    expect(await people.bob.person(admin.id, rest)).toEqual({
      followers: { edges: [{ node: { id: bob.id } }], pageInfo: { hasNextPage: false } },
    })
    const own = await actor(world, marketMaker).person(
      marketMaker.id,
      'followingCount following { edges { node { id } } }',
    )
    expect(own).toEqual({ followingCount: 1, following: { edges: [{ node: { id: admin.id } }] } })
  })

  it('lets nobody but the person see whom they blocked', async () => {
    const { data, codes } = await people.ada.client.query(
      'query ($list: [_Any!]!) { _entities(representations: $list) { ... on User { id blocked { edges { since } } } } }',
      { list: [ada, bob].map(({ id }) => ({ __typename: 'User', id })) },
    )
    expect(data._entities).toEqual([
      { id: ada.id, blocked: { edges: [] } },
      { id: bob.id, blocked: null },
    ])
    expect(codes).toEqual(['FORBIDDEN'])
  })

  it('refuses pages and topics that cannot be', async () => {
    const documents = [
      '{ discover(first: 101) { edges { cursor } } }',
      '{ discover(after: "nonsense") { edges { cursor } } }',
      '{ topic(name: "two words") { name } }',
      '{ trending(first: 101) { name } }',
    ]
    for (const document of documents) {
      expect((await people.ada.client.query(document)).codes).toEqual(['BAD_USER_INPUT'])
    }
  })
})
