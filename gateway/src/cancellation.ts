/**
 * Tells work under way that nobody waits for it any more. Does for many short pieces of work what `AbortSignal` does at
 * many times the cost.
 */
export type Cancellation = {
  readonly isCancelled: () => boolean
  /** Calls back once, when it is cancelled; at once where it is already. Returns what takes the callback back. */
  readonly onCancel: (callback: () => void) => () => void
}

export type Cancellable = Cancellation & { readonly cancel: () => void }

export const createCancellation = (): Cancellable => {
  let callbacks: Set<() => void> | undefined
  let cancelled = false

  return {
    isCancelled: () => cancelled,
    onCancel: (callback) => {
      if (cancelled) {
        callback()
        return () => {}
      }
      callbacks ??= new Set()
      callbacks.add(callback)
      return () => void callbacks?.delete(callback)
    },
    cancel: () => {
      if (cancelled) return
      cancelled = true
      const waiting = callbacks ?? []
      callbacks = undefined
      for (const callback of waiting) callback()
    },
  }
}
