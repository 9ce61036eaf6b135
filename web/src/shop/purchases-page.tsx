import { Package } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { PurchasesDocument } from '../.generated/purchases.ts'
import type { PurchasePartsFragment } from '../.generated/purchases.ts'
import { useSignedIn } from '../client/provider.tsx'
import { Button, buttonStyle } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { SignedOut } from '../session/signed-out.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatMoney } from '../shared/money.ts'
import { formatMoment } from '../shared/time.ts'
import { ProductImage } from './product-image.tsx'
import { StatusBadge, purchaseStatus } from './purchase-status.tsx'
import { ShopHeader } from './shop-header.tsx'

const titleOf = ({ lines }: PurchasePartsFragment): string => {
  const [first, ...others] = lines
  if (first === undefined) return 'Nothing'
  return others.length === 0 ? first.title : `${first.title} and ${others.length} more`
}

const Item = ({ purchase }: { purchase: PurchasePartsFragment }) => {
  const [first] = purchase.lines
  return (
    <li
      aria-label={`${titleOf(purchase)}: ${purchaseStatus(purchase.status)}`}
      className="hover:bg-raised relative flex items-center gap-3 px-4 py-3 transition"
    >
      {first !== undefined && (
        <ProductImage
          product={{ title: first.title, imageUrls: first.product.imageUrls }}
          className="size-12 rounded-lg"
        />
      )}
      <div className="min-w-0 flex-1">
        <Link to={`/shop/purchases/${purchase.id}`} className="font-medium after:absolute after:inset-0">
          {titleOf(purchase)}
        </Link>
        <p className="text-muted truncate text-xs">
          from {purchase.seller.handle} · {formatMoment(purchase.createdAt)}
        </p>
      </div>
      <div className="text-right">
        <p className="figures font-medium">{formatMoney(purchase.total)}</p>
        <StatusBadge status={purchase.status} />
      </div>
    </li>
  )
}

const Page = ({ after }: { after: string | null }) => {
  const [{ data, fetching, error }, reload] = useQuery({
    query: PurchasesDocument,
    variables: { after },
    requestPolicy: 'cache-and-network',
  })
  const [more, setMore] = useState(false)
  const page = data?.me?.purchases
  if (!page && fetching) return <SkeletonRows rows={4} label="Loading your purchases" />
  if (!page && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!page || (page.edges.length === 0 && after === null)) {
    return (
      <Empty
        icon={Package}
        title="You have bought nothing yet"
        action={
          <Link to="/shop" className={buttonStyle({ look: 'primary' })}>
            Look around
          </Link>
        }
      />
    )
  }
  const { hasNextPage, endCursor } = page.pageInfo
  return (
    <>
      <ul aria-label={after === null ? 'Purchases' : 'Earlier purchases'} className="divide-line divide-y">
        {page.edges.map(({ node }) => (
          <Item key={node.id} purchase={node} />
        ))}
      </ul>
      {hasNextPage && !more && (
        <div className="flex justify-center py-3">
          <Button size="small" onClick={() => setMore(true)}>
            Show more
          </Button>
        </div>
      )}
      {hasNextPage && more && <Page after={endCursor} />}
    </>
  )
}

/** What one bought. */
export const PurchasesPage = () => {
  const signedIn = useSignedIn() !== null
  useTitle('Purchases')
  return (
    <div className="mx-auto max-w-3xl space-y-4">
      <ShopHeader>
        <h1 className="text-2xl font-semibold tracking-tight">Purchases</h1>
      </ShopHeader>
      {signedIn ? (
        <Card bodyClassName="">
          <Page after={null} />
        </Card>
      ) : (
        <SignedOut icon={Package} title="Your purchases">
          Sign in to see what you bought.
        </SignedOut>
      )}
    </div>
  )
}
