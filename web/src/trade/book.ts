import { add, compare, decimal, multiply, zero } from '../shared/decimal.ts'
import type { Decimal } from '../shared/decimal.ts'

/** All that is open at one price. */
export type Level = { readonly price: Decimal; readonly quantity: Decimal }

/** An order book as it is known here, the best prices first on both sides. */
export type Book = { readonly sequence: number; readonly bids: readonly Level[]; readonly asks: readonly Level[] }

type LevelText = { readonly price: string; readonly quantity: string }

/** What the stream of a book sends. */
export type BookUpdate = {
  readonly kind: 'SNAPSHOT' | 'CHANGE'
  readonly sequence: number
  readonly bids: readonly LevelText[]
  readonly asks: readonly LevelText[]
}

const read = (level: LevelText): Level => ({ price: decimal(level.price), quantity: decimal(level.quantity) })

const bestBid = (a: Decimal, b: Decimal): number => compare(b, a)
const bestAsk = compare

const change = (
  side: readonly Level[],
  changes: readonly LevelText[],
  better: (a: Decimal, b: Decimal) => number,
): readonly Level[] => {
  if (changes.length === 0) return side
  const levels = [...side]
  for (const text of changes) {
    const level = read(text)
    let low = 0
    let high = levels.length
    while (low < high) {
      const middle = (low + high) >> 1
      const found = levels[middle]
      if (found !== undefined && better(found.price, level.price) < 0) low = middle + 1
      else high = middle
    }
    const found = levels[low]
    const known = found !== undefined && compare(found.price, level.price) === 0
    const rest = level.quantity.units === 0n ? [] : [level]
    levels.splice(low, known ? 1 : 0, ...rest)
  }
  return levels
}

/**
 * The book after an update; undefined when an update is missing in between, so that nothing can be known before the
 * next snapshot. Sequence numbers have no gaps; an update that is known already changes nothing.
 */
export const applyUpdate = (book: Book | undefined, update: BookUpdate): Book | undefined => {
  if (update.kind === 'SNAPSHOT') {
    return {
      sequence: update.sequence,
      bids: update.bids.map(read).sort((a, b) => bestBid(a.price, b.price)),
      asks: update.asks.map(read).sort((a, b) => bestAsk(a.price, b.price)),
    }
  }
  if (book === undefined) return undefined
  if (update.sequence <= book.sequence) return book
  if (update.sequence !== book.sequence + 1) return undefined
  return {
    sequence: update.sequence,
    bids: change(book.bids, update.bids, bestBid),
    asks: change(book.asks, update.asks, bestAsk),
  }
}

/** What a market order for a quantity would cost or bring now, and how much of it the book can give. */
export const estimateMarket = (
  book: Book,
  side: 'BUY' | 'SELL',
  quantity: Decimal,
): { readonly filled: Decimal; readonly total: Decimal } => {
  let left = quantity
  let filled = zero
  let total = zero
  for (const level of side === 'BUY' ? book.asks : book.bids) {
    if (left.units <= 0n) break
    const taken = compare(level.quantity, left) < 0 ? level.quantity : left
    filled = add(filled, taken)
    total = add(total, multiply(taken, level.price))
    left = add(left, { units: -taken.units, scale: taken.scale })
  }
  return { filled, total }
}

/** The levels nearest to the other side, each with the sum of quantities from the best price up to it. */
export const accumulate = (side: readonly Level[], depth: number): readonly (Level & { readonly sum: Decimal })[] => {
  let sum = zero
  return side.slice(0, depth).map((level) => {
    sum = add(sum, level.quantity)
    return { ...level, sum }
  })
}
