import { Badge } from '../design/badge.tsx'
import { Card } from '../design/card.tsx'
import { decimalsOf } from '../shared/decimal.ts'
import { formatPrice, formatQuantity } from '../shared/money.ts'
import { Change } from './change.tsx'
import { Flashing } from './flashing.tsx'
import type { Instrument } from './use-market.ts'

const Figure = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt className="text-muted text-xs">{label}</dt>
    <dd className="figures font-medium">{value}</dd>
  </div>
)

/** An instrument's last 24 hours at a glance. */
export const InstrumentHeader = ({ instrument }: { instrument: Instrument }) => {
  const { symbol, base, quote, tickSize, status, ticker } = instrument
  const decimals = decimalsOf(tickSize)
  const price = (value: string | null): string => (value === null ? '–' : formatPrice(value, decimals))
  return (
    <Card bodyClassName="flex flex-wrap items-center gap-x-8 gap-y-2 px-4 py-3">
      <div>
        <h1 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          {symbol} {status === 'HALTED' && <Badge tone="warn">Halted</Badge>}
        </h1>
        <p className="text-muted text-xs">
          {base} priced in {quote}
        </p>
      </div>
      <p aria-label="Last price" className="flex items-baseline gap-2">
        {ticker.last === null ? (
          <span className="text-muted">No trade yet</span>
        ) : (
          <Flashing value={ticker.last} text={price(ticker.last)} className="text-2xl font-semibold tracking-tight" />
        )}
        <Change percent={ticker.changePercent} arrow />
      </p>
      <dl aria-label="Last 24 hours" className="grid grid-cols-3 gap-x-6 gap-y-1 text-sm sm:flex sm:gap-x-8">
        <Figure label="Bid" value={price(ticker.bid)} />
        <Figure label="Ask" value={price(ticker.ask)} />
        <Figure label="High" value={price(ticker.high)} />
        <Figure label="Low" value={price(ticker.low)} />
        <Figure label={`Volume (${base})`} value={formatQuantity(ticker.volume)} />
      </dl>
    </Card>
  )
}
