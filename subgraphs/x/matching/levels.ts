import { append, createQueue, detach } from './queue.ts'
import type { Entry, Queue } from './queue.ts'

/** The orders at one price. */
export type Level = Queue & { readonly price: bigint }

export type Levels = {
  readonly best: () => Level | undefined
  readonly at: (price: bigint) => Level | undefined
  /** Puts an entry at the end of the queue at `price`. */
  readonly append: (price: bigint, entry: Entry) => void
  /** Takes an entry out of the queue at `price`, and the level away with its last entry. */
  readonly remove: (price: bigint, entry: Entry) => void
  readonly fromBest: () => Generator<Level>
}

/**
 * Price levels in a sorted array, found by price in a map and placed by binary search. The best level is the last
 * element: levels mostly come and go near it, where an array moves few elements or none.
 */
export const createLevels = (best: 'LOWEST' | 'HIGHEST'): Levels => {
  const sorted: Level[] = []
  const byPrice = new Map<bigint, Level>()
  const isWorse = (price: bigint, than: bigint): boolean => (best === 'LOWEST' ? price > than : price < than)

  const positionOf = (price: bigint): number => {
    let low = 0
    let high = sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const level = sorted[middle]
      if (level !== undefined && isWorse(level.price, price)) low = middle + 1
      else high = middle
    }
    return low
  }

  const insert = (price: bigint): Level => {
    const level = { ...createQueue(), price }
    sorted.splice(positionOf(price), 0, level)
    byPrice.set(price, level)
    return level
  }

  return {
    best: () => sorted.at(-1),
    at: (price) => byPrice.get(price),
    append: (price, entry) => append(byPrice.get(price) ?? insert(price), entry),
    remove: (price, entry) => {
      detach(entry)
      if (byPrice.get(price)?.first !== undefined || !byPrice.delete(price)) return
      sorted.splice(positionOf(price), 1)
    },
    *fromBest() {
      for (let position = sorted.length - 1; position >= 0; position -= 1) {
        const level = sorted[position]
        if (level !== undefined) yield level
      }
    },
  }
}
