import { Package, ShoppingCart } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useSignedIn } from '../client/provider.tsx'
import { buttonStyle } from '../design/button.tsx'
import { piecesIn, useCart } from './use-cart.ts'

/** The top of every page of the shop: where one is, and the ways to the cart and to what one bought. */
export const ShopHeader = ({ children }: { children: ReactNode }) => {
  const signedIn = useSignedIn() !== null
  const pieces = piecesIn(useCart().cart)
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <div className="min-w-0">{children}</div>
      {signedIn && (
        <nav aria-label="Shop" className="flex gap-2">
          <Link to="/shop/purchases" className={buttonStyle({ size: 'small' })}>
            <Package aria-hidden className="size-4" /> Purchases
          </Link>
          <Link
            to="/shop/cart"
            aria-label={`Cart, ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`}
            className={buttonStyle({ size: 'small', look: pieces > 0 ? 'primary' : 'secondary' })}
          >
            <ShoppingCart aria-hidden className="size-4" /> Cart
            <span aria-hidden className="figures">
              {pieces}
            </span>
          </Link>
        </nav>
      )}
    </div>
  )
}
