import { maySee, notFound } from '../_kit/index.ts'
import type { Context } from './context.ts'
import { coinsOf } from './coins.ts'
import type { HoldingRecord, PaymentFailure, PaymentRecord, PaymentRuleRecord, WalletRecord } from './records.ts'

/** A wallet, if the caller may see it; else null, as if it did not exist. */
export const visibleWallet = async (context: Context, id: string): Promise<WalletRecord | null> => {
  const wallet = await context.loaders.wallet.load(id)
  return wallet && maySee(context, wallet.ownerId) ? wallet : null
}

/** A payment, if the caller may see what its payer or its payee may see; else null. */
export const visiblePayment = async (context: Context, id: string): Promise<PaymentRecord | null> => {
  const payment = await context.loaders.payment.load(id)
  return payment && (maySee(context, payment.payerId) || maySee(context, payment.payeeId)) ? payment : null
}

/** A rule, if the caller may see its wallet; else null. */
export const visibleRule = async (context: Context, id: string): Promise<PaymentRuleRecord | null> => {
  const rule = await context.loaders.rule.load(id)
  return rule && maySee(context, rule.ownerId) ? rule : null
}

/** What a wallet holds: in the bank, and on the chain. UNAVAILABLE when one of them does not answer. */
export const assetsOf = async ({ loaders }: Context, { id, address }: WalletRecord): Promise<HoldingRecord[]> => {
  const { accountIds = [] } = (await loaders.accountsOfWallet.load(id)) ?? {}
  const [coins, ...accounts] = await Promise.all([
    loaders.coins.load(address),
    ...accountIds.map((accountId) => loaders.bankAccount.load(accountId)),
  ])
  const inBank = accounts.map((account, index): HoldingRecord => {
    if (!account) throw notFound('Account', accountIds[index] ?? '')
    return { kind: 'ACCOUNT', amount: account.available, accountId: account.id }
  })
  return [...inBank, { kind: 'CHAIN', amount: coinsOf(coins?.balance ?? 0n), accountId: null }]
}

const failures: Record<PaymentFailure, string> = {
  INSUFFICIENT_FUNDS: 'The wallet that pays did not have enough money available.',
  RULE_REFUSED: 'A rule of the wallet that pays did not allow it.',
  NO_WALLET: 'The person who is paid has no wallet for this currency.',
  BANK_REFUSED: 'The bank did not accept it.',
}

/** Why a payment failed, in words. Only who may see the payer's side is told which rule refused it. */
export const failureReason = (context: Context, payment: PaymentRecord): string | null => {
  const { status, failure, refusedBy, payerId } = payment
  if (status === 'DECLINED') return 'The person who was asked declined.'
  if (failure === null) return null
  if (refusedBy !== null && maySee(context, payerId)) return `The rule "${refusedBy}" did not allow it.`
  return failures[failure]
}
