import { demoPassword, demoPeople } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { hashPassword } from './passwords.ts'
import type { UserRecord } from './records.ts'
import { sessionLifeMs } from './sessions.ts'

const withoutPassword = new Set<string>([demoPeople.marketMaker.id, demoPeople.liquidityTaker.id])

const createdAt: Readonly<Record<keyof typeof demoPeople, string>> = {
  admin: '2025-03-03T08:00:00.000Z',
  marketMaker: '2025-03-03T08:15:00.000Z',
  liquidityTaker: '2025-03-03T08:16:00.000Z',
  ada: '2025-03-10T17:42:11.000Z',
  bob: '2025-04-02T19:05:48.000Z',
  carol: '2025-06-21T11:30:26.000Z',
}

/** A place where Ada is signed in, and an application of hers. */
export const demoSessionId = '01JADA0000000000000000SES1'
export const demoOAuthClientId = '01JADA0000000000000000APP1'

const dayMs = 24 * 3_600_000

/** People, a session and an application. One hash serves all people: they share the password, which is public anyway. */
export const seed = async ({ store }: Service, { now }: Platform): Promise<void> => {
  const people = Object.entries(demoPeople).map(([name, person]): UserRecord => ({
    ...person,
    roles: name === 'admin' ? ['MEMBER', 'ADMIN'] : ['MEMBER'],
    createdAt: new Date(createdAt[name as keyof typeof demoPeople]),
  }))
  const known = new Set((await store.usersByIds(people.map(({ id }) => id))).map(({ id }) => id))
  const missing = people.filter(({ id }) => !known.has(id))
  if (missing.length > 0) {
    const passwordHash = await hashPassword(demoPassword)
    await store.addPeople(
      missing.map((person) => ({ ...person, passwordHash: withoutPassword.has(person.id) ? null : passwordHash })),
    )
  }
  const begun = new Date(now().getTime() - 3 * dayMs)
  await store.addDemoBelongings(
    {
      id: demoSessionId,
      userId: demoPeople.ada.id,
      clientId: null,
      scopes: [],
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0',
      address: '203.0.113.24',
      createdAt: begun,
      lastUsedAt: begun,
      expiresAt: new Date(begun.getTime() + sessionLifeMs),
      revokedAt: null,
      revokedReason: null,
    },
    {
      id: demoOAuthClientId,
      ownerId: demoPeople.ada.id,
      name: 'Field notes',
      secretHash: null,
      redirectUris: ['http://127.0.0.1/callback'],
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      createdAt: new Date('2025-05-11T09:20:00.000Z'),
      deletedAt: null,
    },
  )
}
