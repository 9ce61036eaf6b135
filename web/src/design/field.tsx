import { useId } from 'react'
import type { InputHTMLAttributes, ReactNode, Ref, SelectHTMLAttributes } from 'react'
import { classNames } from './class-names.ts'

/** The class names of a box that is written into. */
export const inputStyle =
  'bg-surface border-edge text-ink placeholder:text-muted w-full rounded-lg border px-3 text-base outline-offset-0 transition sm:text-sm aria-invalid:border-down'

type FieldProps = {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly children: (parts: { id: string; describedBy: string | undefined }) => ReactNode
  readonly className?: string | undefined
}

/** A labelled control, with a hint and, when there is one, what is wrong with it. */
export const Field = ({ label, hint, error, children, className }: FieldProps) => {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={classNames('min-w-0', className)}>
      <label htmlFor={id} className="text-muted mb-1 block text-xs font-medium">
        {label}
      </label>
      {children({ id, describedBy: note === undefined ? undefined : `${id}-note` })}
      {note !== undefined && (
        <p id={`${id}-note`} className={classNames('mt-1 text-xs', error === undefined ? 'text-muted' : 'text-down')}>
          {note}
        </p>
      )}
    </div>
  )
}

type InputProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly unit?: string
  readonly onChange: (value: string) => void
  readonly ref?: Ref<HTMLInputElement>
}

/** A labelled line of text. */
export const Input = ({ label, hint, error, unit, onChange, className, ...rest }: InputProps) => (
  <Field label={label} hint={hint} error={error} className={className}>
    {({ id, describedBy }) => (
      <div className="relative">
        <input
          {...rest}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={error === undefined ? undefined : true}
          onChange={(event) => onChange(event.target.value)}
          className={classNames(inputStyle, 'figures h-10', unit !== undefined && 'pr-14')}
        />
        {unit !== undefined && (
          <span
            aria-hidden
            className="text-muted pointer-events-none absolute inset-y-0 right-3 flex items-center text-xs"
          >
            {unit}
          </span>
        )}
      </div>
    )}
  </Field>
)

type SelectProps = Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
}

/** A labelled choice among few; the system's own list, which every phone and screen reader knows. */
export const Select = ({ label, hint, error, options, onChange, className, ...rest }: SelectProps) => (
  <Field label={label} hint={hint} error={error} className={className}>
    {({ id, describedBy }) => (
      <select
        {...rest}
        id={id}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.value)}
        className={classNames(inputStyle, 'h-10')}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )}
  </Field>
)
