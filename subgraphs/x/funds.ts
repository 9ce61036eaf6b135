import { codedError } from '../_kit/index.ts'
import type { CurrencyCode } from '../_kit/index.ts'
import type { InstrumentRecord } from './instruments.ts'
import type { LedgerAccount } from './ledger.ts'
import type { Book } from './matching/book.ts'
import type { OrderTerms } from './orders.ts'

/** What an unpriced buy may pay beyond the prices of now, for they move before it trades: a twentieth. */
const MARGIN = 20n

/** The account of a currency that trading uses: a person's oldest. */
export const tradingAccount = (accounts: readonly LedgerAccount[], currency: CurrencyCode): LedgerAccount | undefined =>
  accounts.find((account) => account.currency === currency)

/** What the best sale offers for a quantity cost now, in ticks × lots; of what they do not offer, nothing. */
export const costOf = (book: Book, quantity: bigint): bigint => {
  let missing = quantity
  let cost = 0n
  for (const level of book.depth().asks) {
    const lots = level.quantity < missing ? level.quantity : missing
    cost += lots * level.price
    missing -= lots
    if (missing === 0n) break
  }
  return cost
}

/** What has to be held for an order whose price is bounded, or that sells. */
export const boundedReserve = ({ side, price, quantity }: OrderTerms): bigint =>
  side === 'SELL' || price === null ? quantity : price * quantity

/**
 * What is held for a buy without a price: its cost by the prices of now (for a stop, by its stop price) and a margin,
 * or all that is available when that is less.
 * @throws INSUFFICIENT_FUNDS when not even the cost itself is available
 */
export const unpricedReserve = (
  { stopPrice, quantity }: OrderTerms,
  instrument: InstrumentRecord,
  market: { cost: bigint; available: string },
): bigint => {
  const { units, quote } = instrument
  const cost = stopPrice === null ? market.cost : stopPrice * quantity
  // Even an order that finds nothing to match needs some budget for the book to look at it.
  const least = cost > 1n ? cost : 1n
  const available = /^0*(?:\.0*)?$/.test(market.available) ? 0n : units.budget(market.available)
  if (available < least) {
    throw codedError(
      'INSUFFICIENT_FUNDS',
      `The order would cost about ${units.amount(least)} ${quote}; ${market.available} ${quote} are available.`,
    )
  }
  const wanted = least + (least + MARGIN - 1n) / MARGIN
  return wanted < available ? wanted : available
}
