import { useState } from 'react'
import { useQuery } from 'urql'
import { CreateWalletDocument, WalletAccountsDocument } from '../.generated/wallet.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Input } from '../design/field.tsx'
import { FormError, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'

/** Makes a wallet over own accounts. */
export const CreateWalletDialog = ({ onClose }: { onClose: () => void }) => {
  const toasts = useToasts()
  const [{ data, fetching }] = useQuery({ query: WalletAccountsDocument, requestPolicy: 'cache-and-network' })
  const { busy, error, run } = useAction(CreateWalletDocument)
  const [name, setName] = useState('')
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const all = data?.me?.accounts?.edges.map((edge) => edge.node) ?? []
  // A wallet takes one account of each currency: the oldest, which is the one that everything else uses.
  const accounts = all.filter((each, index) => all.findIndex(({ currency }) => currency === each.currency) === index)
  const chosen = accounts.filter(({ id }) => !left.has(id))

  const toggle = (id: string): void => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    setLeft(next)
  }
  const create = async (): Promise<void> => {
    const done = await run({ input: { name: name.trim(), accounts: chosen.map(({ id }) => id) } })
    if (!done?.createWallet) return
    toasts.show('done', `Wallet ${done.createWallet.name} created`)
    onClose()
  }

  return (
    <Dialog open onClose={onClose} title="New wallet" description="It pays from the accounts that you choose.">
      <form
        aria-label="New wallet"
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void create()
        }}
      >
        <Input label="Name" value={name} onChange={setName} required maxLength={60} />
        <fieldset className="space-y-1">
          <legend className="text-muted mb-1 text-xs font-medium">Accounts</legend>
          {fetching && accounts.length === 0 && <SkeletonRows rows={2} label="Loading your accounts" className="" />}
          {!fetching && accounts.length === 0 && (
            <p className="text-muted text-sm">You have no account yet. Deposit something on the trading page first.</p>
          )}
          {accounts.map((account) => (
            <label key={account.id} className="hover:bg-raised flex h-10 items-center gap-3 rounded-lg px-2">
              <input
                type="checkbox"
                checked={!left.has(account.id)}
                onChange={() => toggle(account.id)}
                className="accent-accent size-4"
              />
              <span className="flex-1">{account.name}</span>
              <span className="text-muted text-xs">{account.currency}</span>
            </label>
          ))}
        </fieldset>
        <FormError error={error} />
        <Button type="submit" look="primary" className="w-full" busy={busy} disabled={chosen.length === 0}>
          Create wallet
        </Button>
      </form>
    </Dialog>
  )
}
