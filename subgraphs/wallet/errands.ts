import { fromMinor } from '../_kit/index.ts'
import type { Answer, Bank } from './bank.ts'
import type { PaymentRecord, PaymentStep } from './records.ts'

const nowhere: Answer = { outcome: 'unknown', cause: new Error('The payment leads nowhere.') }

/**
 * Asks the bank for what a payment needs next. The payment's id is the key of what is asked for, so that asking again
 * gives the same answer.
 */
export const ask = async (bank: Bank, payment: PaymentRecord, requestId: string | undefined): Promise<Answer> => {
  const { id, step, payerId, fromAccountId: from, toAccountId: to, currency, memo, heldUntil, holdId } = payment
  if (from === null || to === null || step === null) return nowhere
  const amount = fromMinor(payment.amount, currency)

  const hold = async (): Promise<Answer> =>
    heldUntil === null
      ? nowhere
      : bank.hold({ account: from, amount, reason: memo ?? 'Payment', until: heldUntil, payerId, key: id }, requestId)

  const errands: Readonly<Record<PaymentStep, () => Promise<Answer>>> = {
    TRANSFER: () => bank.move({ from, to, amount, memo, payerId, key: id }, requestId),
    HOLD: hold,
    CAPTURE: async () =>
      // The key is another one than that of the hold.
      holdId === null ? nowhere : bank.capture({ hold: holdId, to, memo, payerId, key: `${id}/capture` }, requestId),
    RELEASE: async () =>
      // When the answer to the hold was lost, asking for it again tells what there is to release.
      holdId === null ? hold() : bank.release(holdId, payerId, requestId),
  }
  return errands[step]()
}
