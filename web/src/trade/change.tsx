import { TrendingDown, TrendingUp } from 'lucide-react'
import { classNames } from '../design/class-names.ts'
import { formatPercent } from '../shared/money.ts'

/** The colour of a gain or a loss; never the only sign of it. */
export const toneOf = (amount: string | null): string => {
  if (amount === null || /^-?0*\.?0*$/.test(amount)) return 'text-muted'
  return amount.startsWith('-') ? 'text-down' : 'text-up'
}

/** A change in percent, by colour, sign and arrow. */
export const Change = ({ percent, arrow = false }: { percent: string | null; arrow?: boolean }) => {
  if (percent === null) return <span className="text-muted">–</span>
  const Icon = percent.startsWith('-') ? TrendingDown : TrendingUp
  return (
    <span className={classNames('figures inline-flex items-center gap-1', toneOf(percent))}>
      {arrow && <Icon aria-hidden className="size-3.5" />}
      {formatPercent(percent)}
    </span>
  )
}
