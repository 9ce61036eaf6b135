import { demoPeople } from '../_kit/index.ts'
import type { Platform } from '../_kit/index.ts'
import type { Service } from './context.ts'
import { digestOf } from './secrets.ts'
import { minuteOf } from './usage.ts'
import type { UsageEntry } from './usage-store.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const hoursOfUse = 48
const createdDaysAgo = 30

/** Ids of the demo data that tests name. */
export const demoApp = '01JDEM0APP0000000000000001'
export const demoKey = '01JDEM0KEY0000000000000001'
export const demoOperation = '01JDEM00PERAT10N0000000001'

const document = `query Prices {
  instruments(first: 10) {
    edges {
      node {
        symbol
        ticker {
          last
          changePercent
        }
      }
    }
  }
}
`

/** The use of a day, by hour: little at night, most in the afternoon. */
const useOf = (now: Date): UsageEntry[] =>
  Array.from({ length: hoursOfUse }, (_, index) => {
    const at = minuteOf(new Date(now.getTime() - (index + 1) * hourMs))
    const requests = Math.round(40 * (1.2 + Math.sin(((at.getUTCHours() - 8) / 24) * 2 * Math.PI)))
    const errors = index % 12 === 5 ? 2 : 0
    return { key: demoKey, operation: 'Prices', minute: at, at, requests, cost: requests * 21, errors, refused: 0 }
  })

/**
 * Writes an app of Ada's with a key, an operation and two days of use. Nobody has the key: what it is made of is thrown
 * away, so that no system starts with a key that everybody knows.
 */
export const seed = async ({ store, hash }: Service, { now, newId }: Platform): Promise<void> => {
  const [known] = await store.apps([demoApp])
  if (known) return
  const createdAt = new Date(now().getTime() - createdDaysAgo * dayMs)
  const key = {
    id: demoKey,
    appId: demoApp,
    ownerId: demoPeople.ada.id,
    name: 'Server',
    prefix: 'cdk_5eedda7a',
    hash: hash(digestOf(newId())),
    scopes: ['LIVE' as const, 'READ' as const],
    trustedOnly: false,
    createdAt,
    lastUsedAt: new Date(now().getTime() - hourMs),
    expiresAt: null,
    revokedAt: null,
    successorId: null,
  }
  const app = { id: demoApp, ownerId: demoPeople.ada.id, name: 'Price board', plan: 'FREE', createdAt, deletedAt: null }
  const hashOfDocument = digestOf(document)
  const operation = { id: demoOperation, appId: demoApp, name: 'Prices', document, hash: hashOfDocument, createdAt }
  await store.addDemoData({ apps: [app], keys: [key], operations: [operation] })
  await store.addDemoUsage(demoApp, useOf(now()))
}
