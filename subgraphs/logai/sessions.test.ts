import { afterAll, beforeAll, expect, it } from 'vitest'
import { demoPassword, demoPeople } from '../_kit/index.ts'
import { startWorld } from '../_kit/testing/index.ts'
import type { TestWorld } from '../_kit/testing/index.ts'
import { start } from './housekeeping.ts'
import type { Service } from './context.ts'
import { refreshMutation, signInAs, signInMutation, signUpAs } from './logai.fixture.ts'
import logai from './subgraph.ts'

const minuteMs = 60_000
const dayMs = 24 * 3_600_000
const live = 'subscription { sessionRevoked { id revokedAt revokedReason user { handle } } }'
const revoke = 'mutation ($id: ID!) { revokeSession(session: $id) { id revokedReason } }'
const signOut = 'mutation { signOut { id revokedReason } }'
const change = `mutation ($newPassword: String!) {
  changePassword(input: { currentPassword: "${demoPassword}", newPassword: $newPassword }) { handle }
}`
const list = `query ($first: Int, $after: String) {
  me {
    sessions(first: $first, after: $after) {
      edges { node { id current revokedAt address client { id } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`

let world: TestWorld
beforeAll(async () => {
  world = await startWorld([logai])
})
afterAll(() => world?.stop())

const renew = (token: string) => world.asAnonymous().query(refreshMutation, { token })

it('renews a session with each refresh token once, and ends it for both sides when one is used twice', async () => {
  const person = await signUpAs(world, 'renews')
  const renewed = await renew(person.refreshToken)
  expect(renewed.codes).toEqual([])
  const next = renewed.data.refresh.refreshToken
  const stream = await person.client.subscribe(live)
  expect((await renew(person.refreshToken)).codes).toEqual(['TOKEN_REUSED'])
  expect((await renew(next)).codes).toEqual(['TOKEN_REUSED'])
  expect((await stream.next()).data.sessionRevoked).toEqual({
    id: person.sessionId,
    revokedAt: expect.any(String),
    revokedReason: 'TOKEN_REUSED',
    user: { handle: 'renews' },
  })
  await stream.stop()
})

it('takes two who use a refresh token at once for what they are', async () => {
  const person = await signUpAs(world, 'twice_at_once')
  const answers = await Promise.all([renew(person.refreshToken), renew(person.refreshToken)])
  expect(answers.flatMap(({ codes }) => codes)).toEqual(['TOKEN_REUSED'])
  const winner = answers.find(({ codes }) => codes.length === 0)
  expect((await renew(winner?.data.refresh.refreshToken)).codes).toEqual(['TOKEN_REUSED'])
})

it('keeps a session for 30 days after it was last renewed', async () => {
  const person = await signUpAs(world, 'comes_back')
  world.advance(29 * dayMs)
  const renewed = await renew(person.refreshToken)
  world.advance(29 * dayMs)
  const again = await renew(renewed.data.refresh.refreshToken)
  expect(again.codes).toEqual([])
  world.advance(30 * dayMs)
  expect((await renew(again.data.refresh.refreshToken)).codes).toEqual(['TOKEN_EXPIRED'])
})

it('lists where a person is signed in, newest first, page by page, and marks the one that asks', async () => {
  const first = await signUpAs(world, 'many_devices')
  world.advance(minuteMs)
  const second = await signInAs(world, 'many_devices')
  world.advance(minuteMs)
  const third = await signInAs(world, 'many_devices')
  await third.client.query(revoke, { id: second.sessionId })
  const whole = await third.client.query(list)
  expect(whole.data.me.sessions.edges.map(({ node }: { node: object }) => node)).toEqual([
    { id: third.sessionId, current: true, revokedAt: null, address: '127.0.0.1', client: null },
    { id: first.sessionId, current: false, revokedAt: null, address: '127.0.0.1', client: null },
  ])
  const page = await third.client.query(list, { first: 1 })
  expect(page.data.me.sessions.pageInfo.hasNextPage).toBe(true)
  const rest = await third.client.query(list, { first: 1, after: page.data.me.sessions.pageInfo.endCursor })
  expect(rest.data.me.sessions.edges[0].node.id).toBe(first.sessionId)
  expect(rest.data.me.sessions.pageInfo.hasNextPage).toBe(false)
})

