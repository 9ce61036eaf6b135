import { ArrowDownLeft, ArrowUpRight, Receipt } from 'lucide-react'
import { useState } from 'react'
import { useQuery } from 'urql'
import { AnswerPaymentRequestDocument, WalletPaymentsDocument } from '../.generated/wallet.ts'
import type { PaymentStatus, WalletDetailsFragment, WalletPaymentFragment } from '../.generated/wallet.ts'
import { explain } from '../client/errors.ts'
import { useResumed, useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import type { Tone } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { classNames } from '../design/class-names.ts'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { formatMoney } from '../shared/money.ts'
import { formatMoment } from '../shared/time.ts'

const statuses: Readonly<Record<PaymentStatus, { readonly label: string; readonly tone: Tone }>> = {
  REQUESTED: { label: 'Requested', tone: 'warn' },
  PENDING: { label: 'On its way', tone: 'accent' },
  AUTHORIZED: { label: 'Set aside', tone: 'accent' },
  SETTLED: { label: 'Settled', tone: 'up' },
  RELEASED: { label: 'Given back', tone: 'neutral' },
  DECLINED: { label: 'Declined', tone: 'neutral' },
  EXPIRED: { label: 'Expired', tone: 'neutral' },
  FAILED: { label: 'Failed', tone: 'down' },
}

/** Paying what somebody asked for, or not. */
export const Answer = ({ payment, wallet }: { payment: WalletPaymentFragment; wallet: string }) => {
  const toasts = useToasts()
  const { busy, attempt } = useAction(AnswerPaymentRequestDocument)
  const answer = async (accept: boolean): Promise<void> => {
    try {
      await attempt({ input: { payment: payment.id, accept, wallet: accept ? wallet : null } })
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <div className="mt-2 flex gap-2">
      <Button look="primary" size="small" busy={busy} onClick={() => void answer(true)}>
        Pay {formatMoney(payment.amount)}
      </Button>
      <Button size="small" busy={busy} onClick={() => void answer(false)}>
        Decline
      </Button>
    </div>
  )
}

const PaymentItem = ({ payment, wallet }: { payment: WalletPaymentFragment; wallet: string }) => {
  const me = useSignedIn()?.userId
  const paid = payment.payer.id === me
  const other = paid ? payment.payee : payment.payer
  const { label, tone } = statuses[payment.status]
  const Icon = paid ? ArrowUpRight : ArrowDownLeft
  return (
    <li
      aria-label={`${paid ? 'To' : 'From'} ${other.handle}: ${formatMoney(payment.amount)}, ${label}`}
      className="px-4 py-3"
    >
      <div className="flex items-center gap-3">
        <span
          className={classNames(
            'grid size-9 shrink-0 place-items-center rounded-full',
            paid ? 'bg-raised text-muted' : 'bg-up-soft text-up',
          )}
        >
          <Icon aria-hidden className="size-4" />
        </span>
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">
            {paid ? 'To' : 'From'} {other.handle}
          </p>
          <p className="text-muted truncate text-xs">
            {payment.memo !== null && `${payment.memo} · `}
            {formatMoment(payment.settledAt ?? payment.createdAt)}
          </p>
        </div>
        <div className="figures text-right">
          <p className={classNames('font-medium', !paid && payment.status === 'SETTLED' && 'text-up')}>
            {paid ? '−' : '+'}
            {formatMoney(payment.amount)}
          </p>
          {payment.status !== 'SETTLED' && <Badge tone={tone}>{label}</Badge>}
        </div>
      </div>
      {payment.failureReason !== null && <p className="text-muted mt-1 pl-12 text-xs">{payment.failureReason}</p>}
      {payment.status === 'REQUESTED' && paid && <Answer payment={payment} wallet={wallet} />}
    </li>
  )
}

const Page = ({ wallet, after }: { wallet: string; after: string | null }) => {
  const [{ data, fetching, error }, reload] = useQuery({
    query: WalletPaymentsDocument,
    variables: { wallet, after },
    requestPolicy: 'cache-and-network',
  })
  const [more, setMore] = useState(false)
  useResumed(() => reload({ requestPolicy: 'network-only' }))
  const page = data?.wallet?.payments
  if (!page && fetching) return <SkeletonRows rows={3} label="Loading payments" />
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page || (page.edges.length === 0 && after === null)) {
    return (
      <Empty icon={Receipt} title="No payments yet">
        What this wallet pays and receives is shown here.
      </Empty>
    )
  }
  const { hasNextPage, endCursor } = page.pageInfo
  return (
    <>
      <ul aria-label="Payments" className="divide-line divide-y">
        {page.edges.map(({ node }) => (
          <PaymentItem key={node.id} payment={node} wallet={wallet} />
        ))}
      </ul>
      {hasNextPage && !more && (
        <div className="flex justify-center pt-3">
          <Button size="small" onClick={() => setMore(true)}>
            Show more
          </Button>
        </div>
      )}
      {hasNextPage && more && <Page wallet={wallet} after={endCursor} />}
    </>
  )
}

/** What a wallet paid and received, the newest first. */
export const Payments = ({ wallet }: { wallet: WalletDetailsFragment }) => (
  <Card title="Payments" bodyClassName="pb-2">
    <Page wallet={wallet.id} after={null} />
  </Card>
)
