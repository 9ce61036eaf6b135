import type { Events } from '@codai/stores'
import { transact } from '../_kit/index.ts'
import type { Prisma, PrismaClient } from '../.generated/prisma/client.ts'
import type { ApiKeyRecord, DeveloperAppRecord, TrustedOperationRecord } from './records.ts'

/** What was asked for under an idempotency key. */
export type DoorRequest = {
  actor: string
  key: string
  operation: string
  contentHash: string
  /** The id of what comes of it. */
  resultId: string
  createdAt: Date
}

/** What a transaction can do. Everything becomes permanent together, or nothing does. */
export type DoorTransaction = {
  /**
   * Claims an idempotency key, waiting for whoever is claiming it at the same time. Undefined when it is ours; else the
   * earlier request. Before anything is locked.
   */
  claim(request: DoorRequest): Promise<DoorRequest | undefined>
  /** Lets one transaction at a time look at what apps a person has, and act on it. */
  lockPerson(ownerId: string): Promise<void>
  countApps(ownerId: string): Promise<number>
  insertApp(app: DeveloperAppRecord): Promise<void>
  /** Locks an app with its keys and operations; undefined when there is none, or it was deleted. */
  lockApp(id: string): Promise<DeveloperAppRecord | undefined>
  updateApp(id: string, change: Partial<Pick<DeveloperAppRecord, 'plan' | 'deletedAt'>>): Promise<void>
  key(id: string): Promise<ApiKeyRecord | undefined>
  /** How many keys of an app work at an instant. */
  countKeys(appId: string, now: Date): Promise<number>
  insertKey(key: ApiKeyRecord, hash: Uint8Array<ArrayBuffer>): Promise<void>
  updateKey(id: string, change: Partial<Pick<ApiKeyRecord, 'expiresAt' | 'revokedAt' | 'successorId'>>): Promise<void>
  revokeKeys(appId: string, revokedAt: Date): Promise<void>
  operation(id: string): Promise<TrustedOperationRecord | undefined>
  operationByHash(appId: string, hash: string): Promise<TrustedOperationRecord | undefined>
  countOperations(appId: string): Promise<number>
  insertOperation(operation: TrustedOperationRecord): Promise<void>
  deleteOperation(id: string): Promise<void>
  publish: (event: Parameters<Events['publish']>[1]) => Promise<string>
}

/** What of a key's row may be known. */
export const keyFields = {
  id: true,
  appId: true,
  ownerId: true,
  name: true,
  prefix: true,
  scopes: true,
  trustedOnly: true,
  createdAt: true,
  lastUsedAt: true,
  expiresAt: true,
  revokedAt: true,
  successorId: true,
} as const

/** Runs a transaction. UNAVAILABLE when no connection gets free in time. */
export const transactDoor = <Result>(
  client: PrismaClient,
  events: Events,
  work: (transaction: DoorTransaction) => Promise<Result>,
): Promise<Result> => transact(client, 'The apps are', (tx) => work(createTransaction(tx, events)))

const createTransaction = (tx: Prisma.TransactionClient, events: Events): DoorTransaction => ({
  claim: async (request) => {
    const { count } = await tx.publicaiRequest.createMany({ data: [request], skipDuplicates: true })
    if (count === 1) return undefined
    const { actor, key } = request
    return tx.publicaiRequest.findUniqueOrThrow({ where: { actor_key: { actor, key } } })
  },

  lockPerson: async (ownerId) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('publicai.person'), hashtext(${ownerId}))`
  },

  countApps: (ownerId) => tx.developerApp.count({ where: { ownerId, deletedAt: null } }),

  insertApp: async (app) => {
    await tx.developerApp.create({ data: app })
  },

  lockApp: async (id) => {
    // Weaker than FOR UPDATE: what refers to the app, such as use that is counted, need not wait.
    const locked = await tx.$executeRaw`SELECT 1 FROM publicai.apps WHERE id = ${id} FOR NO KEY UPDATE`
    if (locked === 0) return undefined
    return (await tx.developerApp.findFirst({ where: { id, deletedAt: null } })) ?? undefined
  },

  updateApp: async (id, change) => {
    await tx.developerApp.update({ where: { id }, data: change })
  },

  key: async (id) =>
    ((await tx.apiKey.findUnique({ where: { id }, select: keyFields })) ?? undefined) as ApiKeyRecord | undefined,

  countKeys: (appId, now) =>
    tx.apiKey.count({ where: { appId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] } }),

  insertKey: async (key, hash) => {
    await tx.apiKey.create({ data: { ...key, hash } })
  },

  updateKey: async (id, change) => {
    await tx.apiKey.update({ where: { id }, data: change })
  },

  revokeKeys: async (appId, revokedAt) => {
    await tx.apiKey.updateMany({ where: { appId, revokedAt: null }, data: { revokedAt } })
  },

  operation: async (id) => (await tx.trustedOperation.findUnique({ where: { id } })) ?? undefined,

  operationByHash: async (appId, hash) =>
    (await tx.trustedOperation.findUnique({ where: { appId_hash: { appId, hash } } })) ?? undefined,

  countOperations: (appId) => tx.trustedOperation.count({ where: { appId } }),

  insertOperation: async (operation) => {
    await tx.trustedOperation.create({ data: operation })
  },

  deleteOperation: async (id) => {
    await tx.trustedOperation.deleteMany({ where: { id } })
  },

  publish: (event) => events.publish(tx, event),
})
