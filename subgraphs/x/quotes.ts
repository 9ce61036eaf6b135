import type { Side } from './matching/order.ts'

/** An offer of the market maker: ticks and lots. */
export type Quote = { side: Side; price: bigint; quantity: bigint }

/** An offer that is in the book. */
export type OpenQuote = { id: string; side: Side; price: bigint }

const LEVELS = 8

/** How many lots to offer at a distance from the middle: more, the further away. */
const sizeAt = (distance: number, random: () => number): bigint =>
  BigInt(10 + Math.floor(random() * 30) + distance * Math.floor(5 + random() * 15))

/** The quotes around a price: one on each of the next ticks of both sides, the price itself left free. */
export const quotesAround = (price: number, random: () => number): Quote[] => {
  const middle = BigInt(Math.round(price))
  return Array.from({ length: LEVELS }, (_, index) => index + 1).flatMap((distance) => {
    const away = BigInt(distance)
    const sell: Quote = { side: 'SELL', price: middle + away, quantity: sizeAt(distance, random) }
    const buy: Quote = { side: 'BUY', price: middle - away, quantity: sizeAt(distance, random) }
    return middle > away ? [buy, sell] : [sell]
  })
}

const isAt =
  ({ side, price }: Pick<Quote, 'side' | 'price'>) =>
  (other: Pick<Quote, 'side' | 'price'>): boolean =>
    other.side === side && other.price === price

const crosses = (quote: Pick<Quote, 'side' | 'price'>, other: Pick<Quote, 'side' | 'price'>): boolean =>
  quote.side !== other.side && (quote.side === 'BUY' ? quote.price >= other.price : quote.price <= other.price)

/**
 * The next small step from the quotes in the book to the wanted ones: at most `most` to take away and `most` to place,
 * those nearest to the middle first. Nothing is placed that would meet a quote which stays.
 */
export const nextStep = (
  wanted: readonly Quote[],
  open: readonly OpenQuote[],
  most: number,
): { cancel: OpenQuote[]; place: Quote[] } => {
  const middle = wanted.reduce((sum, { price }) => sum + price, 0n) / BigInt(Math.max(wanted.length, 1))
  const distance = ({ price }: Pick<Quote, 'price'>): bigint => (price > middle ? price - middle : middle - price)
  const nearest = (first: Pick<Quote, 'price'>, second: Pick<Quote, 'price'>): number =>
    distance(first) < distance(second) ? -1 : 1
  // A quote on the wrong side of the middle is the most urgent to take away, whatever its distance.
  const isWrong = ({ side, price }: OpenQuote): boolean => (side === 'BUY' ? price >= middle : price <= middle)
  const unwanted = open.filter((quote) => !wanted.some(isAt(quote))).toSorted(nearest)
  const cancel = [...unwanted.filter(isWrong), ...unwanted.filter((quote) => !isWrong(quote))].slice(0, most)
  const staying = open.filter((quote) => !cancel.includes(quote))
  const place = wanted
    .filter((quote) => !staying.some(isAt(quote)) && !staying.some((other) => crosses(quote, other)))
    .toSorted(nearest)
    .slice(0, most)
  return { cancel, place }
}
