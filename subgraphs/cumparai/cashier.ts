import { GraphQLError } from 'graphql'
import {
  AuthorizePaymentDocument,
  CapturePaymentDocument,
  FindWalletDocument,
  RefundPaymentDocument,
  ReleasePaymentDocument,
} from '../.generated/cumparai.wallet.ts'
import { fromMinor } from '../_kit/index.ts'
import type { Peer } from '../_kit/index.ts'
import type { Failure } from './models.ts'
import type { PurchaseRecord } from './purchases-store.ts'

/** What the wallet said. Only what it said for sure is `done` or `refused`. */
export type Answer =
  | { outcome: 'done'; payment: string }
  | { outcome: 'refused'; failure: Failure }
  /** `payment` when it is known that there is one, on its way. */
  | { outcome: 'unknown'; cause: unknown; payment?: string }

type ShownPayment = { id: string; status: string; failureReason: string | null }

// Longer than anybody goes on trying, so that money comes back also when nobody is left to release it.
const heldMs = 60 * 60_000

const codes: readonly string[] = [
  'BAD_USER_INPUT',
  'CONFLICT',
  'FORBIDDEN',
  'INSUFFICIENT_FUNDS',
  'LIMIT_EXCEEDED',
  'NOT_FOUND',
  'PAYMENT_RULE_REFUSED',
] satisfies Failure['code'][]

const isRefusal = (code: unknown): code is Failure['code'] => typeof code === 'string' && codes.includes(code)

/** What came of a call that is to lead to one of the statuses `done`; one in `refused` will never lead there. */
const answerOf = async (
  call: () => Promise<ShownPayment | null | undefined>,
  done: readonly string[],
  refused: readonly string[],
): Promise<Answer> => {
  try {
    const payment = await call()
    if (!payment) return { outcome: 'unknown', cause: new Error('The wallet answered without a payment.') }
    const { id, status, failureReason } = payment
    if (done.includes(status)) return { outcome: 'done', payment: id }
    if (!refused.includes(status)) return { outcome: 'unknown', cause: new Error(`It is ${status}.`), payment: id }
    const message = failureReason ?? 'The payment was not captured in time.'
    return { outcome: 'refused', failure: { code: 'CONFLICT', message } }
  } catch (cause) {
    const code = cause instanceof GraphQLError ? cause.extensions['code'] : undefined
    return cause instanceof GraphQLError && isRefusal(code)
      ? { outcome: 'refused', failure: { code, message: cause.message } }
      : { outcome: 'unknown', cause }
  }
}

/** What `createCashier` gives. */
export type Cashier = ReturnType<typeof createCashier>

/**
 * Takes and returns money through the wallet, for the buyer. Every call may be repeated, by anybody at any time: it leads
 * to one and the same payment. None but `ownsWallet` throws.
 */
export const createCashier = (wallet: Peer) => ({
  /** Whether a wallet is a person's own. UNAVAILABLE when the wallet does not answer. */
  ownsWallet: async (person: string, id: string, requestId: string): Promise<boolean> => {
    const found = await wallet.call(FindWalletDocument, { wallet: id }, { onBehalfOf: person, requestId })
    return found.wallet?.owner.id === person
  },

  /** Sets the money of a purchase aside. */
  authorize: (purchase: PurchaseRecord): Promise<Answer> => {
    const { id, buyer, seller, wallet: from, total, currency, createdAt } = purchase
    const input = {
      wallet: from,
      payee: seller,
      amount: fromMinor(BigInt(total), currency),
      memo: `Purchase ${id}`,
      expiresAt: new Date(createdAt.getTime() + heldMs).toISOString(),
      idempotencyKey: id,
    }
    return answerOf(
      async () => (await wallet.call(AuthorizePaymentDocument, { input }, { onBehalfOf: buyer })).authorizePayment,
      ['AUTHORIZED', 'SETTLED'],
      ['FAILED', 'EXPIRED', 'RELEASED'],
    )
  },

  /** Moves the money to the seller. */
  capture: (payment: string, buyer: string): Promise<Answer> =>
    answerOf(
      async () => (await wallet.call(CapturePaymentDocument, { payment }, { onBehalfOf: buyer })).capturePayment,
      ['SETTLED'],
      ['FAILED', 'EXPIRED', 'RELEASED'],
    ),

  /** Gives money back that was set aside. */
  release: (payment: string, buyer: string): Promise<Answer> =>
    answerOf(
      async () => (await wallet.call(ReleasePaymentDocument, { payment }, { onBehalfOf: buyer })).releasePayment,
      ['RELEASED', 'EXPIRED', 'FAILED'],
      [],
    ),

  /** Moves the money back to the buyer; answers the payment that does. */
  refund: (payment: string, buyer: string): Promise<Answer> =>
    answerOf(
      async () => (await wallet.call(RefundPaymentDocument, { payment }, { onBehalfOf: buyer })).refundPayment,
      ['SETTLED'],
      ['FAILED'],
    ),
})
