/** Tells people what takes time, one line a step, with how long it took. */
export const step = async <Value>(message: string, work: () => Promise<Value>): Promise<Value> => {
  const begun = performance.now()
  process.stdout.write(`▸ ${message} …`)
  try {
    const value = await work()
    process.stdout.write(` ${((performance.now() - begun) / 1000).toFixed(1)} s\n`)
    return value
  } catch (error) {
    process.stdout.write(' failed\n')
    throw error
  }
}

/** A line of its own. */
export const say = (message: string): void => void process.stdout.write(`${message}\n`)
