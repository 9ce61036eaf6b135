import { codedError, forbidden, notFound, requireId } from '../_kit/index.ts'
import { asOf } from './asking.ts'
import { blankPayment } from './issuing.ts'
import { requireFunds } from './payments.ts'
import type { Caller } from './payments.ts'
import type { PaymentRecord } from './records.ts'
import { attemptMs } from './settlement.ts'
import type { Settlement } from './settlement.ts'
import type { Store } from './store.ts'

const longestMemo = 200

/** NOT_FOUND for whoever may not even see a payment. */
const requireVisible = ({ id, payerId, payeeId }: PaymentRecord, { userId }: Caller): void => {
  if (payerId !== userId && payeeId !== userId) throw notFound('Payment', id)
}

/** FORBIDDEN for whoever is neither the service that authorized a payment nor, without one, the person who pays it. */
const requireAuthority = (payment: PaymentRecord, caller: Caller): void => {
  requireVisible(payment, caller)
  const { service, payerId } = payment
  if (service === null ? payerId === caller.userId : service === caller.service) return
  throw forbidden(`Only ${service ?? 'the payer'}, who authorized the payment, may do this.`)
}

const conflict = ({ id, status }: PaymentRecord, what: string): Error =>
  codedError('CONFLICT', `The payment is ${status}: it cannot be ${what}.`, { payment: id })

/** Captures, releases and refunds payments. */
export const createAuthorizations = (options: {
  store: Store
  settlement: Settlement
  newId: () => string
  now: () => Date
}) => {
  const { store, settlement, newId, now } = options

  /** Runs a decision on a locked payment, and the step that it leads to. */
  const decide = async (
    id: string,
    caller: Caller,
    next: (payment: PaymentRecord) => Partial<PaymentRecord> | undefined,
    requestId: string,
  ): Promise<PaymentRecord> => {
    const isNew = await store.transact(async (tx) => {
      const found = await tx.lockPayment(requireId('Payment', id))
      if (!found) throw notFound('Payment', id)
      requireAuthority(found, caller)
      const change = next(asOf(found, now()))
      if (!change) return false
      await tx.updatePayment(id, change)
      // Where bancai has not answered yet, whoever asks it knows what came before.
      return found.status === 'AUTHORIZED'
    })
    return settlement.conclude(id, isNew, requestId)
  }

  const begin = (step: 'CAPTURE' | 'RELEASE'): Partial<PaymentRecord> => {
    const at = now()
    return { status: 'PENDING', step, attemptedAt: at, nextAttemptAt: new Date(at.getTime() + attemptMs) }
  }

  const refundMemo = ({ memo }: PaymentRecord): string =>
    Array.from(`Refund${memo === null ? '' : `: ${memo}`}`)
      .slice(0, longestMemo)
      .join('')

  return {
    /** Pays what was authorized; answers it SETTLED, or PENDING when bancai does not answer. */
    capturePayment: (caller: Caller, id: string, requestId: string): Promise<PaymentRecord> =>
      decide(
        id,
        caller,
        (payment) => {
          if (payment.status === 'AUTHORIZED') return begin('CAPTURE')
          const isCaptured = payment.heldUntil !== null && (payment.step === 'CAPTURE' || payment.status === 'SETTLED')
          if (!isCaptured) throw conflict(payment, 'captured')
          return undefined
        },
        requestId,
      ),

    /** Gives back what was authorized; answers it RELEASED, or PENDING when bancai does not answer. */
    releasePayment: (caller: Caller, id: string, requestId: string): Promise<PaymentRecord> =>
      decide(
        id,
        caller,
        (payment) => {
          const { status, step, heldUntil } = payment
          if (status === 'AUTHORIZED') return begin('RELEASE')
          if (step === 'HOLD') return { step: 'RELEASE' }
          const hasNothing = status === 'RELEASED' || status === 'EXPIRED' || status === 'FAILED' || step === 'RELEASE'
          if (heldUntil === null || !hasNothing) throw conflict(payment, 'released')
          return undefined
        },
        requestId,
      ),

    /** Pays a settled payment back, and answers what pays it back, as it stands then. */
    refundPayment: async (caller: Caller, id: string, requestId: string): Promise<PaymentRecord> => {
      const [payment] = await store.payments([requireId('Payment', id)])
      if (!payment) throw notFound('Payment', id)
      requireVisible(payment, caller)
      const isService = payment.service !== null && payment.service === caller.service
      if (!isService && payment.payeeId !== caller.userId) throw forbidden('Only the payee may pay it back.')
      const { toWalletId, refundOfId } = payment
      if (toWalletId === null || refundOfId !== null || payment.status !== 'SETTLED')
        throw conflict(payment, 'refunded')

      const refund = await store.transact(async (tx) => {
        const wallet = await tx.lockWallet(toWalletId)
        await tx.lockPayment(id)
        const earlier = await tx.refundOf(id)
        if (earlier || !wallet) return { id: earlier?.id ?? id, isNew: false }
        const at = now()
        const made: PaymentRecord = {
          ...blankPayment,
          id: newId(),
          status: 'PENDING',
          step: 'TRANSFER',
          payerId: payment.payeeId,
          payeeId: payment.payerId,
          fromWalletId: toWalletId,
          fromAccountId: payment.toAccountId,
          toWalletId: payment.fromWalletId,
          toAccountId: payment.fromAccountId,
          amount: payment.amount,
          currency: payment.currency,
          memo: refundMemo(payment),
          refundOfId: id,
          createdAt: at,
          acceptedAt: at,
          attemptedAt: at,
          nextAttemptAt: new Date(at.getTime() + attemptMs),
        }
        await tx.insertPayment(made)
        return { id: made.id, isNew: true }
      })
      const concluded = await settlement.conclude(refund.id, refund.isNew, requestId)
      requireFunds(concluded)
      return concluded
    },
  }
}
