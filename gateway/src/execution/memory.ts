import type { LiveRule } from '../graph/live.ts'
import type { Result } from '../operation.ts'
import { bytesOf } from '../written.ts'
import type { Mark } from './live-fields.ts'

/** One event as it is told to everybody. */
export type Item = Mark & {
  readonly result: Result
  /** Whether it only changes what was told before it. */
  readonly isChange: boolean
}

/** What those who join a stream late are told first, so that they know what all others know. */
export type Memory = {
  readonly add: (item: Item) => void
  /**
   * What to tell first; `forgotten` when that was too much to keep, and a whole state has to be got (`renew`) first;
   * `closed` when nobody can join any more.
   */
  readonly recall: () => readonly Item[] | 'forgotten' | 'closed'
  /** Begins to keep what happens from now on. Returns what takes a whole state in, and tells whether that one is of use. */
  readonly renew: () => (state: Item) => boolean
  readonly close: () => void
}

const MOST_KEYS = 1_000
const MOST_CHANGES = 250
/** How many bytes of answers one stream may keep. */
const MOST_BYTES = 2_000_000

export const createMemory = (rule: LiveRule | undefined): Memory => {
  let closed = false
  const close = (): void => {
    closed = true
  }
  const memory = rule?.kind === 'sequence' ? rememberSequence() : rememberStates(close)
  return {
    add: (item) => {
      if (!closed) memory.add(item)
    },
    recall: () => (closed ? 'closed' : memory.recall()),
    renew: memory.renew,
    close,
  }
}

type Remember = Omit<Memory, 'close'>

/** How many bytes the data of an event have. */
export const sizeOf = ({ result }: Item): number => bytesOf(result.data)?.length ?? 0

/** The newest item of each key. Where there are no keys, there is nothing to know of the time before. */
const rememberStates = (close: () => void): Remember => {
  const newest = new Map<string, Item>()
  let size = 0
  return {
    add: (item) => {
      if (item.key === undefined) return
      const before = newest.get(item.key)
      size += sizeOf(item) - (before ? sizeOf(before) : 0)
      newest.set(item.key, item)
      if (newest.size <= MOST_KEYS && size <= MOST_BYTES) return
      newest.clear()
      close()
    },
    recall: () => [...newest.values()],
    renew: () => () => false,
  }
}

/** The last whole state, and every change of it. */
const rememberSequence = (): Remember => {
  let items: Item[] = []
  let size = 0
  let isForgotten = false
  let last: number | undefined
  /** What happened since a whole state was asked for. */
  let sinceRenewal: Item[] | undefined

  const begin = (state: readonly Item[]): void => {
    items = [...state]
    size = items.reduce((sum, item) => sum + sizeOf(item), 0)
    isForgotten = false
    sinceRenewal = undefined
  }

  return {
    add: (item) => {
      last = item.number
      if (!item.isChange) return begin([item])
      sinceRenewal?.push(item)
      const kept = items.at(-1)?.number
      // A state that was got by a way of its own may be ahead.
      if (isForgotten || (kept !== undefined && item.number !== undefined && item.number <= kept)) return
      items.push(item)
      size += sizeOf(item)
      if (items.length <= MOST_CHANGES && size <= MOST_BYTES) return
      items = []
      isForgotten = true
    },
    recall: () => (isForgotten ? 'forgotten' : items),
    renew: () => {
      const from = last
      sinceRenewal = []
      return (state) => {
        // A whole state that came by itself meanwhile is as good.
        if (!isForgotten) return true
        const { number } = state
        if (number === undefined || from === undefined || number < from || !sinceRenewal) return false
        begin([state, ...sinceRenewal.filter((item) => item.number !== undefined && item.number > number)])
        return true
      }
    },
  }
}
