import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import logai from '../logai/subgraph.ts'
import { demoPeople } from '../_kit/index.ts'
import { startWorld, testConformance } from '../_kit/testing/index.ts'
import type { TestClient, TestWorld } from '../_kit/testing/index.ts'
import { demoCommentId, demoPostId } from './seed.ts'
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
