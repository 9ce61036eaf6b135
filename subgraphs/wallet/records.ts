import type { CurrencyCode, Money } from '../_kit/index.ts'

/** A wallet as everybody who may see it sees it. Its key is not in it. */
export type WalletRecord = { id: string; ownerId: string; name: string; address: string; createdAt: Date }

/** An account of bancai in which a wallet keeps its money of one currency. */
export type WalletAccount = { walletId: string; currency: CurrencyCode; accountId: string }

export type PaymentStatus =
  | 'REQUESTED'
  | 'PENDING'
  | 'AUTHORIZED'
  | 'SETTLED'
  | 'RELEASED'
  | 'DECLINED'
  | 'EXPIRED'
  | 'FAILED'
/** What bancai is asked for while a payment is on its way. */
export type PaymentStep = 'TRANSFER' | 'HOLD' | 'CAPTURE' | 'RELEASE'
export type PaymentFailure = 'INSUFFICIENT_FUNDS' | 'RULE_REFUSED' | 'NO_WALLET' | 'BANK_REFUSED'

/** A payment as it is stored. Amounts are in minor units of the currency, here and below. */
export type PaymentRecord = {
  id: string
  payerId: string
  payeeId: string
  fromWalletId: string | null
  fromAccountId: string | null
  toWalletId: string | null
  toAccountId: string | null
  amount: bigint
  currency: CurrencyCode
  status: PaymentStatus
  memo: string | null
  failure: PaymentFailure | null
  refusedBy: string | null
  transferId: string | null
  /** What bancai is asked for; null when it is asked for nothing. */
  step: PaymentStep | null
  /** For an authorization: until when it is set aside, and bancai's hold once there is one. */
  heldUntil: Date | null
  holdId: string | null
  /** The service that authorized it. */
  service: string | null
  /** The payment that this one pays back. */
  refundOfId: string | null
  ruleId: string | null
  dueAt: Date | null
  originId: string | null
  share: number | null
  createdAt: Date
  expiresAt: Date | null
  acceptedAt: Date | null
  attemptedAt: Date | null
  nextAttemptAt: Date | null
  settledAt: Date | null
  arrival: bigint | null
}

export type RuleKind = 'SPENDING_LIMIT' | 'ALLOW_LIST' | 'SCHEDULED_PAYMENT' | 'AUTO_SPLIT'
export type RulePeriod = 'DAY' | 'WEEK' | 'MONTH'

export type PaymentRuleRecord = {
  id: string
  walletId: string
  ownerId: string
  name: string
  kind: RuleKind
  amount: bigint | null
  currency: CurrencyCode | null
  period: RulePeriod | null
  payeeIds: string[]
  /** Of each payee, in hundredths of a percent. */
  sharePercents: number[]
  memo: string | null
  firstRunAt: Date | null
  nextRunAt: Date | null
  createdAt: Date
  removedAt: Date | null
}

export type ChainTransferStatus = 'PENDING' | 'CONFIRMED' | 'FAILED'

/** Amounts of the chain are in wei. */
export type ChainTransferRecord = {
  id: string
  walletId: string
  /** The wallet's address. */
  from: string
  to: string
  value: bigint
  cost: bigint
  nonce: number
  transaction: string
  hash: string
  status: ChainTransferStatus
  createdAt: Date
}

export type HoldingRecord = { kind: 'ACCOUNT' | 'CHAIN'; amount: Money; accountId: string | null }

export type RuleShareRecord = { payeeId: string; percent: number }

export type UserRecord = { id: string }
