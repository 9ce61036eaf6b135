import type { Money } from '../_kit/index.ts'

/** An app as it is stored. */
export type DeveloperAppRecord = {
  id: string
  ownerId: string
  name: string
  plan: string
  createdAt: Date
  deletedAt: Date | null
}

export type PlanRecord = {
  id: string
  name: string
  description: string
  price: Money
  burst: number
  pointsPerSecond: number
  maxOperationCost: number
}

export type ApiScope = 'READ' | 'LIVE'
export type ApiKeyStatus = 'ACTIVE' | 'EXPIRED' | 'REVOKED'

/** A key as it is stored; never what it is made of. */
export type ApiKeyRecord = {
  id: string
  appId: string
  /** The app's. */
  ownerId: string
  name: string
  prefix: string
  scopes: ApiScope[]
  trustedOnly: boolean
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
  successorId: string | null
}

/** A key with what it was made of, when it was made just now. */
export type IssuedKeyRecord = { key: ApiKeyRecord; secret: string | null }

/** A key that was asked for by its digest, with its app's plan. */
export type ApiKeyGrantRecord = { key: ApiKeyRecord; plan: string }

export type TrustedOperationRecord = {
  id: string
  appId: string
  name: string
  document: string
  hash: string
  createdAt: Date
}

export type UsageCountRecord = { requests: number; cost: number; errors: number; refused: number }
export type UsagePointRecord = { startsAt: Date; count: UsageCountRecord }
export type KeyUsageRecord = { keyId: string; count: UsageCountRecord }

export type UserRecord = { id: string }
