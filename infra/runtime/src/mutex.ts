export type Mutex = <T>(run: () => Promise<T>) => Promise<T>
export type KeyedMutex = <T>(key: string, run: () => Promise<T>) => Promise<T>

/** Runs one function at a time, first come first served; a rejection goes to its caller and frees the turn. */
export const createMutex = (): Mutex => {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const result = last.then(run)
    last = result.catch(() => undefined)
    return result
  }
}

/** A mutex for each key, kept only while someone holds or waits for it. */
export const createKeyedMutex = (): KeyedMutex => {
  const queues = new Map<string, { readonly mutex: Mutex; users: number }>()
  return async (key, run) => {
    const queue = queues.get(key) ?? { mutex: createMutex(), users: 0 }
    queues.set(key, queue)
    queue.users += 1
    try {
      return await queue.mutex(run)
    } finally {
      queue.users -= 1
      if (queue.users === 0) queues.delete(key)
    }
  }
}
