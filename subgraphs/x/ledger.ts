import {
  AccountsOfDocument,
  AuthorizeHoldDocument,
  OpenAccountDocument,
  ReleaseHoldDocument,
  SettleTradeDocument,
} from '../.generated/x.bancai.ts'
import { isCurrency } from '../_kit/index.ts'
import type { CurrencyCode, Money, Peer } from '../_kit/index.ts'
import { createBulkhead } from './bulkhead.ts'

/** An account of bancai, as far as trading needs it. */
export type LedgerAccount = { id: string; currency: CurrencyCode; balance: string; available: string }

/** A part of a hold, and the account that gets it. */
export type Leg = { hold: string; amount: Money; to: string }

/** bancai, in the words of trading. Every call may be repeated: its key makes that harmless. */
export type Ledger = {
  /** The accounts of each person, oldest first. */
  accountsOf(people: readonly string[]): Promise<ReadonlyMap<string, LedgerAccount[]>>
  /** Opens an account of a person, and gives its id. */
  openAccount(person: string, currency: CurrencyCode): Promise<string>
  /**
   * Sets money of a person's account aside, and gives the id of the hold; the same key gives the same hold.
   * @throws INSUFFICIENT_FUNDS
   */
  hold(request: { person: string; account: string; amount: Money; reason: string; key: string }): Promise<string>
  /** Books all legs in one transaction, or none; the same key books them once. */
  settle(request: { legs: readonly Leg[]; memo: string; key: string }): Promise<void>
  /** Gives back what is left of a hold. */
  release(hold: string): Promise<void>
}

/** How much is asked for at once when orders are placed: a storm of them waits here, and not until a call times out. */
const MOST_AT_ONCE = 8

/** The ledger behind a peer. All its calls throw UNAVAILABLE when bancai does not answer. */
export const createLedger = (bancai: Peer): Ledger => {
  const inTurn = createBulkhead(MOST_AT_ONCE)

  return {
    accountsOf: async (people) => {
      const representations = people.map((id) => ({ __typename: 'User', id }))
      const { _entities } = await inTurn(() => bancai.call(AccountsOfDocument, { people: representations }))
      return new Map(
        _entities.flatMap((user) => {
          if (user === null || !('accounts' in user)) return []
          const accounts = (user.accounts?.edges ?? []).flatMap(({ node }) =>
            isCurrency(node.currency)
              ? [
                  {
                    id: node.id,
                    currency: node.currency,
                    balance: node.balance.amount,
                    available: node.available.amount,
                  },
                ]
              : [],
          )
          return [[user.id, accounts] as const]
        }),
      )
    },

    openAccount: async (person, currency) => {
      const { openAccount } = await bancai.call(OpenAccountDocument, {
        input: { name: currency, currency, owner: person },
      })
      if (openAccount === null) throw new Error(`bancai opened no ${currency} account.`)
      return openAccount.id
    },

    hold: ({ person, account, amount, reason, key }) =>
      inTurn(async () => {
        const input = { account, amount, reason, idempotencyKey: key }
        const { authorizeHold } = await bancai.call(AuthorizeHoldDocument, { input }, { onBehalfOf: person })
        if (authorizeHold === null) throw new Error('bancai held nothing.')
        return authorizeHold.id
      }),

    settle: async ({ legs, memo, key }) => {
      await bancai.call(SettleTradeDocument, { input: { legs: [...legs], memo, idempotencyKey: key } })
    },

    release: async (hold) => {
      await bancai.call(ReleaseHoldDocument, { hold })
    },
  }
}
