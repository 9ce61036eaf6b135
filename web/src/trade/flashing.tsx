import { useState } from 'react'
import { compare, decimal } from '../shared/decimal.ts'
import { classNames } from '../design/class-names.ts'

type FlashingProps = { readonly value: string; readonly text: string; readonly className?: string }

/** A number that lights up once when it moves, in the colour of its direction. */
export const Flashing = ({ value, text, className }: FlashingProps) => {
  const [moved, setMoved] = useState({ value, way: 0, times: 0 })
  if (moved.value !== value)
    setMoved({ value, way: compare(decimal(value), decimal(moved.value)), times: moved.times + 1 })
  return (
    <span
      key={moved.times}
      className={classNames('figures rounded', className, moved.way > 0 && 'flash-up', moved.way < 0 && 'flash-down')}
    >
      {text}
    </span>
  )
}
