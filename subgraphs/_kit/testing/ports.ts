import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

/** An offset that moves all given ports to free ones, away from those of a running system and of other tests. */
export const freePortOffset = async (ports: readonly number[]): Promise<number> => {
  for (let tries = 0; tries < 50; tries += 1) {
    // Below the range from which the kernel hands out ports by itself.
    const offset = 6_000 + Math.floor(Math.random() * 20_000)
    const free = await Promise.all(ports.map((port) => isFree(port + offset)))
    if (free.every(Boolean)) return offset
  }
  throw new Error('No run of free ports was found in 50 tries.')
}
