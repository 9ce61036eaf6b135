import { useSubscription } from 'urql'
import { AccountActivityDocument } from '../.generated/balances.ts'

const AccountStream = ({ account }: { account: string }) => {
  // The cache takes each event over; whatever shows the account is rendered again from there.
  useSubscription({ query: AccountActivityDocument, variables: { account } })
  return null
}

/** Keeps the balances of accounts live while it is shown. */
export const AccountStreams = ({ accounts }: { accounts: readonly { readonly id: string }[] }) =>
  accounts.map(({ id }) => <AccountStream key={id} account={id} />)
