import { GraphQLError } from 'graphql'
import { codedError, isCurrency } from '../_kit/index.ts'
import type { CurrencyCode, Money, Peer } from '../_kit/index.ts'
import {
  AccountsDocument,
  CaptureMoneyDocument,
  HoldMoneyDocument,
  MoveMoneyDocument,
  ReleaseMoneyDocument,
} from '../.generated/wallet.bancai.ts'

/** An account as bancai shows it. */
export type BankAccount = { id: string; ownerId: string; currency: CurrencyCode; available: Money }

/** What bancai is asked to move, for the person who pays. */
export type Movement = { from: string; to: string; amount: Money; memo: string | null; payerId: string; key: string }

/** What bancai is asked to set aside, for the person who pays. */
export type Reservation = { account: string; amount: Money; reason: string; until: Date; payerId: string; key: string }

/** Where held money goes. */
export type Capture = { hold: string; to: string; memo: string | null; payerId: string; key: string }

/** What bancai said. Only what it said for sure is not `unknown`. */
export type Answer =
  | { outcome: 'moved'; transferId: string }
  | { outcome: 'held'; holdId: string }
  | { outcome: 'released' }
  | { outcome: 'refused'; code: string; cause: unknown }
  | { outcome: 'unknown'; cause: unknown }

/** The bank behind the wallets. */
export type Bank = {
  /** Accounts by id: a person's own, or any when nobody is given. UNAVAILABLE when bancai does not answer. */
  accounts(ids: readonly string[], onBehalfOf?: string, requestId?: string): Promise<BankAccount[]>
  /** Moves money once for each key. Never throws, as all that follow. */
  move(movement: Movement, requestId?: string): Promise<Answer>
  /** Sets money aside once for each key. */
  hold(reservation: Reservation, requestId?: string): Promise<Answer>
  /** Moves all that is held, once for each key. */
  capture(capture: Capture, requestId?: string): Promise<Answer>
  /** Gives back what is held; again changes nothing. */
  release(hold: string, payerId: string, requestId?: string): Promise<Answer>
}

const refusals: ReadonlySet<unknown> = new Set([
  'INSUFFICIENT_FUNDS',
  'NOT_FOUND',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'CONFLICT',
  'LIMIT_EXCEEDED',
])

const codeOf = (error: unknown): unknown => (error instanceof GraphQLError ? error.extensions['code'] : undefined)

const currencyOf = (code: string): CurrencyCode => {
  if (isCurrency(code)) return code
  throw codedError('UNAVAILABLE', `The bank has an account in ${code}, which wallets do not know yet.`)
}

type Caller = { onBehalfOf: string; requestId?: string }

const callerOf = (payerId: string, requestId: string | undefined): Caller => ({
  onBehalfOf: payerId,
  ...(requestId !== undefined && { requestId }),
})

/** What came of a call, or how it failed. Without an error and without a result nothing is known. */
const answerOf = async (call: () => Promise<Answer | undefined>): Promise<Answer> => {
  try {
    return (await call()) ?? { outcome: 'unknown', cause: new Error('bancai answered without a result') }
  } catch (cause) {
    const code = codeOf(cause)
    return refusals.has(code) ? { outcome: 'refused', code: String(code), cause } : { outcome: 'unknown', cause }
  }
}

/** The bank, through bancai's schema. */
export const createBank = (bancai: Peer): Bank => ({
  accounts: async (ids, onBehalfOf, requestId) => {
    const representations = ids.map((id) => ({ __typename: 'Account', id }))
    const { _entities } = await bancai.call(
      AccountsDocument,
      { accounts: representations },
      { ...(onBehalfOf !== undefined && { onBehalfOf }), ...(requestId !== undefined && { requestId }) },
    )
    return _entities.flatMap((entity) => {
      if (!entity || !('id' in entity)) return []
      const { id, owner, available } = entity
      const currency = currencyOf(entity.currency)
      return [{ id, ownerId: owner.id, currency, available: { amount: available.amount, currency } }]
    })
  },

  move: ({ from, to, amount, memo, payerId, key }, requestId) =>
    answerOf(async () => {
      const input = { from, to, amount, memo, idempotencyKey: key }
      const { transfer } = await bancai.call(MoveMoneyDocument, { input }, callerOf(payerId, requestId))
      return transfer ? { outcome: 'moved', transferId: transfer.id } : undefined
    }),

  hold: ({ account, amount, reason, until, payerId, key }, requestId) =>
    answerOf(async () => {
      const input = { account, amount, reason, expiresAt: until.toISOString(), idempotencyKey: key }
      const { authorizeHold } = await bancai.call(HoldMoneyDocument, { input }, callerOf(payerId, requestId))
      return authorizeHold ? { outcome: 'held', holdId: authorizeHold.id } : undefined
    }),

  capture: ({ hold, to, memo, payerId, key }, requestId) =>
    answerOf(async () => {
      const input = { hold, to, memo, idempotencyKey: key }
      const { captureHold } = await bancai.call(CaptureMoneyDocument, { input }, callerOf(payerId, requestId))
      return captureHold ? { outcome: 'moved', transferId: captureHold.id } : undefined
    }),

  release: (hold, payerId, requestId) =>
    answerOf(async () => {
      const { releaseHold } = await bancai.call(ReleaseMoneyDocument, { hold }, callerOf(payerId, requestId))
      return releaseHold ? { outcome: 'released' } : undefined
    }),
})
