import { CircleAlert, CircleCheck, Heart, X } from 'lucide-react'
import { createContext, useContext, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useStore } from '../shared/hooks.ts'
import { createStore } from '../shared/store.ts'
import type { Store } from '../shared/store.ts'
import { Button } from './button.tsx'

type Kind = 'done' | 'failed' | 'liked'
type Toast = { readonly id: number; readonly kind: Kind; readonly text: string; readonly detail?: string | undefined }

/** Short messages about what just happened. */
export type Toasts = {
  readonly shown: Store<readonly Toast[]>
  readonly show: (kind: Kind, text: string, detail?: string) => void
  readonly dismiss: (id: number) => void
}

const shownMs = { done: 5_000, liked: 5_000, failed: 9_000 } as const
const most = 3

/** Makes an empty list of messages. */
export const createToasts = (): Toasts => {
  const shown = createStore<readonly Toast[]>([])
  let next = 1
  return {
    shown,
    show(kind, text, detail) {
      shown.set([...shown.get(), { id: next, kind, text, detail }].slice(-most))
      next += 1
    },
    dismiss: (id) => shown.set(shown.get().filter((toast) => toast.id !== id)),
  }
}

const ToastsContext = createContext<Toasts | null>(null)

const icons = {
  done: <CircleCheck aria-hidden className="text-up size-5 shrink-0" />,
  failed: <CircleAlert aria-hidden className="text-down size-5 shrink-0" />,
  liked: <Heart aria-hidden className="text-down size-5 shrink-0 fill-current" />,
} as const satisfies Record<Kind, ReactNode>

const ToastCard = ({ toast, dismiss }: { toast: Toast; dismiss: (id: number) => void }) => {
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return undefined
    const timer = setTimeout(() => dismiss(toast.id), shownMs[toast.kind])
    return () => clearTimeout(timer)
  }, [held, dismiss, toast.id, toast.kind])
  return (
    <div
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      className="bg-surface border-line shadow-float animate-rise pointer-events-auto flex w-full items-start gap-3 rounded-xl border p-3 sm:w-80"
    >
      {icons[toast.kind]}
      <div className="min-w-0 flex-1">
        <p className="font-medium">{toast.text}</p>
        {toast.detail !== undefined && <p className="text-muted text-sm">{toast.detail}</p>}
      </div>
      <Button look="quiet" size="smallIcon" aria-label="Dismiss" onClick={() => dismiss(toast.id)} className="-m-1">
        <X aria-hidden className="size-4" />
      </Button>
    </div>
  )
}

/** Gives all below it a place for short messages, which are also read out. */
export const ToastProvider = ({ toasts, children }: { toasts: Toasts; children: ReactNode }) => {
  const shown = useStore(toasts.shown)
  return (
    <ToastsContext value={toasts}>
      {children}
      <output
        aria-label="Messages"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-[calc(4.5rem+env(safe-area-inset-bottom))] z-60 flex flex-col items-end gap-2 sm:inset-x-auto sm:right-4 sm:bottom-4"
      >
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} dismiss={toasts.dismiss} />
        ))}
      </output>
    </ToastsContext>
  )
}

/** The list of messages of the page. */
export const useToasts = (): Toasts => {
  const toasts = useContext(ToastsContext)
  if (toasts === null) throw new Error('This component has to stand inside of ToastProvider')
  return toasts
}
