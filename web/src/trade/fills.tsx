import { useQuery } from 'urql'
import { OrderFillsDocument } from '../.generated/orders.ts'
import type { OwnOrderFragment } from '../.generated/orders.ts'
import { Failure, Skeleton } from '../design/states.tsx'
import { decimalsOf } from '../shared/decimal.ts'
import { formatPrice, formatQuantity } from '../shared/money.ts'
import { formatClock } from '../shared/time.ts'

/** The trades that filled an order. Rendered anew when more of it is filled. */
export const Fills = ({ order }: { order: OwnOrderFragment }) => {
  const [{ data, fetching, error }, reload] = useQuery({
    query: OrderFillsDocument,
    variables: { order: order.id },
    requestPolicy: 'cache-and-network',
  })
  const fills = data?.order?.fills.edges.map((edge) => edge.node) ?? []
  if (fills.length === 0 && fetching) return <Skeleton className="mt-2 h-4 w-64" />
  if (fills.length === 0 && error !== undefined) return <Failure error={error} onRetry={reload} />
  const { base, tickSize, lotSize } = order.instrument
  return (
    <ul aria-label="Fills" className="border-line figures mt-2 space-y-1 border-l-2 pl-3 text-xs">
      {fills.map((fill) => (
        <li key={fill.id}>
          {formatQuantity(fill.quantity, decimalsOf(lotSize))} {base} at {formatPrice(fill.price, decimalsOf(tickSize))}{' '}
          <span className="text-muted">{formatClock(fill.at)}</span>
        </li>
      ))}
    </ul>
  )
}
