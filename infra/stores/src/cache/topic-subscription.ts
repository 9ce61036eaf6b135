import { codedError } from '@codai/runtime'

/** How many events a subscriber may be behind before it is thrown out. */
export const MOST_WAITING_EVENTS = 1_000

export type TopicSubscription<T> = AsyncIterableIterator<T, undefined> & {
  /** Resolves when events published from now on are received; rejects when the subscription could not be made. */
  readonly ready: Promise<void>
}

type Reader<T> = { resolve(result: IteratorResult<T, undefined>): void; reject(error: unknown): void }

/**
 * An iterator over events that are pushed to it, in order. It keeps at most `MOST_WAITING_EVENTS` of them: a subscriber that
 * falls further behind gets the events kept so far and then an UNAVAILABLE error, since it could not know what it missed.
 */
export const createTopicSubscription = <T>(options: {
  topic: string
  subscribe: (push: (event: T) => void) => Promise<() => void>
  onEnd: () => void
}): { subscription: TopicSubscription<T>; end: () => void } => {
  const { topic, subscribe, onEnd } = options
  const events: T[] = []
  const readers: Reader<T>[] = []
  let ended = false
  let failure: { error: unknown } | undefined

  const takeFailure = (): { error: unknown } | undefined => {
    const taken = failure
    failure = undefined
    return taken
  }

  const finish = (reason?: { error: unknown }): void => {
    if (ended) return
    ended = true
    failure = reason
    for (const reader of readers.splice(0)) {
      const failed = takeFailure()
      if (failed === undefined) reader.resolve({ value: undefined, done: true })
      else reader.reject(failed.error)
    }
    void release()
    onEnd()
  }

  const push = (event: T): void => {
    if (ended) return
    const reader = readers.shift()
    if (reader !== undefined) return reader.resolve({ value: event, done: false })
    if (events.length < MOST_WAITING_EVENTS) return void events.push(event)
    const message = `This subscriber of "${topic}" fell ${MOST_WAITING_EVENTS} events behind and was disconnected. Subscribe again.`
    finish({ error: codedError('UNAVAILABLE', message, { topic }) })
  }

  const subscribed = subscribe(push)
  const becomeReady = async (): Promise<void> => {
    try {
      await subscribed
    } catch (error) {
      finish({ error })
      throw error
    }
  }
  /** Unsubscribes, also when the end came before the subscription was made. */
  const release = async (): Promise<void> => {
    const unsubscribe = await subscribed.catch(() => undefined)
    unsubscribe?.()
  }
  const ready = becomeReady()
  // A caller who only iterates gets this failure from `next`.
  ready.catch(() => undefined)

  const end = (): void => {
    events.length = 0
    finish()
    failure = undefined
  }

  const subscription: TopicSubscription<T> = {
    ready,
    next: async () => {
      const event = events.shift()
      if (event !== undefined) return { value: event, done: false }
      const failed = takeFailure()
      if (failed !== undefined) throw failed.error
      if (ended) return { value: undefined, done: true }
      return new Promise((resolve, reject) => readers.push({ resolve, reject }))
    },
    return: async () => {
      end()
      return { value: undefined, done: true }
    },
    throw: async (error) => {
      end()
      throw error
    },
    [Symbol.asyncIterator]: () => subscription,
  }
  return { subscription, end }
}
