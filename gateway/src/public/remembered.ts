import { createCache } from '../cache.ts'

/** Values of elsewhere, remembered for a moment. */
export type Remembered<Value> = {
  /**
   * The value of a key as it was at most so many milliseconds ago. Where it cannot be read, the last one that was, for as
   * long as the grace lasts; then what reading it threw.
   */
  readonly get: (key: string, freshMs?: number) => Promise<Value>
}

export type RememberedOptions<Value> = {
  readonly read: (key: string) => Promise<Value>
  /** How old a value may be, in milliseconds. */
  readonly freshMs: number
  /** How old it may be while it cannot be read anew, in milliseconds. */
  readonly graceMs: number
  readonly capacity?: number
  /** The time in milliseconds. */
  readonly now?: () => number
}

type Reading<Value> = { readonly value: Promise<Value>; readonly askedAt: number }
type Entry<Value> = {
  /** What is being read, or was read last. */
  reading: Reading<Value>
  /** What was read, and when it was asked for: it may have changed the moment after. */
  known?: { readonly value: Value; readonly askedAt: number }
}

/** Who asks while a value is being read waits for the same, unless that was asked for too long ago. */
export const createRemembered = <Value>(options: RememberedOptions<Value>): Remembered<Value> => {
  const { read, freshMs: defaultFreshMs, graceMs, capacity = 10_000, now = () => performance.now() } = options
  const entries = createCache<Entry<Value>>(capacity)

  const begin = (key: string, known: Entry<Value>['known']): Entry<Value> => {
    const askedAt = now()
    const entry: Entry<Value> = { reading: { value: read(key), askedAt }, ...(known && { known }) }
    entry.reading.value.then(
      (value) => {
        entry.known = { value, askedAt }
      },
      () => {},
    )
    entries.set(key, entry)
    return entry
  }

  return {
    get: async (key, freshMs = defaultFreshMs) => {
      const last = entries.get(key)
      const isFresh = last !== undefined && now() - last.reading.askedAt < freshMs
      const entry = isFresh ? last : begin(key, last?.known)
      try {
        return await entry.reading.value
      } catch (error) {
        const { known } = entry
        if (known && now() - known.askedAt < graceMs) return known.value
        throw error
      }
    },
  }
}
