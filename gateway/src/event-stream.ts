import type { Waiting } from './waiting.ts'

export type EventStreamOptions<Event, Value> = {
  /** Where events wait for a slow reader. */
  readonly waiting: Waiting<Event>
  /** Makes the value of an event; one at a time, in the order of the events. */
  readonly process: (event: Event) => Value | Promise<Value>
  /**
   * Called when there is no room for an event, after what waited was dropped, with how many events are lost. Returns the
   * error with which the stream ends, or undefined where it goes on without them.
   */
  readonly overflow: (dropped: number) => Error | undefined
  /** Releases the source. Called once, at the end, whoever caused it. */
  readonly onClose: () => void
}

export type EventStream<Event, Value> = {
  readonly values: AsyncGenerator<Value, void, undefined>
  readonly push: (event: Event) => void
  /** Ends after the events that wait, with an error if one is given. */
  readonly end: (error?: Error) => void
}

/**
 * Turns pushed events into an async generator. Not an `async function*`, whose `return()` waits for the value under
 * way: here it ends the source at once.
 */
export const createEventStream = <Event, Value>(
  options: EventStreamOptions<Event, Value>,
): EventStream<Event, Value> => {
  const { waiting, process, overflow, onClose } = options
  const readers: Reader<Value>[] = []
  let ended: { readonly error: Error | undefined } | undefined
  let closed = false
  let busy = false

  const close = (): void => {
    if (closed) return
    closed = true
    waiting.clear()
    for (const reader of readers.splice(0)) reader.resolve(DONE)
    onClose()
  }

  const fail = (error: unknown): void => {
    readers.shift()?.reject(error)
    close()
  }

  const deliver = async (value: Promise<Value>): Promise<void> => {
    busy = true
    try {
      const made = await value
      readers.shift()?.resolve({ done: false, value: made })
    } catch (error) {
      fail(error)
    } finally {
      busy = false
    }
    advance()
  }

  /** Serves the first reader, if there is what to serve; tells whether the next one can be looked at. */
  const serve = (): boolean => {
    if (busy || closed || readers.length === 0) return false
    const event = waiting.take()
    if (event === undefined) {
      if (ended?.error) fail(ended.error)
      else if (ended) close()
      return false
    }
    const value = process(event)
    // A value that is there already, as for each of thousands of readers, waits for nothing.
    if (value instanceof Promise) void deliver(value)
    else readers.shift()?.resolve({ done: false, value })
    return true
  }

  const advance = (): void => {
    while (serve());
  }

  const end = (error?: Error): void => {
    if (closed || ended) return
    ended = { error }
    advance()
  }

  const values: AsyncGenerator<Value, void, undefined> = {
    next: () =>
      new Promise((resolve, reject) => {
        if (closed) return resolve(DONE)
        readers.push({ resolve, reject })
        advance()
      }),
    return: async () => {
      close()
      return DONE
    },
    throw: async (error) => {
      close()
      throw error
    },
    [Symbol.asyncIterator]: () => values,
    [Symbol.asyncDispose]: async () => close(),
  }

  return {
    values,
    push: (event) => {
      if (closed || ended) return
      if (waiting.add(event)) return advance()
      const error = overflow(waiting.clear() + 1)
      if (error) end(error)
    },
    end,
  }
}

type Reader<Value> = {
  readonly resolve: (result: IteratorResult<Value, void>) => void
  readonly reject: (error: unknown) => void
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined }
