import type { Events } from '@codai/stores'
import type { PrismaClient } from '../.generated/prisma/client.ts'
import type { ApiKeyGrantRecord, ApiKeyRecord, DeveloperAppRecord, TrustedOperationRecord } from './records.ts'
import { keyFields, transactDoor } from './transaction.ts'
import type { DoorTransaction } from './transaction.ts'
import { createUsageStore } from './usage-store.ts'

/** Where a page goes on: the sort key, and the id that tells equals apart. */
export type Place = { createdAt: Date; id: string }

const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

const before = (after: Place | undefined): object =>
  after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {}

/** All that is read and written of apps, keys, operations and their use. */
export type Store = ReturnType<typeof createStore>

// oxlint-disable-next-line typescript/explicit-module-boundary-types -- the type is what it returns
export const createStore = (client: PrismaClient, events: Events) => ({
  ...createUsageStore(client),

  transact: <Result>(work: (transaction: DoorTransaction) => Promise<Result>): Promise<Result> =>
    transactDoor(client, events, work),

  /** Apps that were not deleted. */
  apps: (ids: readonly string[]): Promise<DeveloperAppRecord[]> =>
    client.developerApp.findMany({ where: { id: { in: [...ids] }, deletedAt: null } }),

  /** A person's apps, newest first. */
  appsOf: (ownerId: string, limit: number, after?: Place): Promise<DeveloperAppRecord[]> =>
    client.developerApp.findMany({
      where: { ownerId, deletedAt: null, ...before(after) },
      orderBy: newestFirst,
      take: limit,
    }),

  /** Keys; none of an app that was deleted. */
  keys: async (ids: readonly string[]): Promise<ApiKeyRecord[]> =>
    (await client.apiKey.findMany({
      where: { id: { in: [...ids] }, app: { deletedAt: null } },
      select: keyFields,
    })) as ApiKeyRecord[],

  /** An app's keys, newest first. */
  keysOf: async (appId: string, limit: number, after?: Place): Promise<ApiKeyRecord[]> =>
    (await client.apiKey.findMany({
      where: { appId, ...before(after) },
      orderBy: newestFirst,
      take: limit,
      select: keyFields,
    })) as ApiKeyRecord[],

  /** A key by what is stored of it. */
  keyByHash: async (hash: Uint8Array<ArrayBuffer>): Promise<ApiKeyGrantRecord | undefined> => {
    const row = await client.apiKey.findUnique({
      where: { hash },
      select: { ...keyFields, app: { select: { plan: true } } },
    })
    if (!row) return undefined
    const { app, ...key } = row
    return { key: key as ApiKeyRecord, plan: app.plan }
  },

  /** An app's operations, newest first. */
  operationsOf: (appId: string, limit: number, after?: Place): Promise<TrustedOperationRecord[]> =>
    client.trustedOperation.findMany({ where: { appId, ...before(after) }, orderBy: newestFirst, take: limit }),

  /** The text of an app's operation by its hash. */
  document: async (appId: string, hash: string): Promise<string | undefined> =>
    (
      await client.trustedOperation.findUnique({
        where: { appId_hash: { appId, hash }, app: { deletedAt: null } },
        select: { document: true },
      })
    )?.document,

  /** Writes demo data as it is; what is there already stays as it is. */
  addDemoData: async (data: {
    apps: DeveloperAppRecord[]
    keys: (ApiKeyRecord & { hash: Uint8Array<ArrayBuffer> })[]
    operations: TrustedOperationRecord[]
  }): Promise<void> => {
    await client.$transaction([
      client.developerApp.createMany({ data: data.apps, skipDuplicates: true }),
      client.apiKey.createMany({ data: data.keys, skipDuplicates: true }),
      client.trustedOperation.createMany({ data: data.operations, skipDuplicates: true }),
    ])
  },
})
