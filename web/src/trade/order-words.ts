import type { OrderStatus, OwnOrderFragment } from '../.generated/orders.ts'
import type { Tone } from '../design/badge.tsx'
import { decimalsOf } from '../shared/decimal.ts'
import { formatPrice, formatQuantity } from '../shared/money.ts'

/** The words and the colour of a status. */
export const statusWords: Readonly<Record<OrderStatus, { readonly label: string; readonly tone: Tone }>> = {
  PENDING: { label: 'Placing', tone: 'neutral' },
  WAITING: { label: 'Waiting', tone: 'warn' },
  OPEN: { label: 'Open', tone: 'accent' },
  PARTIALLY_FILLED: { label: 'Partly filled', tone: 'accent' },
  FILLED: { label: 'Filled', tone: 'up' },
  CANCELLED: { label: 'Cancelled', tone: 'neutral' },
  REJECTED: { label: 'Rejected', tone: 'down' },
}

const openStatuses: ReadonlySet<OrderStatus> = new Set(['PENDING', 'WAITING', 'OPEN', 'PARTIALLY_FILLED'])

/** Whether an order can still change. */
export const isOpen = (order: { readonly status: OrderStatus }): boolean => openStatuses.has(order.status)

type Described = Pick<OwnOrderFragment, 'side' | 'type' | 'price' | 'stopPrice' | 'quantity' | 'instrument'>

/** An order's price in words: `61,234.50`, `market`, `stop 60,000.00 → market`. */
export const describePrice = (order: Described): string => {
  const decimals = decimalsOf(order.instrument.tickSize)
  const limit = order.price === null ? 'market' : formatPrice(order.price, decimals)
  if (order.stopPrice === null) return limit
  return `stop ${formatPrice(order.stopPrice, decimals)} → ${limit}`
}

/** An order in a sentence: `Buy 0.05 BTC at 61,234.50 EUR`. */
export const describeOrder = (order: Described): string => {
  const { base, quote, lotSize } = order.instrument
  const what = `${order.side === 'BUY' ? 'Buy' : 'Sell'} ${formatQuantity(order.quantity, decimalsOf(lotSize))} ${base}`
  if (order.price === null && order.stopPrice === null) return `${what} at market`
  return `${what} at ${describePrice(order)} ${quote}`
}

/** What is said when an order was placed. */
export const describeOutcome = (order: Pick<OwnOrderFragment, 'status' | 'statusReason'>): string => {
  if (order.status === 'REJECTED' || order.status === 'CANCELLED')
    return order.statusReason ?? 'It did not come into the book.'
  if (order.status === 'FILLED') return 'Filled at once.'
  if (order.status === 'PARTIALLY_FILLED') return 'Partly filled; the rest waits in the book.'
  if (order.status === 'WAITING') return 'It sleeps until the stop price is reached.'
  return 'It waits in the book.'
}
