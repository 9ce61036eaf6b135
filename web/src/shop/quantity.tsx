import { Minus, Plus } from 'lucide-react'
import { Button } from '../design/button.tsx'

type QuantityProps = {
  /** What is counted, for who does not see it. */
  readonly of: string
  readonly value: number
  readonly most?: number
  readonly busy?: boolean
  readonly onChange: (value: number) => void
}

const MOST = 99

/** A small number that goes up and down by one. */
export const Quantity = ({ of, value, most = MOST, busy = false, onChange }: QuantityProps) => (
  <fieldset className="border-edge inline-flex items-center rounded-lg border">
    <legend className="sr-only">Quantity of {of}</legend>
    <Button
      look="quiet"
      size="smallIcon"
      aria-label="One less"
      disabled={value <= 1}
      busy={false}
      onClick={() => !busy && onChange(value - 1)}
    >
      <Minus aria-hidden className="size-4" />
    </Button>
    <output aria-live="polite" className="figures w-8 text-center font-medium">
      {value}
    </output>
    <Button
      look="quiet"
      size="smallIcon"
      aria-label="One more"
      disabled={value >= Math.min(most, MOST)}
      onClick={() => !busy && onChange(value + 1)}
    >
      <Plus aria-hidden className="size-4" />
    </Button>
  </fieldset>
)
