import { demoPassword, demoPeople } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { hashPassword } from './passwords.ts'
import type { UserRecord } from './records.ts'

const withoutPassword = new Set<string>([demoPeople.marketMaker.id, demoPeople.liquidityTaker.id])

const createdAt: Readonly<Record<keyof typeof demoPeople, string>> = {
  admin: '2025-03-03T08:00:00.000Z',
  marketMaker: '2025-03-03T08:15:00.000Z',
  liquidityTaker: '2025-03-03T08:16:00.000Z',
  ada: '2025-03-10T17:42:11.000Z',
  bob: '2025-04-02T19:05:48.000Z',
  carol: '2025-06-21T11:30:26.000Z',
}

/** The people of the demo data. One hash serves them all: they share the password, which is public anyway. */
export const seed = async ({ store }: Service): Promise<void> => {
  const people = Object.entries(demoPeople).map(([name, person]): UserRecord => ({
    ...person,
    roles: name === 'admin' ? ['MEMBER', 'ADMIN'] : ['MEMBER'],
    createdAt: new Date(createdAt[name as keyof typeof demoPeople]),
  }))
  const known = new Set((await store.usersByIds(people.map(({ id }) => id))).map(({ id }) => id))
  const missing = people.filter(({ id }) => !known.has(id))
  if (missing.length === 0) return
  const passwordHash = await hashPassword(demoPassword)
  await store.addPeople(
    missing.map((person) => ({ ...person, passwordHash: withoutPassword.has(person.id) ? null : passwordHash })),
  )
}
