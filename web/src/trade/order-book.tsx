import { useLiveState } from '../client/provider.tsx'
import { classNames } from '../design/class-names.ts'
import { SkeletonRows } from '../design/states.tsx'
import { decimal, decimalsOf, subtract, toDrawing, toText } from '../shared/decimal.ts'
import { formatPrice, formatQuantity } from '../shared/money.ts'
import { accumulate } from './book.ts'
import type { Book } from './book.ts'
import { Flashing } from './flashing.tsx'
import type { Instrument } from './use-market.ts'

type Row = ReturnType<typeof accumulate>[number]

type SideProps = {
  readonly side: 'bids' | 'asks'
  readonly rows: readonly Row[]
  readonly deepest: number
  readonly instrument: Instrument
  readonly onPick: (price: string) => void
}

const Side = ({ side, rows, deepest, instrument, onPick }: SideProps) => {
  const priceDecimals = decimalsOf(instrument.tickSize)
  const lotDecimals = decimalsOf(instrument.lotSize)
  return (
    <table aria-label={side === 'asks' ? 'Asks' : 'Bids'} className="figures w-full table-fixed text-xs">
      <thead className={side === 'asks' ? 'text-muted' : 'sr-only'}>
        <tr>
          <th scope="col" className="h-7 pl-4 text-left font-medium">
            Price
          </th>
          <th scope="col" className="text-right font-medium">
            Quantity
          </th>
          <th scope="col" className="pr-4 text-right font-medium">
            Sum
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const price = toText(row.price)
          return (
            <tr
              key={price}
              onClick={() => onPick(price)}
              className="hover:bg-raised relative h-6 cursor-pointer"
              title="Use this price"
            >
              <td className={classNames('pl-4 font-medium', side === 'asks' ? 'text-down' : 'text-up')}>
                <span
                  aria-hidden
                  className={classNames(
                    'absolute inset-y-px right-0 left-0 origin-right transition-transform duration-150',
                    side === 'asks' ? 'bg-down-soft' : 'bg-up-soft',
                  )}
                  style={{ transform: `scaleX(${deepest === 0 ? 0 : toDrawing(row.sum) / deepest})` }}
                />
                <span className="relative">{formatPrice(price, priceDecimals)}</span>
              </td>
              <td className="relative text-right">{formatQuantity(toText(row.quantity), lotDecimals)}</td>
              <td className="text-muted relative pr-4 text-right">{formatQuantity(toText(row.sum), lotDecimals)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

type OrderBookProps = {
  readonly book: Book | undefined
  readonly instrument: Instrument
  readonly depth: number
  /** Takes a price over to the ticket. */
  readonly onPick: (price: string) => void
}

/** What others offer now: asks above, bids below, the best prices in the middle. */
export const OrderBook = ({ book, instrument, depth, onPick }: OrderBookProps) => {
  // What is not live is not shown as if it were.
  const paused = useLiveState() === 'paused'
  if (book === undefined) return <SkeletonRows rows={depth} label="Loading the order book" />
  const asks = accumulate(book.asks, depth)
  const bids = accumulate(book.bids, depth)
  const deepest = Math.max(...[asks.at(-1), bids.at(-1)].map((row) => (row === undefined ? 0 : toDrawing(row.sum))))
  const [bestAsk] = asks
  const [bestBid] = bids
  const decimals = decimalsOf(instrument.tickSize)
  const { last } = instrument.ticker
  const parts = { deepest, instrument, onPick }
  return (
    <div data-sequence={book.sequence} className={classNames('pb-2 transition-opacity', paused && 'opacity-50')}>
      <Side side="asks" rows={asks.toReversed()} {...parts} />
      <p className="flex items-baseline justify-between px-4 py-1.5">
        {last === null ? (
          <span className="text-muted text-sm">No trade yet</span>
        ) : (
          <Flashing value={last} text={formatPrice(last, decimals)} className="text-base font-semibold" />
        )}
        <span className="text-muted figures text-xs">
          {bestAsk && bestBid
            ? `Spread ${formatPrice(toText(subtract(bestAsk.price, bestBid.price)), decimals)}`
            : 'One side is empty'}
        </span>
      </p>
      <Side side="bids" rows={bids} {...parts} />
      <p className="sr-only">Prices go in steps of {toText(decimal(instrument.tickSize))}.</p>
    </div>
  )
}
