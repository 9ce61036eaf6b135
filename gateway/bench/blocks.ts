import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The longest time that the event loop stood still while something was done, in milliseconds. */
export const longestBlockMs = async (work: () => Promise<unknown>): Promise<number> => {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await work()
  delay.disable()
  return delay.max / 1e6
}
