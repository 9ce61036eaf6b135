/** A value that tells those who watch it when it changes; what React's `useSyncExternalStore` wants to see. */
export type Store<T> = {
  /** The value as it is now. */
  readonly get: () => T
  /** Calls back after every change, until the returned function is called. */
  readonly subscribe: (listener: () => void) => () => void
}

/** A store that can be written to. */
export type WritableStore<T> = Store<T> & {
  /** Replaces the value; the same value again is no change. */
  readonly set: (value: T) => void
}

/** Makes a store. */
export const createStore = <T>(initial: T): WritableStore<T> => {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
