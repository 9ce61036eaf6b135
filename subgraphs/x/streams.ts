import type { TopicSubscription } from '@codai/stores'

/** A subscription that is in place: what happens from now on arrives. */
export const listening = async <Event>(source: TopicSubscription<Event>): Promise<TopicSubscription<Event>> => {
  await source.ready
  return source
}

/**
 * The keys of the sources that have news: each once at the beginning, then whenever its source has an event, but at most
 * once in `pauseMs`. What happens meanwhile is told once, afterwards.
 */
export const openConflated = async <Key>(
  sources: ReadonlyMap<Key, TopicSubscription<unknown>>,
  pauseMs: number,
): Promise<AsyncIterableIterator<Key>> => {
  await Promise.all([...sources.values()].map(({ ready }) => ready))
  const news = new Set<Key>(sources.keys())
  const quietUntil = new Map<Key, number>()
  let ended = false
  let failure: { error: unknown } | undefined
  let wake = (): void => undefined

  const listen = async (key: Key, source: TopicSubscription<unknown>): Promise<void> => {
    try {
      for await (const _event of source) {
        news.add(key)
        wake()
      }
      ended = true
    } catch (error) {
      failure = { error }
    }
    wake()
  }
  const listening = [...sources].map(([key, source]) => listen(key, source))

  const end = async (): Promise<void> => {
    ended = true
    wake()
    await Promise.all([...sources.values()].map(async (source) => source.return?.()))
    await Promise.all(listening)
  }

  /** Waits for an event, or until the first of the keys with news may be told. */
  const wait = async (): Promise<void> => {
    const instants = [...news].map((key) => quietUntil.get(key) ?? 0)
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      wake = resolve
      if (instants.length > 0) timer = setTimeout(resolve, Math.max(0, Math.min(...instants) - performance.now()))
    })
    clearTimeout(timer)
  }

  const stream: AsyncIterableIterator<Key, undefined> = {
    next: async () => {
      for (;;) {
        if (failure !== undefined) {
          await end()
          throw failure.error
        }
        if (ended) return { value: undefined, done: true }
        const now = performance.now()
        const key = [...news].find((candidate) => (quietUntil.get(candidate) ?? 0) <= now)
        if (key !== undefined) {
          news.delete(key)
          quietUntil.set(key, now + pauseMs)
          return { value: key, done: false }
        }
        await wait()
      }
    },
    return: async () => {
      await end()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
