import {
  badInput,
  codedError,
  fromMinor,
  notFound,
  optionalText,
  requireId,
  requireKey,
  toPositiveMinor,
} from '../_kit/index.ts'
import type { CurrencyCode, Money } from '../_kit/index.ts'
import { blankPayment, requireAllowed } from './issuing.ts'
import type { PaymentRecord } from './records.ts'
import type { Requests } from './requests.ts'
import { attemptMs } from './settlement.ts'
import type { Settlement } from './settlement.ts'
import type { LockedWallet, WalletEnd, WalletTransaction } from './transaction.ts'

/** Who asks for a payment: a person, or a service that acts for one. */
export type Caller = { userId: string; service: string | null }

export type PayInput = {
  wallet: string
  payee?: string | null | undefined
  toWallet?: string | null | undefined
  amount: Money
  memo?: string | null | undefined
  idempotencyKey: string
}

export type AuthorizePaymentInput = PayInput & { expiresAt: Date }

const longestAuthorizationMs = 30 * 86_400_000

/** The caller's own wallet, locked. NOT_FOUND for anybody else's, as if it did not exist. */
export const lockOwnWallet = async (tx: WalletTransaction, userId: string, id: string): Promise<LockedWallet> => {
  const wallet = await tx.lockWallet(id)
  if (wallet?.ownerId !== userId) throw notFound('Wallet', id)
  return wallet
}

/** The account of a wallet for a currency. BAD_USER_INPUT when it holds none of it. */
export const accountFor = ({ accounts }: LockedWallet, currency: CurrencyCode): string => {
  const account = accounts.get(currency)
  if (account !== undefined) return account
  throw badInput(`The wallet holds no ${currency}: it holds ${[...accounts.keys()].join(', ')}.`, { field: 'amount' })
}

/** What a payment that leaves a wallet now has, until it is settled. */
export const underWay = (from: LockedWallet, currency: CurrencyCode, at: Date, step: 'TRANSFER' | 'HOLD') => ({
  status: 'PENDING' as const,
  step,
  fromWalletId: from.id,
  fromAccountId: accountFor(from, currency),
  acceptedAt: at,
  attemptedAt: at,
  nextAttemptAt: new Date(at.getTime() + attemptMs),
})

/** INSUFFICIENT_FUNDS when that is why a payment did not leave. */
export const requireFunds = ({ failure, status, currency, id }: PaymentRecord): void => {
  if (failure !== 'INSUFFICIENT_FUNDS' && status !== 'REQUESTED') return
  throw codedError('INSUFFICIENT_FUNDS', `The wallet does not have enough ${currency} available.`, { payment: id })
}

const endOf = async (
  tx: WalletTransaction,
  userId: string,
  payee: string | undefined,
  toWallet: string | undefined,
  currency: CurrencyCode,
): Promise<WalletEnd> => {
  if (toWallet !== undefined) {
    const end = await tx.end(toWallet, currency)
    if (!end) throw notFound('Wallet', toWallet)
    const { accountId } = end
    if (accountId === null) throw badInput(`The wallet that is paid holds no ${currency}.`, { field: 'amount' })
    return { ...end, accountId }
  }
  if (payee === undefined || payee === userId) {
    throw badInput('Say which wallet is paid when you pay to yourself.', { field: 'toWallet' })
  }
  const end = await tx.firstEnd(payee, currency)
  if (!end) throw badInput(`This person has no wallet that holds ${currency}.`, { field: 'payee' })
  return end
}

const requireSoon = (heldUntil: Date, now: Date): void => {
  const ahead = heldUntil.getTime() - now.getTime()
  if (ahead > 0 && ahead <= longestAuthorizationMs) return
  throw badInput('`expiresAt` is in the future, and at most 30 days ahead.', { field: 'expiresAt' })
}

/** Pays from wallets. */
export const createPayments = (options: { requests: Requests; settlement: Settlement; now: () => Date }) => {
  const { requests, settlement, now } = options

  /** Writes a payment that moves its money at once or, with `heldUntil`, sets it aside; answers what bancai made of it. */
  const issue = async (
    { userId, service }: Caller,
    input: PayInput,
    heldUntil: Date | null,
    requestId: string,
  ): Promise<PaymentRecord> => {
    const walletId = requireId('Wallet', input.wallet)
    const payee = input.payee == null ? undefined : requireId('User', input.payee)
    const toWallet = input.toWallet == null ? undefined : requireId('Wallet', input.toWallet)
    if ((payee === undefined) === (toWallet === undefined)) {
      throw badInput('Give `payee` or `toWallet`, and not both.', {
        field: payee === undefined ? 'payee' : 'toWallet',
      })
    }
    const { currency } = input.amount
    const amount = toPositiveMinor(input.amount)
    const memo = optionalText(input.memo, 200, 'memo')
    const key = requireKey(input.idempotencyKey)
    const call =
      heldUntil === null
        ? { actor: userId, operation: 'pay', content: { walletId, payee, toWallet, currency, amount, memo } }
        : {
            // A service chooses its keys without knowing those of the people for whom it acts.
            actor: service === null ? userId : `${service}/${userId}`,
            operation: 'authorizePayment',
            content: { walletId, payee, toWallet, currency, amount, memo, heldUntil },
          }

    const { id, isNew } = await requests.once({ ...call, key }, async (tx, id) => {
      const at = now()
      if (heldUntil !== null) requireSoon(heldUntil, at)
      const from = await lockOwnWallet(tx, userId, walletId)
      const leaving = underWay(from, currency, at, heldUntil === null ? 'TRANSFER' : 'HOLD')
      const to = await endOf(tx, userId, payee, toWallet, currency)
      if (to.accountId === leaving.fromAccountId) {
        throw badInput(`Both wallets keep their ${currency} in the same account.`, { field: 'toWallet' })
      }
      await requireAllowed(tx, from, { payeeId: to.ownerId, amount, currency, at })
      await tx.insertPayment({
        ...blankPayment,
        ...leaving,
        ...(heldUntil !== null && { heldUntil, service }),
        id,
        payerId: userId,
        payeeId: to.ownerId,
        toWalletId: to.walletId,
        toAccountId: to.accountId,
        amount,
        currency,
        memo,
        createdAt: at,
      })
    })
    const payment = await settlement.conclude(id, isNew, requestId)
    requireFunds(payment)
    return payment
  }

  return {
    /**
     * Pays, and answers the payment as it stands then: SETTLED, or PENDING when bancai does not answer.
     * PAYMENT_RULE_REFUSED when a rule does not allow it, INSUFFICIENT_FUNDS when there is too little.
     */
    pay: (userId: string, input: PayInput, requestId: string): Promise<PaymentRecord> =>
      issue({ userId, service: null }, input, null, requestId),

    /** As `pay`, but only sets the money aside: AUTHORIZED, until it is captured, released or expires. */
    authorizePayment: (caller: Caller, input: AuthorizePaymentInput, requestId: string): Promise<PaymentRecord> =>
      issue(caller, input, input.expiresAt, requestId),
  }
}

/** An amount as it is told to others. */
export const amountOf = ({ amount, currency }: Pick<PaymentRecord, 'amount' | 'currency'>): Money =>
  fromMinor(amount, currency)
