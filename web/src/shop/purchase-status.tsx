import { Check, CircleX, LoaderCircle } from 'lucide-react'
import type { PurchaseStatus } from '../.generated/purchases.ts'
import { Badge } from '../design/badge.tsx'
import type { Tone } from '../design/badge.tsx'
import { classNames } from '../design/class-names.ts'

const words: Readonly<Record<PurchaseStatus, { readonly label: string; readonly tone: Tone }>> = {
  PENDING: { label: 'Being reserved', tone: 'accent' },
  RESERVED: { label: 'Reserved', tone: 'accent' },
  AUTHORIZED: { label: 'Money set aside', tone: 'accent' },
  PAID: { label: 'Paid', tone: 'accent' },
  CONFIRMED: { label: 'Confirmed', tone: 'up' },
  FAILING: { label: 'Being undone', tone: 'warn' },
  FAILED: { label: 'Failed', tone: 'down' },
  CANCELLING: { label: 'Being cancelled', tone: 'warn' },
  CANCELLED: { label: 'Cancelled', tone: 'neutral' },
}

/** Where a purchase stands, in a word. */
export const purchaseStatus = (status: PurchaseStatus): string => words[status].label

/** Where a purchase stands. */
export const StatusBadge = ({ status }: { status: PurchaseStatus }) => (
  <Badge tone={words[status].tone}>{words[status].label}</Badge>
)

const way = ['PENDING', 'RESERVED', 'AUTHORIZED', 'PAID', 'CONFIRMED'] as const

const steps: readonly { readonly done: (typeof way)[number]; readonly label: string }[] = [
  { done: 'RESERVED', label: 'Stock reserved' },
  { done: 'AUTHORIZED', label: 'Money set aside' },
  { done: 'PAID', label: 'Money moved' },
  { done: 'CONFIRMED', label: 'Confirmed' },
]

/** The way of a purchase, step by step; nothing once it went another way. */
export const PurchaseSteps = ({ status }: { status: PurchaseStatus }) => {
  const reached = way.findIndex((step) => step === status)
  if (reached < 0) {
    return (
      <p className="text-muted flex items-center gap-2">
        <CircleX aria-hidden className="size-4" />
        {status === 'FAILED' || status === 'CANCELLED'
          ? 'Stock and money are back where they were.'
          : 'Stock and money are on their way back.'}
      </p>
    )
  }
  return (
    <ol aria-label="Steps" className="grid gap-2 sm:grid-cols-4">
      {steps.map(({ done, label }, index) => {
        const isDone = reached >= way.indexOf(done)
        const isNext = !isDone && reached === index
        return (
          <li
            key={done}
            aria-current={isNext ? 'step' : undefined}
            className={classNames(
              'flex items-center gap-2 rounded-lg px-3 py-2 text-sm',
              isDone ? 'bg-up-soft text-up' : 'bg-raised text-muted',
            )}
          >
            {isDone && <Check aria-hidden className="size-4" />}
            {isNext && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
            {label}
            {isDone && <span className="sr-only">, done</span>}
          </li>
        )
      })}
    </ol>
  )
}
