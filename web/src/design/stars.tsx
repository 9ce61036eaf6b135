import { Star } from 'lucide-react'
import { useId } from 'react'
import { classNames } from './class-names.ts'

const five = [1, 2, 3, 4, 5] as const

/** How good something was found, of five stars, in words for who does not see them. */
export const Stars = ({ rating, count }: { rating: string | null; count: number }) => {
  if (rating === null) return <span className="text-muted text-xs">No ratings yet</span>
  const words = `${rating} of 5 stars, ${count} ${count === 1 ? 'rating' : 'ratings'}`
  return (
    <span className="inline-flex items-center gap-1 text-xs">
      <span className="sr-only">{words}</span>
      <Star aria-hidden className="size-3.5 fill-current text-star" />
      <span aria-hidden className="figures font-medium">
        {rating}
      </span>
      <span aria-hidden className="text-muted figures">
        ({count})
      </span>
    </span>
  )
}

type StarChoiceProps = {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (value: number) => void
}

/** Choosing one to five stars: radio buttons, with the arrow keys of the browser. */
export const StarChoice = ({ label, value, onChange }: StarChoiceProps) => {
  const name = useId()
  return (
    <fieldset className="flex w-fit gap-0.5">
      <legend className="text-muted mb-1 text-xs font-medium">{label}</legend>
      {five.map((star) => (
        <label
          key={star}
          className="has-focus-visible:outline-accent relative grid size-9 cursor-pointer place-items-center rounded-lg has-focus-visible:outline-2"
        >
          <input
            type="radio"
            name={name}
            value={star}
            aria-label={star === 1 ? '1 star' : `${star} stars`}
            checked={value === star}
            onChange={() => onChange(star)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          <Star
            aria-hidden
            className={classNames(
              'size-5',
              value !== undefined && star <= value ? 'fill-current text-star' : 'text-edge',
            )}
          />
        </label>
      ))}
    </fieldset>
  )
}
