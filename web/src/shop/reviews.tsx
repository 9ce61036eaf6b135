import { MessageSquareText } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { ReviewDocument } from '../.generated/shop.ts'
import type { ProductQuery, ReviewPartsFragment } from '../.generated/shop.ts'
import { useAction } from '../client/use-action.ts'
import { Avatar } from '../design/avatar.tsx'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Field, inputStyle } from '../design/field.tsx'
import { StarChoice, Stars } from '../design/stars.tsx'
import { Empty, FormError } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { formatDate } from '../shared/time.ts'

type Product = NonNullable<ProductQuery['product']>

const ReviewItem = ({ review }: { review: ReviewPartsFragment }) => (
  <li aria-label={`Review by ${review.author.handle}`} className="flex gap-3 py-3">
    <Avatar handle={review.author.handle} size="small" />
    <div className="min-w-0 flex-1">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <Link to={`/people/${review.author.handle}`} className="rounded font-medium hover:underline">
          {review.author.handle}
        </Link>
        <span className="text-muted text-xs">{formatDate(review.createdAt)}</span>
      </p>
      <p className="mt-0.5 text-xs" aria-label={`${review.rating} of 5 stars`}>
        <span aria-hidden className="text-star">
          {'★'.repeat(review.rating)}
          <span className="text-line">{'★'.repeat(5 - review.rating)}</span>
        </span>
      </p>
      {review.text !== null && <p className="mt-1 whitespace-pre-line">{review.text}</p>}
    </div>
  </li>
)

/** Judging a product that one bought; what one said before can be changed. */
const ReviewForm = ({ product }: { product: Product }) => {
  const toasts = useToasts()
  const before = product.viewerReview
  const [rating, setRating] = useState(before?.rating)
  const [text, setText] = useState(before?.text ?? '')
  const { busy, error, run } = useAction(ReviewDocument)
  const submit = async (): Promise<void> => {
    if (rating === undefined) return
    const said = await run({ input: { product: product.id, rating, text: text.trim() || null } })
    if (said?.review) toasts.show('done', 'Thank you for your review')
  }
  return (
    <form
      aria-label="Your review"
      className="border-line mb-2 space-y-3 border-b pb-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <StarChoice label="Your rating" value={rating} onChange={setRating} />
      <Field label="Your words (optional)">
        {({ id }) => (
          <textarea
            id={id}
            rows={3}
            maxLength={2_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={`${inputStyle} py-2`}
          />
        )}
      </Field>
      <FormError error={error} />
      <Button type="submit" size="small" disabled={rating === undefined} busy={busy}>
        {before ? 'Change review' : 'Send review'}
      </Button>
    </form>
  )
}

type ReviewsProps = {
  readonly product: Product
  /** Whether the person may judge it: who bought it. */
  readonly mayReview: boolean
}

/** What buyers say of a product. */
export const Reviews = ({ product, mayReview }: ReviewsProps) => {
  const reviews = product.reviews.edges.map(({ node }) => node)
  return (
    <Card
      title="Reviews"
      actions={<Stars rating={product.rating} count={product.reviewCount} />}
      bodyClassName="px-4 pb-4"
    >
      {mayReview && <ReviewForm key={product.viewerReview?.id} product={product} />}
      {reviews.length === 0 ? (
        <Empty icon={MessageSquareText} title="No reviews yet">
          Who buys it can say what it is like.
        </Empty>
      ) : (
        <ul aria-label="Reviews" className="divide-line divide-y">
          {reviews.map((review) => (
            <ReviewItem key={review.id} review={review} />
          ))}
        </ul>
      )}
    </Card>
  )
}
