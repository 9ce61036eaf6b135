import type { CurrencyCode } from '../_kit/index.ts'

/** An account of a person. Amounts are in minor units of the currency, here and below. */
export type AccountRecord = {
  id: string
  ownerId: string
  name: string
  currency: CurrencyCode
  balance: bigint
  /** What is set aside now: holds whose time has run out are not counted, whether they were swept up or not. */
  held: bigint
  createdAt: Date
}

export type EntryRecord = {
  id: string
  transferId: string
  accountId: string
  /** Its place among the changes of the account. */
  sequence: bigint
  amount: bigint
  currency: CurrencyCode
  balanceAfter: bigint
  createdAt: Date
}

export type TransferKind = 'DEPOSIT' | 'TRANSFER' | 'CAPTURE' | 'SETTLEMENT'

export type TransferRecord = {
  id: string
  kind: TransferKind
  fromId: string | null
  toId: string | null
  amount: bigint | null
  currency: CurrencyCode | null
  memo: string | null
  /** The owners of its accounts. */
  partyIds: string[]
  /** Who asked for it, as `actorKey` writes it. */
  actor: string
  idempotencyKey: string
  createdAt: Date
}

export type HoldStatus = 'ACTIVE' | 'CAPTURED' | 'RELEASED' | 'EXPIRED'

export type HoldRecord = {
  id: string
  accountId: string
  ownerId: string
  currency: CurrencyCode
  amount: bigint
  captured: bigint
  /** As it was last written; `asOf` says what it is now. */
  status: HoldStatus
  reason: string
  service: string | null
  expiresAt: Date | null
  createdAt: Date
}

export type StatementRecord = { id: string; account: AccountRecord; month: string }

export type AccountActivityRecord = { account: AccountRecord; entryId: string | null }

export type ExchangeRateRecord = { currency: CurrencyCode; base: CurrencyCode; rate: string; asOf: Date }

export type UserRecord = { id: string }
