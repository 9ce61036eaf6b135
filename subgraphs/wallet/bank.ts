import { GraphQLError } from 'graphql'
import { codedError, isCurrency } from '../_kit/index.ts'
import type { CurrencyCode, Money, Peer } from '../_kit/index.ts'
import { AccountsDocument, MoveMoneyDocument } from '../.generated/wallet.bancai.ts'

/** An account as bancai shows it. */
export type BankAccount = { id: string; ownerId: string; currency: CurrencyCode; available: Money }

/** What bancai is asked to move, for the person who pays. */
export type Movement = { from: string; to: string; amount: Money; memo: string | null; payerId: string; key: string }

/** What bancai said to a movement. Only what it said for sure is `moved` or `refused`. */
export type Answer =
  | { outcome: 'moved'; transferId: string }
  | { outcome: 'refused'; code: string; cause: unknown }
  | { outcome: 'unknown'; cause: unknown }

/** The bank behind the wallets. */
export type Bank = {
  /** Accounts by id: a person's own, or any when nobody is given. UNAVAILABLE when bancai does not answer. */
  accounts(ids: readonly string[], onBehalfOf?: string, requestId?: string): Promise<BankAccount[]>
  /** Moves money once for each key. Never throws. */
  move(movement: Movement, requestId?: string): Promise<Answer>
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

  move: async ({ from, to, amount, memo, payerId, key }, requestId) => {
    try {
      const { transfer } = await bancai.call(
        MoveMoneyDocument,
        { input: { from, to, amount, memo, idempotencyKey: key } },
        { onBehalfOf: payerId, ...(requestId !== undefined && { requestId }) },
      )
      if (transfer) return { outcome: 'moved', transferId: transfer.id }
      return { outcome: 'unknown', cause: new Error('bancai answered without a transfer') }
    } catch (cause) {
      const code = codeOf(cause)
      return refusals.has(code) ? { outcome: 'refused', code: String(code), cause } : { outcome: 'unknown', cause }
    }
  },
})
