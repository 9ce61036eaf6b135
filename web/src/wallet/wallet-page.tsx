import { Plus, Wallet as WalletIcon } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { WalletsDocument } from '../.generated/wallet.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Segmented } from '../design/segmented.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { useTitle } from '../shared/hooks.ts'
import { CreateWalletDialog } from './create-wallet-dialog.tsx'
import { WalletView } from './wallet-view.tsx'

const SignedOut = () => {
  const openSignIn = useSignIn()
  return (
    <Card>
      <Empty
        icon={WalletIcon}
        title="Your wallets"
        action={
          <Button look="primary" onClick={openSignIn}>
            Sign in
          </Button>
        }
      >
        Pay people, ask for money, and set rules that every payment must keep.
      </Empty>
    </Card>
  )
}

const Wallets = () => {
  const [{ data, fetching, error }, reload] = useQuery({ query: WalletsDocument, requestPolicy: 'cache-and-network' })
  const [chosen, setChosen] = useState<string>()
  const [creating, setCreating] = useState(false)
  const wallets = data?.me?.wallets?.edges.map((edge) => edge.node) ?? []
  const wallet = wallets.find(({ id }) => id === chosen) ?? wallets[0]

  if (wallets.length === 0 && fetching) return <SkeletonRows rows={6} label="Loading your wallets" />
  if (!data?.me?.wallets && error !== undefined) return <Failure error={error} onRetry={reload} />
  return (
    <>
      {wallet === undefined ? (
        <Card>
          <Empty
            icon={WalletIcon}
            title="You have no wallet yet"
            action={
              <Button look="primary" onClick={() => setCreating(true)}>
                Create a wallet
              </Button>
            }
          >
            A wallet stands on your accounts, and pays from them.
          </Empty>
        </Card>
      ) : (
        <>
          <div className="flex flex-wrap items-center justify-between gap-2">
            {wallets.length > 1 ? (
              <Segmented
                label="Wallet"
                value={wallet.id}
                onChange={setChosen}
                options={wallets.map(({ id, name }) => ({ value: id, label: name }))}
              />
            ) : (
              <h2 className="px-1 text-lg font-semibold">{wallet.name}</h2>
            )}
            <Button size="small" onClick={() => setCreating(true)}>
              <Plus aria-hidden className="size-4" /> New wallet
            </Button>
          </div>
          <WalletView key={wallet.id} wallet={wallet} />
        </>
      )}
      {creating && <CreateWalletDialog onClose={() => setCreating(false)} />}
    </>
  )
}

/** Wallets, payments and the rules that they keep. */
export const WalletPage = () => {
  const signedIn = useSignedIn() !== null
  useTitle('Wallet')
  return (
    <div className="mx-auto max-w-5xl space-y-4">
      <h1 className="sr-only">Wallet</h1>
      {signedIn ? <Wallets /> : <SignedOut />}
    </div>
  )
}
