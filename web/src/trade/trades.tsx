import { useQuery, useSubscription } from 'urql'
import { RecentTradesDocument, TradesExecutedDocument } from '../.generated/market.ts'
import type { MarketTradeFragment } from '../.generated/market.ts'
import { useResumed } from '../client/provider.tsx'
import { classNames } from '../design/class-names.ts'
import { Failure, SkeletonRows } from '../design/states.tsx'
import { decimalsOf } from '../shared/decimal.ts'
import { formatPrice, formatQuantity } from '../shared/money.ts'
import { formatClock } from '../shared/time.ts'
import type { Instrument } from './use-market.ts'

const most = 40

/** What was traded, the newest first, as it happens. Rendered anew for each instrument. */
export const Trades = ({ instrument }: { instrument: Instrument }) => {
  const { symbol } = instrument
  const [{ data, fetching, error }, reload] = useQuery({
    query: RecentTradesDocument,
    variables: { symbol },
    requestPolicy: 'cache-and-network',
  })
  const [{ data: fresh = [] }] = useSubscription(
    { query: TradesExecutedDocument, variables: { symbol } },
    (seen: readonly MarketTradeFragment[] = [], event) =>
      event.tradesExecuted === null ? seen : [event.tradesExecuted, ...seen].slice(0, most),
  )
  useResumed(() => reload({ requestPolicy: 'network-only' }))

  const known = data?.instrument?.trades.edges.map((edge) => edge.node) ?? []
  const trades = [...new Map([...fresh, ...known].map((trade) => [trade.id, trade])).values()].slice(0, most)
  if (trades.length === 0 && fetching) return <SkeletonRows rows={8} label="Loading trades" />
  if (trades.length === 0 && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (trades.length === 0) return <p className="text-muted px-4 py-8 text-center">No trade yet</p>
  return (
    // What can be scrolled has to be reached by the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div tabIndex={0} className="h-88 overflow-y-auto rounded-b-xl">
      <table aria-label="Trades" className="figures w-full table-fixed text-xs">
        <thead className="text-muted bg-surface sticky top-0">
          <tr>
            <th scope="col" className="h-7 pl-4 text-left font-medium">
              Price
            </th>
            <th scope="col" className="text-right font-medium">
              Quantity
            </th>
            <th scope="col" className="pr-4 text-right font-medium">
              Time
            </th>
          </tr>
        </thead>
        <tbody>
          {trades.map((trade) => (
            <tr key={trade.id} className="animate-fade h-6">
              <td className={classNames('pl-4 font-medium', trade.takerSide === 'BUY' ? 'text-up' : 'text-down')}>
                {formatPrice(trade.price, decimalsOf(instrument.tickSize))}
                <span className="sr-only">{trade.takerSide === 'BUY' ? ' bought' : ' sold'}</span>
              </td>
              <td className="text-right">{formatQuantity(trade.quantity, decimalsOf(instrument.lotSize))}</td>
              <td className="text-muted pr-4 text-right">{formatClock(trade.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
