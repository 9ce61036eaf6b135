import { Link } from 'react-router'
import { classNames } from '../design/class-names.ts'
import { Skeleton } from '../design/states.tsx'
import { decimalsOf } from '../shared/decimal.ts'
import { formatPrice } from '../shared/money.ts'
import { Change } from './change.tsx'
import { Flashing } from './flashing.tsx'
import type { Instrument } from './use-market.ts'

type MarketStripProps = {
  readonly instruments: readonly Instrument[]
  readonly symbol: string
  readonly loading: boolean
}

/** All instruments in a row, each with its last price. */
export const MarketStrip = ({ instruments, symbol, loading }: MarketStripProps) => (
  <nav aria-label="Instruments" className="no-scrollbar -mx-3 overflow-x-auto px-3 py-0.5 sm:mx-0 sm:px-0.5">
    <ul className="flex gap-2">
      {loading &&
        instruments.length === 0 &&
        Array.from({ length: 5 }, (_, item) => (
          <li key={item}>
            <Skeleton className="h-14 w-36 rounded-xl" />
          </li>
        ))}
      {instruments.map(({ symbol: name, ticker, tickSize }) => (
        <li key={name}>
          <Link
            to={`/trade/${name}`}
            aria-current={name === symbol ? 'page' : undefined}
            preventScrollReset
            className={classNames(
              'block min-w-40 rounded-xl border px-3 py-2 whitespace-nowrap transition',
              name === symbol ? 'border-accent bg-accent-soft' : 'bg-surface border-line hover:border-edge',
            )}
          >
            <span className="flex items-baseline justify-between gap-3">
              <span className="font-semibold">{name}</span>
              <span className="text-xs">
                <Change percent={ticker.changePercent} />
              </span>
            </span>
            {ticker.last === null ? (
              <span className="text-muted text-sm">No trade yet</span>
            ) : (
              <Flashing
                value={ticker.last}
                text={formatPrice(ticker.last, decimalsOf(tickSize))}
                className="text-muted text-sm"
              />
            )}
          </Link>
        </li>
      ))}
    </ul>
  </nav>
)
