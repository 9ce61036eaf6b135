import { useId } from 'react'
import { classNames } from './class-names.ts'

type SegmentedProps<T extends string> = {
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string; readonly selectedStyle?: string }[]
  readonly onChange: (value: T) => void
  readonly size?: 'small' | 'medium'
  readonly className?: string
}

/** A choice among two to six, all of them seen: radio buttons in the shape of a bar, with the arrow keys of the browser. */
export const Segmented = <T extends string>(props: SegmentedProps<T>) => {
  const { label, value, options, onChange, size = 'medium', className } = props
  const name = useId()
  return (
    <fieldset className={classNames('bg-raised flex min-w-0 gap-0.5 rounded-lg p-0.5', className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className={classNames(
            'has-focus-visible:outline-accent relative flex flex-1 cursor-pointer items-center justify-center rounded-md px-2.5 font-medium whitespace-nowrap transition has-focus-visible:outline-2',
            size === 'small' ? 'h-7 text-xs' : 'h-9 text-sm',
            option.value === value
              ? (option.selectedStyle ?? 'bg-surface text-ink shadow-card')
              : 'text-muted hover:text-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer opacity-0"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
