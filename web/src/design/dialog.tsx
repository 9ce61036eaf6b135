import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

type DialogProps = {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly description?: string
  readonly children: ReactNode
}

/** A dialog: it keeps the focus inside, closes with Escape, and gives the focus back. On a phone it rises from below. */
export const Dialog = ({ open, onClose, title, description, children }: DialogProps) => (
  <Primitive.Root open={open} onOpenChange={(next) => !next && onClose()}>
    <Primitive.Portal>
      <Primitive.Overlay className="animate-fade fixed inset-0 z-40 bg-[oklch(0.15_0.02_270/0.5)] backdrop-blur-[2px]" />
      <Primitive.Content
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        className="bg-surface border-line shadow-float animate-rise fixed inset-x-0 bottom-0 z-50 max-h-[92dvh] overflow-y-auto rounded-t-2xl border p-5 pb-[max(1.25rem,env(safe-area-inset-bottom))] focus:outline-none sm:inset-auto sm:top-1/2 sm:left-1/2 sm:w-[min(28rem,calc(100vw-2rem))] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl"
      >
        <div className="mb-4 pr-10">
          <Primitive.Title className="text-lg font-semibold tracking-tight">{title}</Primitive.Title>
          {description !== undefined && (
            <Primitive.Description className="text-muted mt-1 text-sm">{description}</Primitive.Description>
          )}
        </div>
        {children}
        {/* Last, so that the focus begins at what the dialog is for. */}
        <Primitive.Close asChild>
          <Button look="quiet" size="smallIcon" aria-label="Close" className="absolute top-4 right-4">
            <X aria-hidden className="size-4" />
          </Button>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  </Primitive.Root>
)
