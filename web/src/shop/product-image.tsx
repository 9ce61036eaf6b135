import { useState } from 'react'
import { classNames } from '../design/class-names.ts'

type Pictured = { readonly title: string; readonly imageUrls: readonly string[] }

/** A product's main picture; its first letter where there is none, or where it cannot be loaded. */
export const ProductImage = ({ product, className }: { product: Pictured; className?: string }) => {
  const [source] = product.imageUrls
  const [failed, setFailed] = useState<string>()
  const box = classNames('bg-raised grid shrink-0 place-items-center overflow-hidden', className)
  if (source === undefined || failed === source) {
    return (
      <div aria-hidden className={classNames(box, 'text-muted text-3xl font-semibold uppercase')}>
        {product.title.slice(0, 1)}
      </div>
    )
  }
  return (
    <div className={box}>
      <img
        src={source}
        alt=""
        loading="lazy"
        referrerPolicy="no-referrer"
        onError={() => setFailed(source)}
        className="size-full object-cover"
      />
    </div>
  )
}
