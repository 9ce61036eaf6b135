import type { CurrencyCode } from '../_kit/index.ts'
import type { PaymentRecord, PaymentRuleRecord } from './records.ts'
import { refusingRule, ruleRefused } from './rules.ts'
import type { LockedWallet, WalletEnd, WalletTransaction } from './transaction.ts'

/** A payment that nothing is decided of yet. */
export const blankPayment = {
  fromWalletId: null,
  fromAccountId: null,
  toWalletId: null,
  toAccountId: null,
  memo: null,
  failure: null,
  refusedBy: null,
  transferId: null,
  step: null,
  heldUntil: null,
  holdId: null,
  service: null,
  refundOfId: null,
  ruleId: null,
  dueAt: null,
  originId: null,
  share: null,
  expiresAt: null,
  acceptedAt: null,
  attemptedAt: null,
  nextAttemptAt: null,
  settledAt: null,
  arrival: null,
} as const satisfies Partial<PaymentRecord>

/** What leaves a wallet. */
export type Outgoing = { payeeId: string; amount: bigint; currency: CurrencyCode; at: Date }

/** The rule of a locked wallet that does not allow a payment now; undefined when all do. */
const findRefusal = async (
  tx: WalletTransaction,
  wallet: LockedWallet,
  outgoing: Outgoing,
): Promise<PaymentRuleRecord | undefined> => {
  const { currency, at } = outgoing
  return refusingRule(await tx.rules(wallet.id), outgoing, await tx.spent(wallet.id, currency, at))
}

/** Refuses with PAYMENT_RULE_REFUSED what a rule of a locked wallet does not allow. */
export const requireAllowed = async (
  tx: WalletTransaction,
  wallet: LockedWallet,
  outgoing: Outgoing,
): Promise<void> => {
  const rule = await findRefusal(tx, wallet, outgoing)
  if (rule) throw ruleRefused(rule)
}

const failureOf = async (
  tx: WalletTransaction,
  wallet: LockedWallet,
  outgoing: Outgoing,
  to: WalletEnd | undefined,
): Promise<Pick<PaymentRecord, 'failure' | 'refusedBy'> | undefined> => {
  if (!to) return { failure: 'NO_WALLET', refusedBy: null }
  const refusal = await findRefusal(tx, wallet, outgoing)
  return refusal && { failure: 'RULE_REFUSED', refusedBy: refusal.name }
}

/**
 * Writes a payment that a rule of a locked wallet makes, to be settled soon; or, when it cannot be, that it failed and
 * why. What the rule has made already is not made again.
 */
export const issueByRule = async (
  tx: WalletTransaction,
  wallet: LockedWallet,
  outgoing: Outgoing & Pick<PaymentRecord, 'id' | 'memo' | 'ruleId' | 'dueAt' | 'originId' | 'share'>,
): Promise<void> => {
  const { at, ...payment } = outgoing
  const { payeeId, currency } = payment
  const fromAccountId = wallet.accounts.get(currency) ?? null
  const to = await tx.firstEnd(payeeId, currency)
  const failed = await failureOf(tx, wallet, outgoing, to)
  await tx.insertPayment({
    ...blankPayment,
    ...payment,
    payerId: wallet.ownerId,
    fromWalletId: wallet.id,
    fromAccountId,
    toWalletId: to?.walletId ?? null,
    toAccountId: to?.accountId ?? null,
    createdAt: at,
    acceptedAt: at,
    ...(failed ? { status: 'FAILED', ...failed } : { status: 'PENDING', step: 'TRANSFER', nextAttemptAt: at }),
  })
}
