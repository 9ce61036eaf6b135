import { Link } from 'react-router'
import type { ProductSummaryFragment } from '../.generated/shop.ts'
import { Badge } from '../design/badge.tsx'
import { Stars } from '../design/stars.tsx'
import { formatMoney } from '../shared/money.ts'
import { ProductImage } from './product-image.tsx'

const FEW = 5

/** Whether a product can be bought, in a word. */
export const Stock = ({ product }: { product: Pick<ProductSummaryFragment, 'stock' | 'status'> }) => {
  if (product.status === 'WITHDRAWN') return <Badge>Not for sale any more</Badge>
  if (product.stock === 0) return <Badge tone="down">Sold out</Badge>
  if (product.stock <= FEW) return <Badge tone="warn">Only {product.stock} left</Badge>
  return <Badge tone="up">In stock</Badge>
}

/** A product among others. */
export const ProductCard = ({ product }: { product: ProductSummaryFragment }) => (
  <li
    aria-label={product.title}
    className="bg-surface border-line shadow-card hover:border-edge relative flex flex-col overflow-hidden rounded-xl border transition"
  >
    <ProductImage product={product} className="aspect-[4/3] w-full" />
    <div className="flex flex-1 flex-col gap-1 p-3">
      <h2 className="leading-snug font-medium">
        {/* The whole card is the link, and is read once. */}
        <Link to={`/shop/product/${product.id}`} className="rounded after:absolute after:inset-0">
          {product.title}
        </Link>
      </h2>
      <Stars rating={product.rating} count={product.reviewCount} />
      <div className="mt-auto flex flex-wrap items-center justify-between gap-2 pt-1">
        <span className="figures text-base font-semibold">{formatMoney(product.price)}</span>
        <Stock product={product} />
      </div>
    </div>
  </li>
)
