import type { CombinedError } from '@urql/core'
import { useQuery } from 'urql'
import { BalancesDocument, PortfolioDocument } from '../.generated/balances.ts'
import type { BalancesQuery, PortfolioQuery } from '../.generated/balances.ts'
import { useSignedIn } from '../client/provider.tsx'

/** An own account. */
export type Account = NonNullable<NonNullable<BalancesQuery['me']>['accounts']>['edges'][number]['node']

/** What is held of one asset. */
export type Position = NonNullable<PortfolioQuery['portfolio']>['positions'][number]

/** The own accounts and positions. */
export type Balances = {
  readonly accounts: readonly Account[]
  readonly positions: readonly Position[]
  readonly value: NonNullable<PortfolioQuery['portfolio']>['value'] | undefined
  readonly loading: boolean
  readonly error: CombinedError | undefined
  /** The account that trading uses for a currency; undefined when there is none yet. */
  readonly accountOf: (currency: string) => Account | undefined
  readonly reload: () => void
}

/** The own accounts and positions; the stream of each account is followed by `AccountStreams`. */
export const useBalances = (): Balances => {
  const pause = useSignedIn() === null
  const [balances, again] = useQuery({ query: BalancesDocument, pause })
  const [portfolio, againPortfolio] = useQuery({ query: PortfolioDocument, pause })
  const accounts = balances.data?.me?.accounts?.edges.map((edge) => edge.node) ?? []
  const positions = portfolio.data?.portfolio?.positions ?? []
  return {
    accounts,
    positions,
    value: portfolio.data?.portfolio?.value,
    loading: balances.fetching && balances.data === undefined,
    error: balances.data?.me?.accounts ? undefined : balances.error,
    accountOf: (currency) => {
      const used = positions.find((position) => position.currency === currency)?.account.id
      return (
        accounts.find((account) => account.id === used) ?? accounts.find((account) => account.currency === currency)
      )
    },
    reload: () => {
      again({ requestPolicy: 'network-only' })
      againPortfolio({ requestPolicy: 'network-only' })
    },
  }
}
