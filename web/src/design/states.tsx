import { CloudOff } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import type { ReactNode } from 'react'
import { explain } from '../client/errors.ts'
import type { ErrorLike } from '../client/errors.ts'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'

/** The place of something that is being loaded. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={classNames('bg-line animate-shimmer rounded-md', className ?? 'h-4 w-full')} />
)

/** Several lines that are being loaded, with words for those who do not see them. */
export const SkeletonRows = ({ rows, label, className }: { rows: number; label: string; className?: string }) => (
  <div className={classNames('space-y-3 p-4', className)}>
    <output className="sr-only">{label}</output>
    {Array.from({ length: rows }, (_, row) => (
      <Skeleton key={row} className={classNames('h-4', row % 3 === 2 ? 'w-2/3' : 'w-full')} />
    ))}
  </div>
)

type EmptyProps = {
  readonly icon: LucideIcon
  readonly title: string
  /** `h1` where nothing else on the page is the heading. */
  readonly heading?: 'p' | 'h1'
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** Nothing here, why, and what to do about it. */
export const Empty = ({ icon: Icon, title, heading: Heading = 'p', children, action }: EmptyProps) => (
  <div className="flex flex-col items-center px-6 py-10 text-center">
    <span className="bg-raised text-muted mb-3 grid size-11 place-items-center rounded-full">
      <Icon aria-hidden className="size-5" />
    </span>
    <Heading className="font-medium">{title}</Heading>
    {children !== undefined && <p className="text-muted mt-1 max-w-80 text-sm">{children}</p>}
    {action !== undefined && <div className="mt-4">{action}</div>}
  </div>
)

// Often enough to be back soon after the network is, seldom enough to be no burden when it stays away.
const againMs = 6_000

/** What went wrong, in words, with a way to try again. What the network kept back is asked for again by itself. */
export const Failure = ({ error, onRetry }: { error: ErrorLike; onRetry?: () => void }) => {
  const { code, message, requestId } = explain(error)
  const retry = useEffectEvent(() => onRetry?.())
  useEffect(() => {
    if (code !== 'NETWORK') return undefined
    const again = (): void => retry()
    const timer = setInterval(again, againMs)
    addEventListener('online', again)
    return () => {
      clearInterval(timer)
      removeEventListener('online', again)
    }
  }, [code])
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-10 text-center">
      <span className="bg-warn-soft text-warn mb-3 grid size-11 place-items-center rounded-full">
        <CloudOff aria-hidden className="size-5" />
      </span>
      <p className="max-w-80">{message}</p>
      {requestId !== undefined && <p className="text-muted mt-1 font-mono text-xs">Reference {requestId}</p>}
      {onRetry !== undefined && (
        <Button size="small" className="mt-4" onClick={() => onRetry()}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** A line below a form that says what went wrong. */
export const FormError = ({ error }: { error: ErrorLike | undefined }) => (
  <div role="alert" className="empty:hidden">
    {error !== undefined && (
      <p className="bg-down-soft text-down rounded-lg px-3 py-2 text-sm">{explain(error).message}</p>
    )}
  </div>
)
