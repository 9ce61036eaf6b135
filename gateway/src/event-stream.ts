export type EventStreamOptions<Event, Value> = {
  /** How many events may wait for a slow reader. */
  readonly capacity: number
  /** Makes the value of an event; one at a time, in the order of the events. */
  readonly process: (event: Event) => Promise<Value>
  /** What the reader gets when more events wait than `capacity`. */
  readonly overflow: () => Error
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
  const { capacity, process, overflow, onClose } = options
  const readers: Reader<Value>[] = []
  let waiting: Event[] = []
  let ended: { readonly error: Error | undefined } | undefined
  let closed = false
  let busy = false

  const close = (): void => {
    if (closed) return
    closed = true
    waiting = []
    for (const reader of readers.splice(0)) reader.resolve(DONE)
    onClose()
  }

  const fail = (error: unknown): void => {
    readers.shift()?.reject(error)
    close()
  }

  const deliver = async (event: Event): Promise<void> => {
    busy = true
    try {
      const value = await process(event)
      readers.shift()?.resolve({ done: false, value })
    } catch (error) {
      fail(error)
    } finally {
      busy = false
    }
    advance()
  }

  const advance = (): void => {
    if (busy || readers.length === 0) return
    const event = waiting.shift()
    if (event !== undefined) void deliver(event)
    else if (ended?.error) fail(ended.error)
    else if (ended) close()
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
      if (waiting.length >= capacity) {
        waiting = []
        end(overflow())
        return
      }
      waiting.push(event)
      advance()
    },
    end,
  }
}

type Reader<Value> = {
  readonly resolve: (result: IteratorResult<Value, void>) => void
  readonly reject: (error: unknown) => void
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined }
