import { ShoppingCart, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { RemoveFromCartDocument, UpdateCartDocument } from '../.generated/shop.ts'
import type { CartLinePartsFragment, CartPartsFragment } from '../.generated/shop.ts'
import { explain } from '../client/errors.ts'
import { useSignedIn } from '../client/provider.tsx'
import { useAction } from '../client/use-action.ts'
import { Button, buttonStyle } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { SignedOut } from '../session/signed-out.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatMoney } from '../shared/money.ts'
import { CheckoutDialog } from './checkout-dialog.tsx'
import { ProductImage } from './product-image.tsx'
import { Quantity } from './quantity.tsx'
import { ShopHeader } from './shop-header.tsx'
import { useCart } from './use-cart.ts'

type Part = CartPartsFragment['parts'][number]

const Line = ({ line }: { line: CartLinePartsFragment }) => {
  const toasts = useToasts()
  const update = useAction(UpdateCartDocument)
  const remove = useAction(RemoveFromCartDocument)
  const { product, quantity, isAvailable, total } = line
  const attempt = async (change: Promise<unknown>): Promise<void> => {
    try {
      await change
    } catch (error) {
      toasts.show('failed', 'That did not work', explain(error as Error).message)
    }
  }
  return (
    <li aria-label={`${quantity} × ${product.title}`} className="flex flex-wrap items-center gap-3 py-3">
      <ProductImage product={product} className="size-16 rounded-lg" />
      <div className="min-w-32 flex-1">
        <Link to={`/shop/product/${product.id}`} className="rounded font-medium hover:underline">
          {product.title}
        </Link>
        <p className="text-muted figures text-xs">{formatMoney(product.price)} each</p>
        {!isAvailable && (
          <p className="text-down mt-0.5 text-xs">
            {product.status === 'WITHDRAWN' ? 'Not for sale any more.' : `Only ${product.stock} left.`}
          </p>
        )}
      </div>
      <Quantity
        of={product.title}
        value={quantity}
        most={product.stock}
        busy={update.busy}
        onChange={(next) => void attempt(update.attempt({ input: { product: product.id, quantity: next } }))}
      />
      <span className="figures w-24 text-right font-medium">{formatMoney(total)}</span>
      <Button
        look="quiet"
        size="smallIcon"
        aria-label={`Remove ${product.title}`}
        busy={remove.busy}
        onClick={() => void attempt(remove.attempt({ product: product.id }))}
      >
        <Trash2 aria-hidden className="size-4" />
      </Button>
    </li>
  )
}

/** What can be bought together: one seller, one currency. */
const PartCard = ({ part, onCheckout }: { part: Part; onCheckout: () => void }) => (
  <Card title={`From ${part.seller.handle}`} bodyClassName="px-4 pb-4">
    <ul aria-label={`From ${part.seller.handle}`} className="divide-line divide-y">
      {part.lines.map((line) => (
        <Line key={line.product.id} line={line} />
      ))}
    </ul>
    <div className="border-line flex flex-wrap items-center justify-between gap-3 border-t pt-4">
      <p>
        Together <strong className="figures text-lg">{formatMoney(part.total)}</strong>
      </p>
      <Button look="primary" disabled={part.lines.some(({ isAvailable }) => !isAvailable)} onClick={onCheckout}>
        Check out
      </Button>
    </div>
  </Card>
)

const Cart = () => {
  const { cart, fetching, error, reload } = useCart()
  const [buying, setBuying] = useState<Part>()
  if (!cart && fetching) return <SkeletonRows rows={5} label="Loading your cart" />
  if (!cart && error !== undefined) return <Failure error={error} onRetry={reload} />
  return (
    <>
      {!cart || cart.parts.length === 0 ? (
        <Card>
          <Empty
            icon={ShoppingCart}
            title="Your cart is empty"
            action={
              <Link to="/shop" className={buttonStyle({ look: 'primary' })}>
                Look around
              </Link>
            }
          >
            What you put into it is reserved only when you check out.
          </Empty>
        </Card>
      ) : (
        cart.parts.map((part) => (
          <PartCard key={`${part.seller.id} ${part.total.currency}`} part={part} onCheckout={() => setBuying(part)} />
        ))
      )}
      {buying !== undefined && <CheckoutDialog part={buying} onClose={() => setBuying(undefined)} />}
    </>
  )
}

/** What one means to buy. */
export const CartPage = () => {
  const signedIn = useSignedIn() !== null
  useTitle('Cart')
  return (
    <div className="mx-auto max-w-3xl space-y-4">
      <ShopHeader>
        <h1 className="text-2xl font-semibold tracking-tight">Cart</h1>
      </ShopHeader>
      {signedIn ? (
        <Cart />
      ) : (
        <SignedOut icon={ShoppingCart} title="Your cart">
          Sign in to buy.
        </SignedOut>
      )}
    </div>
  )
}
