import { LoaderCircle } from 'lucide-react'
import type { ButtonHTMLAttributes, Ref } from 'react'
import { classNames } from './class-names.ts'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger' | 'buy' | 'sell'

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-accent-solid text-white hover:brightness-110',
  secondary: 'border border-line bg-surface text-ink hover:bg-raised',
  quiet: 'text-muted hover:bg-raised hover:text-ink',
  danger: 'border border-line bg-surface text-down hover:bg-down-soft',
  buy: 'bg-up-solid text-white hover:brightness-110',
  sell: 'bg-down-solid text-white hover:brightness-110',
}

const sizes = {
  small: 'h-8 gap-1.5 px-2.5 text-xs',
  medium: 'h-10 gap-2 px-4 text-sm',
  large: 'h-12 gap-2 px-5 text-base',
  icon: 'size-10',
  smallIcon: 'size-8',
} as const

/** How a button looks. */
export type ButtonStyle = {
  readonly look?: Look
  readonly size?: keyof typeof sizes
  readonly className?: string | undefined
}

/** The class names of a button, for links that look like one. */
export const buttonStyle = ({ look = 'secondary', size = 'medium', className }: ButtonStyle): string =>
  classNames(
    'inline-flex shrink-0 items-center justify-center rounded-lg font-medium whitespace-nowrap transition',
    'disabled:opacity-55 aria-disabled:opacity-55',
    sizes[size],
    looks[look],
    className,
  )

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  ButtonStyle & { readonly busy?: boolean; readonly ref?: Ref<HTMLButtonElement> }

/** A button. While it is busy it says so, and does nothing more. */
export const Button = ({ look, size, className, busy = false, children, onClick, ...rest }: ButtonProps) => (
  <button
    type="button"
    {...rest}
    aria-busy={busy || undefined}
    aria-disabled={busy || undefined}
    onClick={(event) => {
      // Not `disabled`: that would throw the keyboard's focus away while a request is on its way.
      if (busy) event.preventDefault()
      else onClick?.(event)
    }}
    className={buttonStyle({ ...(look && { look }), ...(size && { size }), className })}
  >
    {busy && <LoaderCircle aria-hidden className="size-4 animate-spin" />}
    {children}
  </button>
)