it('ends a session on another device, live, and for nobody else', async () => {
  const phone = await signUpAs(world, 'lost_a_phone')
  const laptop = await signInAs(world, 'lost_a_phone')
  const stranger = await signUpAs(world, 'a_stranger')
  const stream = await laptop.client.subscribe(live)
  const others = await stranger.client.subscribe(live)
  expect((await stranger.client.query(revoke, { id: phone.sessionId })).codes).toEqual(['NOT_FOUND'])
  const ended = await laptop.client.query(revoke, { id: phone.sessionId })
  expect(ended.data.revokeSession).toEqual({ id: phone.sessionId, revokedReason: 'REVOKED' })
  expect((await stream.next()).data.sessionRevoked.id).toBe(phone.sessionId)
  expect((await renew(phone.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await renew(laptop.refreshToken)).codes).toEqual([])
  await stranger.client.query(signOut)
  expect((await others.next()).data.sessionRevoked.user.handle).toBe('a_stranger')
  await stream.stop()
  await others.stop()
})

it('signs out, once, and tells the rest of the system', async () => {
  const person = await signUpAs(world, 'leaves')
  expect((await person.client.query(signOut)).data.signOut).toEqual({
    id: person.sessionId,
    revokedReason: 'SIGNED_OUT',
  })
  expect((await renew(person.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await person.client.query(signOut)).codes).toEqual(['UNAUTHENTICATED'])
  const client = await world.hosted().platform.relational()
  const told = await client.$queryRaw<{ payload: unknown }[]>`
    SELECT "payload" FROM "events"."outbox" WHERE "type" = 'logai.sessionRevoked' AND "key" = ${person.user.id}`
  expect(told).toEqual([{ payload: { sessionId: person.sessionId, userId: person.user.id, reason: 'SIGNED_OUT' } }])
})

it('lets no session change the account after its end, although its access token lives some minutes more', async () => {
  const person = await signUpAs(world, 'was_here')
  await person.client.query(signOut)
  expect((await person.client.query('{ me { email } }')).codes).toEqual([])
  expect((await person.client.query(change, { newPassword: 'a thief has chosen this' })).codes).toEqual([
    'UNAUTHENTICATED',
  ])
  expect((await person.client.query('mutation { enrollTotp { secret } }')).codes).toEqual(['UNAUTHENTICATED'])
})

it('ends every other session when the password changes', async () => {
  const here = await signUpAs(world, 'changes')
  const there = await signInAs(world, 'changes')
  const newPassword = 'quite another password'
  const stream = await here.client.subscribe(live)
  expect((await here.client.query(change, { newPassword })).codes).toEqual([])
  expect((await stream.next()).data.sessionRevoked).toMatchObject({
    id: there.sessionId,
    revokedReason: 'PASSWORD_CHANGED',
  })
  await stream.stop()
  expect((await renew(there.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await renew(here.refreshToken)).codes).toEqual([])
  const old = await world.asAnonymous().query(signInMutation, { input: { handle: 'changes', password: demoPassword } })
  expect(old.codes).toEqual(['INVALID_CREDENTIALS'])
  expect((await signInAs(world, 'changes', newPassword)).user.handle).toBe('changes')
})

it('lets services act for a person, but not change the account', async () => {
  const service = world.asService('id', demoPeople.ada.id)
  expect((await service.query('{ me { handle email } }')).data.me).toEqual({ handle: 'ada', email: 'ada@example.org' })
  expect((await service.query(signOut)).codes).toEqual(['FORBIDDEN'])
  expect((await service.query('{ user(handle: "bob") { email } }')).codes).toEqual(['FORBIDDEN'])
})

it('keeps only digests of what lets somebody in', async () => {
  const person = await signUpAs(world, 'looks_closely')
  const client = await world.hosted().platform.relational()
  const rows = await client.$queryRaw<{ text: string }[]>`
    SELECT t::text AS text FROM "logai"."refresh_tokens" t UNION ALL SELECT s::text FROM "logai"."sessions" s
    UNION ALL SELECT u::text FROM "logai"."users" u UNION ALL SELECT k::text FROM "logai"."signing_keys" k`
  const everything = rows.map(({ text }) => text).join('\n')
  expect(everything).not.toContain(person.refreshToken)
  expect(everything).not.toContain(demoPassword)
  expect(everything).not.toContain('"d":')
  const user = await client.user.findUniqueOrThrow({ where: { id: person.user.id } })
  expect(user.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

it('forgets, in time, what has ended', async () => {
  const person = await signUpAs(world, 'long_gone')
  await person.client.query(signOut)
  world.advance(91 * dayMs)
  const { service, platform } = world.hosted()
  const client = await platform.relational()
  expect(await client.session.count({ where: { userId: person.user.id } })).toBe(1)
  await start(service as Service, platform)
  await expect.poll(() => client.session.count({ where: { userId: person.user.id } })).toBe(0)
  expect(await client.refreshToken.count({ where: { expiresAt: { lt: platform.now() } } })).toBe(0)
  expect(await client.user.count({ where: { id: person.user.id } })).toBe(1)
})
