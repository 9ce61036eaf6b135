import { PackageX } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { useQuery } from 'urql'
import { BoughtDocument } from '../.generated/purchases.ts'
import { AddToCartDocument, ProductDocument } from '../.generated/shop.ts'
import type { ProductQuery } from '../.generated/shop.ts'
import { explain } from '../client/errors.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Stars } from '../design/stars.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { useSignIn } from '../session/sign-in.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatMoney } from '../shared/money.ts'
import { Stock } from './product-card.tsx'
import { ProductImage } from './product-image.tsx'
import { Quantity } from './quantity.tsx'
import { Reviews } from './reviews.tsx'
import { ShopHeader } from './shop-header.tsx'

type Product = NonNullable<ProductQuery['product']>

const Buy = ({ product }: { product: Product }) => {
  const me = useSignedIn()
  const openSignIn = useSignIn()
  const toasts = useToasts()
  const navigate = useNavigate()
  const [quantity, setQuantity] = useState(1)
  const { busy, attempt } = useAction(AddToCartDocument)
  if (me?.userId === product.seller.id) return <p className="text-muted text-sm">You sell this.</p>
  if (product.status !== 'LISTED' || product.stock === 0) return null
  if (me === null) {
    return (
      <Button look="primary" size="large" onClick={openSignIn}>
        Sign in to buy
      </Button>
    )
  }
  const add = async (thenGo: boolean): Promise<void> => {
    try {
      await attempt({ input: { product: product.id, quantity } })
      if (thenGo) await navigate('/shop/cart')
      else toasts.show('done', `${product.title} is in your cart`)
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Quantity of={product.title} value={quantity} most={product.stock} onChange={setQuantity} />
      <Button look="primary" busy={busy} onClick={() => void add(false)}>
        Add to cart
      </Button>
      <Button busy={busy} onClick={() => void add(true)}>
        Buy now
      </Button>
    </div>
  )
}

const useHasBought = (product: string | undefined): boolean => {
  const signedIn = useSignedIn() !== null
  const [{ data }] = useQuery({ query: BoughtDocument, pause: !signedIn, requestPolicy: 'cache-and-network' })
  return (data?.me?.purchases?.edges ?? []).some(
    ({ node }) => node.status === 'CONFIRMED' && node.lines.some((line) => line.product.id === product),
  )
}

/** One product, whole. */
export const ProductPage = () => {
  const { id = '' } = useParams()
  const [{ data, fetching, error }, reload] = useQuery({
    query: ProductDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const product = data?.product
  const hasBought = useHasBought(product?.id)
  useTitle(product?.title ?? 'Shop')
  if (!product && fetching) return <SkeletonRows rows={8} label="Loading the product" />
  if (!product && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!product) {
    return (
      <Empty
        icon={PackageX}
        heading="h1"
        title="There is no such product"
        action={<Link to="/shop">To the shop</Link>}
      />
    )
  }
  return (
    <div className="mx-auto max-w-5xl space-y-4">
      <ShopHeader>
        <Link to="/shop" className="text-accent rounded text-sm hover:underline">
          ← Shop
        </Link>
      </ShopHeader>
      <Card bodyClassName="grid gap-5 p-4 md:grid-cols-2 md:p-5">
        <ProductImage product={product} className="aspect-[4/3] w-full rounded-lg" />
        <div className="space-y-3">
          <h1 className="text-2xl font-semibold tracking-tight">{product.title}</h1>
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Stars rating={product.rating} count={product.reviewCount} />
            <span className="text-muted text-sm">
              by{' '}
              <Link to={`/people/${product.seller.handle}`} className="text-ink rounded font-medium hover:underline">
                {product.seller.handle}
              </Link>
            </span>
          </div>
          <div className="flex flex-wrap items-center gap-3">
            <span className="figures text-2xl font-semibold">{formatMoney(product.price)}</span>
            <Stock product={product} />
          </div>
          <Buy product={product} />
          <p className="whitespace-pre-line">{product.description}</p>
          <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
            {product.tags.map((tag) => (
              <li key={tag}>
                <Link to={`/shop?tag=${encodeURIComponent(tag)}`} className="rounded-md">
                  <Badge>{tag}</Badge>
                </Link>
              </li>
            ))}
          </ul>
        </div>
      </Card>
      <Reviews product={product} mayReview={hasBought || product.viewerReview !== null} />
    </div>
  )
}
