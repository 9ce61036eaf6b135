import { Package } from 'lucide-react'
import { useState } from 'react'
import { Link, useParams } from 'react-router'
import { useQuery, useSubscription } from 'urql'
import { CancelPurchaseDocument, PurchaseDocument, PurchaseUpdatedDocument } from '../.generated/purchases.ts'
import type { PurchasePartsFragment } from '../.generated/purchases.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Empty, Failure, FormError, SkeletonRows } from '../design/states.tsx'
import { useNow, useTitle } from '../shared/hooks.ts'
import { formatMoney } from '../shared/money.ts'
import { formatMoment } from '../shared/time.ts'
import { ProductImage } from './product-image.tsx'
import { PurchaseSteps, StatusBadge } from './purchase-status.tsx'
import { ShopHeader } from './shop-header.tsx'

const Cancel = ({ purchase }: { purchase: PurchasePartsFragment }) => {
  const me = useSignedIn()?.userId
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const { busy, error, run } = useAction(CancelPurchaseDocument)
  const inTime = purchase.cancellableUntil !== null && Date.parse(purchase.cancellableUntil) > now
  const may = purchase.status === 'CONFIRMED' && (me === purchase.seller.id || (me === purchase.buyer.id && inTime))
  if (!may) return null
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <p className="text-muted text-sm">
        {purchase.cancellableUntil !== null && `It can be cancelled until ${formatMoment(purchase.cancellableUntil)}.`}
      </p>
      <Button look="danger" size="small" onClick={() => setAsking(true)}>
        Cancel this purchase
      </Button>
      {asking && (
        <Dialog
          open
          onClose={() => setAsking(false)}
          title="Cancel this purchase?"
          description={`${purchase.seller.handle} pays ${formatMoney(purchase.total)} back, and what was bought goes back.`}
        >
          <div className="space-y-3">
            <FormError error={error} />
            <Button
              look="danger"
              className="w-full"
              busy={busy}
              onClick={() => void run({ purchase: purchase.id }).then((done) => done && setAsking(false))}
            >
              Cancel it
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  )
}

const Detail = ({ purchase }: { purchase: PurchasePartsFragment }) => {
  useSubscription({ query: PurchaseUpdatedDocument, variables: { purchase: purchase.id } })
  return (
    <>
      <Card bodyClassName="space-y-4 p-4">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <p className="text-muted text-sm">
            From{' '}
            <Link to={`/people/${purchase.seller.handle}`} className="text-ink rounded font-medium hover:underline">
              {purchase.seller.handle}
            </Link>
            , {formatMoment(purchase.createdAt)}
          </p>
          <output aria-label="Status">
            <StatusBadge status={purchase.status} />
          </output>
        </div>
        <PurchaseSteps status={purchase.status} />
        {purchase.failureReason !== null && (
          <p className="bg-down-soft text-down rounded-lg px-3 py-2 text-sm">{purchase.failureReason}</p>
        )}
        <Cancel purchase={purchase} />
      </Card>
      <Card title="What was bought" bodyClassName="px-4 pb-4">
        <ul aria-label="What was bought" className="divide-line divide-y">
          {purchase.lines.map((line) => (
            <li key={line.product.id} className="flex items-center gap-3 py-3">
              <ProductImage
                product={{ title: line.title, imageUrls: line.product.imageUrls }}
                className="size-12 rounded-lg"
              />
              <Link
                to={`/shop/product/${line.product.id}`}
                className="min-w-0 flex-1 rounded font-medium hover:underline"
              >
                {line.quantity} × {line.title}
              </Link>
              <span className="figures">{formatMoney(line.total)}</span>
            </li>
          ))}
        </ul>
        <p className="border-line flex justify-between border-t pt-3 text-base font-semibold">
          <span>Total</span>
          <span className="figures">{formatMoney(purchase.total)}</span>
        </p>
      </Card>
    </>
  )
}

/** One purchase, and how it goes on. */
export const PurchasePage = () => {
  const { id = '' } = useParams()
  useTitle('Purchase')
  const [{ data, fetching, error }, reload] = useQuery({
    query: PurchaseDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const purchase = data?.purchase
  return (
    <div className="mx-auto max-w-3xl space-y-4">
      <ShopHeader>
        <Link to="/shop/purchases" className="text-accent rounded text-sm hover:underline">
          ← Purchases
        </Link>
        <h1 className="text-2xl font-semibold tracking-tight">Purchase</h1>
      </ShopHeader>
      {purchase ? (
        <Detail purchase={purchase} />
      ) : fetching ? (
        <SkeletonRows rows={5} label="Loading the purchase" />
      ) : error !== undefined ? (
        <Failure error={error} onRetry={reload} />
      ) : (
        <Empty icon={Package} title="There is no such purchase" />
      )}
    </div>
  )
}
