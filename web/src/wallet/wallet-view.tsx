import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useSubscription } from 'urql'
import { PaymentReceivedDocument } from '../.generated/wallet.ts'
import type { WalletDetailsFragment } from '../.generated/wallet.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Segmented } from '../design/segmented.tsx'
import { useToasts } from '../design/toasts.tsx'
import { formatHolding, formatMoney } from '../shared/money.ts'
import { PayForm } from './pay-form.tsx'
import { Payments } from './payments.tsx'
import { PaymentRequests } from './payment-requests.tsx'
import { Rules } from './rules.tsx'

const Assets = ({ wallet }: { wallet: WalletDetailsFragment }) => {
  const toasts = useToasts()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(wallet.address)
    toasts.show('done', 'Address copied')
  }
  return (
    <Card title="Assets" bodyClassName="pb-3">
      <ul aria-label="Assets" className="divide-line figures divide-y">
        {(wallet.assets ?? []).map((asset) => (
          <li
            key={`${asset.kind}:${asset.amount.currency}`}
            className="flex items-baseline justify-between gap-3 px-4 py-2.5"
          >
            <span className="text-muted">
              {asset.kind === 'CHAIN' ? `${asset.amount.currency} on chain` : asset.amount.currency}
            </span>
            <span className="text-base font-medium">{formatHolding(asset.amount)}</span>
          </li>
        ))}
        {wallet.assets === null && <li className="text-muted px-4 py-3">The balances are not available right now.</li>}
      </ul>
      <div className="border-line mx-4 mt-1 flex items-center gap-2 border-t pt-3">
        <div className="min-w-0 flex-1">
          <p className="text-muted text-xs">Address on the chain</p>
          <p className="font-mono text-xs break-all">{wallet.address}</p>
        </div>
        {'clipboard' in navigator && (
          <Button look="quiet" size="smallIcon" aria-label="Copy the address" onClick={() => void copy()}>
            <Copy aria-hidden className="size-4" />
          </Button>
        )}
      </div>
    </Card>
  )
}

/** One wallet: what it holds, paying from it, what was paid, and its rules. */
export const WalletView = ({ wallet }: { wallet: WalletDetailsFragment }) => {
  const toasts = useToasts()
  const [doing, setDoing] = useState<'pay' | 'request'>('pay')
  useSubscription({ query: PaymentReceivedDocument, variables: { wallet: wallet.id } }, (_before: unknown, event) => {
    const payment = event.paymentReceived
    // Outside of React's rendering, in which this handler is called.
    if (payment !== null) {
      queueMicrotask(() =>
        toasts.show(
          'done',
          `${payment.payer.handle} paid you ${formatMoney(payment.amount)}`,
          payment.memo ?? undefined,
        ),
      )
    }
    return undefined
  })
  return (
    <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-2">
      <div className="space-y-4">
        <Assets wallet={wallet} />
        <Card title={doing === 'pay' ? 'Pay' : 'Request'} quietTitle>
          <Segmented
            label="Pay or request"
            value={doing}
            onChange={setDoing}
            className="mb-4"
            options={[
              { value: 'pay', label: 'Pay a person' },
              { value: 'request', label: 'Ask for money' },
            ]}
          />
          <PayForm key={doing} wallet={wallet} asking={doing === 'request'} />
        </Card>
      </div>
      <div className="space-y-4">
        <PaymentRequests wallet={wallet.id} />
        <Payments wallet={wallet} />
        <Rules wallet={wallet} />
      </div>
    </div>
  )
}
