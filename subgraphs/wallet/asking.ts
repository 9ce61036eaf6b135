import {
  badInput,
  codedError,
  forbidden,
  notFound,
  optionalText,
  requireId,
  requireKey,
  toPositiveMinor,
} from '../_kit/index.ts'
import type { Money } from '../_kit/index.ts'
import { blankPayment, requireAllowed } from './issuing.ts'
import { accountFor, amountOf, lockOwnWallet, requireFunds, underWay } from './payments.ts'
import type { PaymentRecord } from './records.ts'
import type { Requests } from './requests.ts'
import type { Settlement } from './settlement.ts'
import type { Store } from './store.ts'

/** For how long a request can be answered. */
export const requestLifeMs = 7 * 86_400_000

export type RequestPaymentInput = {
  wallet: string
  payer: string
  amount: Money
  memo?: string | null | undefined
  idempotencyKey: string
}

export type AnswerPaymentRequestInput = { payment: string; accept: boolean; wallet?: string | null | undefined }

/** Until when a request can be answered or an authorization captured; null for every other payment. */
export const deadlineOf = ({ status, expiresAt, heldUntil }: PaymentRecord): Date | null => {
  if (status === 'REQUESTED') return expiresAt
  return status === 'AUTHORIZED' ? heldUntil : null
}

/** A payment as it is at an instant: expired the moment its time runs out, not when somebody writes it down. */
export const asOf = (payment: PaymentRecord, now: Date): PaymentRecord => {
  const deadline = deadlineOf(payment)
  return deadline !== null && deadline <= now ? { ...payment, status: 'EXPIRED' } : payment
}

/** Whether the same answer was given before. */
const isAnswered = ({ status, fromWalletId }: PaymentRecord, walletId: string | undefined): boolean =>
  walletId === undefined
    ? status === 'DECLINED'
    : (status === 'PENDING' || status === 'SETTLED') && fromWalletId === walletId

/** Asks people for money, and answers for them. */
export const createAsking = (options: {
  store: Store
  requests: Requests
  settlement: Settlement
  now: () => Date
}) => {
  const { store, requests, settlement, now } = options

  const load = async (id: string): Promise<PaymentRecord> => {
    const [payment] = await store.payments([id])
    if (!payment) throw notFound('Payment', id)
    return payment
  }

  /** Pays from a wallet, or declines without one. Answers whether the payment leaves by this call. */
  const answer = (userId: string, id: string, walletId: string | undefined): Promise<boolean> =>
    store.transact(async (tx) => {
      const at = now()
      const from = walletId === undefined ? undefined : await lockOwnWallet(tx, userId, walletId)
      const found = await tx.lockPayment(id)
      if (!found || (found.payerId !== userId && found.payeeId !== userId)) throw notFound('Payment', id)
      const payment = asOf(found, at)
      if (payment.payerId !== userId) throw forbidden('Only the person who is asked to pay may answer.')
      if (isAnswered(payment, walletId)) return false
      if (payment.status !== 'REQUESTED') {
        throw codedError('CONFLICT', `The payment is ${payment.status}: there is nothing to answer.`, { payment: id })
      }
      if (!from) {
        await tx.updatePayment(id, { status: 'DECLINED' })
        return false
      }
      const leaving = underWay(from, payment.currency, at, 'TRANSFER')
      await requireAllowed(tx, from, { ...payment, at })
      await tx.updatePayment(id, leaving)
      return true
    })

  return {
    /** Asks a person for money into an own wallet; answers the request. */
    requestPayment: async (userId: string, input: RequestPaymentInput): Promise<PaymentRecord> => {
      const walletId = requireId('Wallet', input.wallet)
      const payerId = requireId('User', input.payer)
      if (payerId === userId) throw badInput('Ask somebody else than yourself.', { field: 'payer' })
      const { currency } = input.amount
      const amount = toPositiveMinor(input.amount)
      const memo = optionalText(input.memo, 200, 'memo')
      const key = requireKey(input.idempotencyKey)
      const content = { walletId, payerId, currency, amount, memo }

      const { id } = await requests.once(
        { actor: userId, key, operation: 'requestPayment', content },
        async (tx, id) => {
          const createdAt = now()
          const to = await lockOwnWallet(tx, userId, walletId)
          await tx.insertPayment({
            ...blankPayment,
            id,
            status: 'REQUESTED',
            payerId,
            payeeId: userId,
            toWalletId: to.id,
            toAccountId: accountFor(to, currency),
            amount,
            currency,
            memo,
            createdAt,
            expiresAt: new Date(createdAt.getTime() + requestLifeMs),
          })
          const asked = { paymentId: id, payer: payerId, payee: userId, ...amountOf({ amount, currency }) }
          await tx.publish({ type: 'wallet.paymentRequested', key: id, payload: asked })
        },
      )
      return load(id)
    },

    /**
     * Pays or declines what was asked of the caller; the same answer twice is one. CONFLICT when it cannot be answered any
     * more; PAYMENT_RULE_REFUSED and INSUFFICIENT_FUNDS as for every payment, and then it can still be answered.
     */
    answerPaymentRequest: async (
      userId: string,
      input: AnswerPaymentRequestInput,
      requestId: string,
    ): Promise<PaymentRecord> => {
      const id = requireId('Payment', input.payment)
      const walletId = input.wallet == null ? undefined : requireId('Wallet', input.wallet)
      if (input.accept && walletId === undefined) {
        throw badInput('Say from which wallet it is paid.', { field: 'wallet' })
      }
      const leaves = await answer(userId, id, input.accept ? walletId : undefined)
      const payment = await settlement.conclude(id, leaves, requestId)
      requireFunds(payment)
      return payment
    },
  }
}
