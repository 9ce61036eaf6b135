import { fromMinor } from '../_kit/index.ts'
import type { Logger } from '../_kit/index.ts'
import type { Bank } from './bank.ts'
import { ask } from './errands.ts'
import { issueByRule } from './issuing.ts'
import type { PaymentRecord } from './records.ts'
import { sharesOf } from './rules.ts'
import type { Store } from './store.ts'
import type { LockedWallet, WalletTransaction } from './transaction.ts'

/** For how long a payment is left to who is settling it: longer than bancai is waited for (see `Peer`). */
export const attemptMs = 12_000

/** After this time bancai is asked again when it did not answer. */
const retryMs = 3_000

/** After this time bancai works no more on a call that nobody waits for. */
const abandonedMs = 35_000

const paymentsAtOnce = 20

/** Settles payments as transfers of bancai, at once or by way of a hold. */
export type Settlement = {
  /**
   * Goes the next step of a payment that this process has just made, or waits for whoever does so here; answers the payment
   * as it is then. It is PENDING when bancai's answer is not known: then `resume` goes on later.
   */
  conclude(paymentId: string, isNew: boolean, requestId?: string): Promise<PaymentRecord>
  /** Goes on with payments that were left on their way, by this process or by another one. */
  resume(): Promise<void>
}

/**
 * The settlement of payments, and of their steps before. bancai moves the money of a payment once, whatever number of times it is asked, because the
 * payment's id is the key; so the answer can always be had again, and what came of a payment is what bancai says.
 */
export const createSettlement = (options: {
  store: Store
  bank: Bank
  newId: () => string
  now: () => Date
  /** Told, after the commit, in which wallet a payment arrived. */
  announce: (walletId: string) => Promise<void>
  logger: Logger
}): Settlement => {
  const { store, bank, newId, now, announce, logger } = options
  const running = new Map<string, Promise<void>>()

  const divide = async (tx: WalletTransaction, wallet: LockedWallet, payment: PaymentRecord): Promise<void> => {
    // What a rule made is not divided again: two rules could pass the same money back and forth for ever.
    // What is paid back is no income.
    if (payment.ruleId !== null || payment.refundOfId !== null) return
    const { currency, id: originId } = payment
    for (const { rule, share, payeeId, amount } of sharesOf(await tx.rules(wallet.id), payment.amount)) {
      const made = { id: newId(), memo: null, ruleId: rule.id, dueAt: null, originId, share }
      await issueByRule(tx, wallet, { ...made, payeeId, amount, currency, at: now() })
    }
  }

  const settle = async ({ id, toWalletId }: PaymentRecord, transferId: string): Promise<void> => {
    if (toWalletId === null) return
    const arrived = await store.transact(async (tx) => {
      const wallet = await tx.lockWallet(toWalletId)
      const pending = await tx.lockPayment(id)
      if (!wallet || pending?.status !== 'PENDING') return false
      const arrival = wallet.arrivals + 1n
      await tx.setArrivals(toWalletId, arrival)
      const settled = {
        status: 'SETTLED' as const,
        transferId,
        step: null,
        settledAt: now(),
        arrival,
        nextAttemptAt: null,
      }
      const payment = await tx.updatePayment(id, settled)
      await divide(tx, wallet, payment)
      const { payerId: payer, payeeId: payee, currency } = payment
      const { amount } = fromMinor(payment.amount, currency)
      const payload = { paymentId: id, payer, payee, amount, currency, refundOf: payment.refundOfId }
      await tx.publish({ type: 'wallet.paymentSettled', key: id, payload })
      return true
    })
    if (arrived) await announce(toWalletId)
  }

  const held = ({ id }: PaymentRecord, holdId: string): Promise<void> =>
    store.transact(async (tx) => {
      const pending = await tx.lockPayment(id)
      if (pending?.step === 'HOLD')
        await tx.updatePayment(id, { status: 'AUTHORIZED', step: null, holdId, nextAttemptAt: null })
      // Somebody wants it back already, and now it is known what is to be released.
      if (pending?.step === 'RELEASE') await tx.updatePayment(id, { holdId, nextAttemptAt: now() })
    })

  const release = ({ id }: PaymentRecord): Promise<void> =>
    store.transact(async (tx) => {
      const pending = await tx.lockPayment(id)
      if (pending?.step === 'RELEASE')
        await tx.updatePayment(id, { status: 'RELEASED', step: null, nextAttemptAt: null })
    })

  const fail = async ({ id, step }: PaymentRecord, code: string): Promise<void> => {
    await store.transact(async (tx) => {
      const pending = await tx.lockPayment(id)
      if (pending?.status !== 'PENDING' || pending.step !== step) return
      const isShort = code === 'INSUFFICIENT_FUNDS'
      const canBeAnsweredAgain = pending.expiresAt !== null && pending.expiresAt > now()
      if (isShort && canBeAnsweredAgain) {
        const unanswered = { fromWalletId: null, fromAccountId: null, acceptedAt: null, attemptedAt: null }
        await tx.updatePayment(id, { status: 'REQUESTED', ...unanswered, step: null, nextAttemptAt: null })
        return
      }
      const failure = isShort ? ('INSUFFICIENT_FUNDS' as const) : ('BANK_REFUSED' as const)
      await tx.updatePayment(id, { status: 'FAILED', failure, step: null, nextAttemptAt: null })
    })
  }

  const after = (milliseconds: number): Date => new Date(now().getTime() + milliseconds)

  const attempt = async (payment: PaymentRecord, triedBefore: Date | null, requestId?: string): Promise<void> => {
    const begun = now().getTime()
    const answer = await ask(bank, payment, requestId)
    if (answer.outcome === 'moved') return settle(payment, answer.transferId)
    if (answer.outcome === 'held') return held(payment, answer.holdId)
    if (answer.outcome === 'released') return release(payment)
    logger.info({ err: answer.cause, paymentId: payment.id }, 'bancai did not settle a payment')
    if (answer.outcome === 'unknown') return store.postpone(payment.id, after(retryMs))
    // While another call may still be under way, money could move after this refusal, and the payment would say no.
    const isAlone = triedBefore === null || begun - triedBefore.getTime() > abandonedMs
    if (isAlone && now().getTime() - begun < attemptMs) {
      // There is nothing to release where nothing was set aside.
      return payment.step === 'RELEASE' ? release(payment) : fail(payment, answer.code)
    }
    await store.postpone(payment.id, after(abandonedMs))
  }

  const inTurn = async (payment: PaymentRecord, triedBefore: Date | null, requestId?: string): Promise<void> => {
    const attempted = attempt(payment, triedBefore, requestId).finally(() => running.delete(payment.id))
    running.set(payment.id, attempted)
    await attempted
  }

  const load = async (id: string): Promise<PaymentRecord> => {
    const [payment] = await store.payments([id])
    if (!payment) throw new Error(`Payment ${id} has vanished.`)
    return payment
  }

  return {
    conclude: async (id, isNew, requestId) => {
      const payment = await load(id)
      if (payment.status !== 'PENDING') return payment
      if (isNew) await inTurn(payment, null, requestId)
      else await running.get(id)
      return load(id)
    },

    resume: async () => {
      for (;;) {
        const taken = await store.takePending(now(), after(attemptMs), paymentsAtOnce)
        const attempts = await Promise.allSettled(taken.map(({ payment, triedBefore }) => inTurn(payment, triedBefore)))
        const failed = attempts.find((result) => result.status === 'rejected')
        if (failed) throw failed.reason
        if (taken.length < paymentsAtOnce) return
      }
    },
  }
}
