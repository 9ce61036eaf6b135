import { ChevronRight, ClipboardList, History } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { CancelOrderDocument } from '../.generated/orders.ts'
import type { OwnOrderFragment } from '../.generated/orders.ts'
import { explain } from '../client/errors.ts'
import { useAction } from '../client/use-action.ts'
import { Badge } from '../design/badge.tsx'
import { Button } from '../design/button.tsx'
import { classNames } from '../design/class-names.ts'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useToasts } from '../design/toasts.tsx'
import { decimal, decimalsOf, divide, isPositive, toDrawing } from '../shared/decimal.ts'
import { formatPrice, formatQuantity } from '../shared/money.ts'
import { formatMoment } from '../shared/time.ts'
import { Fills } from './fills.tsx'
import { describeOrder, describePrice, isOpen, statusWords } from './order-words.ts'
import type { Orders } from './use-orders.ts'

const Filled = ({ order }: { order: OwnOrderFragment }) => {
  const { lotSize, base } = order.instrument
  const decimals = decimalsOf(lotSize)
  const share = toDrawing(divide(decimal(order.filled), decimal(order.quantity), 4))
  return (
    <div className="figures min-w-0">
      <p className="truncate">
        {formatQuantity(order.filled, decimals)} <span className="text-muted">of</span>{' '}
        {formatQuantity(order.quantity, decimals)} {base}
      </p>
      <div aria-hidden className="bg-raised mt-1 h-1 max-w-32 overflow-hidden rounded-full">
        <div className="bg-accent h-full rounded-full transition-all" style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}

const Cancel = ({ order }: { order: OwnOrderFragment }) => {
  const toasts = useToasts()
  const { busy, attempt } = useAction(CancelOrderDocument)
  const cancel = async (): Promise<void> => {
    try {
      await attempt({ order: order.id })
      toasts.show('done', 'Order cancelled', describeOrder(order))
    } catch (error) {
      toasts.show('failed', 'The order was not cancelled', explain(error as Error).message)
    }
  }
  return (
    <Button
      look="danger"
      size="small"
      busy={busy}
      aria-label={`Cancel: ${describeOrder(order)}`}
      onClick={() => void cancel()}
    >
      Cancel
    </Button>
  )
}

const OrderRow = ({ order }: { order: OwnOrderFragment }) => {
  const [unfolded, setUnfolded] = useState(false)
  const { label, tone } = statusWords[order.status]
  const hasFills = isPositive(decimal(order.filled))
  const { symbol, tickSize } = order.instrument
  return (
    <li aria-label={`${describeOrder(order)}: ${label}`} className="px-4 py-3">
      <div className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5 sm:grid-cols-[1.2fr_1.3fr_1.3fr_6rem_6.5rem]">
        <div className="min-w-0">
          <p className="font-medium">
            <span className={order.side === 'BUY' ? 'text-up' : 'text-down'}>
              {order.side === 'BUY' ? 'Buy' : 'Sell'}
            </span>{' '}
            <Link to={`/trade/${symbol}`} preventScrollReset className="rounded hover:underline">
              {symbol}
            </Link>
          </p>
          <p className="text-muted truncate text-xs">{formatMoment(order.createdAt)}</p>
        </div>
        <div className="figures order-3 min-w-0 sm:order-none">
          <p>{describePrice(order)}</p>
          {order.averagePrice !== null && (
            <p className="text-muted text-xs">average {formatPrice(order.averagePrice, decimalsOf(tickSize))}</p>
          )}
        </div>
        <div className="order-4 min-w-0 sm:order-none">
          <Filled order={order} />
        </div>
        <div className="flex justify-end">
          <Badge tone={tone}>{label}</Badge>
        </div>
        <div className="order-5 col-span-2 flex justify-end gap-1 sm:order-none sm:col-span-1">
          {hasFills && (
            <Button
              look="quiet"
              size="small"
              aria-expanded={unfolded}
              onClick={() => setUnfolded(!unfolded)}
              aria-label={`Fills of: ${describeOrder(order)}`}
            >
              {!isOpen(order) && 'Fills'}
              <ChevronRight aria-hidden className={classNames('size-4 transition', unfolded && 'rotate-90')} />
            </Button>
          )}
          {isOpen(order) && <Cancel order={order} />}
        </div>
      </div>
      {order.statusReason !== null && <p className="text-muted mt-1 text-xs">{order.statusReason}</p>}
      {unfolded && <Fills key={order.filled} order={order} />}
    </li>
  )
}

type OrderListProps = { readonly orders: Orders; readonly which: 'open' | 'finished' }

/** Own orders, the newest first. */
export const OrderList = ({ orders, which }: OrderListProps) => {
  if (orders.loading) return <SkeletonRows rows={4} label="Loading your orders" />
  if (orders.error !== undefined) return <Failure error={orders.error} onRetry={orders.reload} />
  const shown = orders[which]
  if (shown.length === 0) {
    return which === 'open' ? (
      <Empty icon={ClipboardList} title="No open orders">
        What waits in the book is shown here, and changes as it is filled.
      </Empty>
    ) : (
      <Empty icon={History} title="No finished orders yet">
        Filled, cancelled and rejected orders are kept here.
      </Empty>
    )
  }
  return (
    <ul aria-label={which === 'open' ? 'Open orders' : 'Order history'} className="divide-line divide-y">
      {shown.map((order) => (
        <OrderRow key={order.id} order={order} />
      ))}
    </ul>
  )
}
