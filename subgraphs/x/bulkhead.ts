/** Runs work, but no more than so many at a time; the others wait in the order of their arrival. */
export type Bulkhead = <Value>(work: () => Promise<Value>) => Promise<Value>

/** A bulkhead with `places` places. It keeps a burst of work from drowning whoever does it. */
export const createBulkhead = (places: number): Bulkhead => {
  const waiting: (() => void)[] = []
  let free = places

  const enter = async (): Promise<void> => {
    if (free > 0) {
      free -= 1
      return
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  // A place that is left goes to the next in line without becoming free in between.
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
