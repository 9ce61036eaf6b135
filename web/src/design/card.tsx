import { useId } from 'react'
import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

type CardProps = {
  readonly title?: string
  /** Hides the title from sight; it still names the region. */
  readonly quietTitle?: boolean
  readonly actions?: ReactNode
  readonly className?: string | undefined
  readonly bodyClassName?: string | undefined
  readonly children: ReactNode
}

/** A region of the page with a name. */
export const Card = ({ title, quietTitle = false, actions, className, bodyClassName = 'p-4', children }: CardProps) => {
  const id = useId()
  return (
    <section
      aria-labelledby={title === undefined ? undefined : id}
      className={classNames('bg-surface border-line shadow-card min-w-0 rounded-xl border', className)}
    >
      {title !== undefined && (
        <header className={quietTitle ? 'sr-only' : 'flex min-h-12 items-center justify-between gap-2 px-4 pt-1'}>
          <h2 id={id} className="text-sm font-semibold">
            {title}
          </h2>
          {actions}
        </header>
      )}
      <div className={bodyClassName}>{children}</div>
    </section>
  )
}
