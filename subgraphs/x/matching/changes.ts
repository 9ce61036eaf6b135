import type { LevelChange } from './events.ts'
import type { Side } from './order.ts'

export type Changes = {
  /** Tells that the level is about to change. Only the first call of a command counts. */
  readonly touch: (side: Side, price: bigint) => void
  /** The levels whose total is not what it was when the command began: bids, then asks, in the order touched. */
  readonly list: () => LevelChange[]
  readonly clear: () => void
}

/** Remembers what the touched levels held before a command, so that only net changes are told. */
export const createChanges = (totalAt: (side: Side, price: bigint) => bigint): Changes => {
  const before: Record<Side, Map<bigint, bigint>> = { BUY: new Map(), SELL: new Map() }

  const changesOf = (side: Side): LevelChange[] => {
    const changes: LevelChange[] = []
    for (const [price, total] of before[side]) {
      const quantity = totalAt(side, price)
      if (quantity !== total) changes.push({ side, price, quantity })
    }
    return changes
  }

  return {
    touch: (side, price) => {
      if (!before[side].has(price)) before[side].set(price, totalAt(side, price))
    },
    list: () => [...changesOf('BUY'), ...changesOf('SELL')],
    clear: () => {
      before.BUY.clear()
      before.SELL.clear()
    },
  }
}
