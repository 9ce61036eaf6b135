import { openSync, readSync } from 'node:fs'

/** The longest that an event loop did not turn, in milliseconds. */
export type Block = {
  /** By the clock. On a busy machine most of it may be waiting for a processor. */
  readonly wallMs: number
  /** What its thread used of a processor meanwhile, which is what the program can do about it. Only known on Linux. */
  readonly busyMs: number | undefined
}

const EVERY_MS = 1

/** Watches the event loop of this thread. Gives the longest block since it was last asked. */
export const watchBlocks = (): (() => Block) => {
  const readBusyMs = openBusyTime()
  let wallMs = 0
  let busyMs = 0
  let lastWall = performance.now()
  let lastBusy = readBusyMs?.()

  const note = (): void => {
    const wall = performance.now()
    const busy = readBusyMs?.()
    wallMs = Math.max(wallMs, wall - lastWall - EVERY_MS)
    if (busy !== undefined && lastBusy !== undefined) busyMs = Math.max(busyMs, busy - lastBusy)
    lastWall = wall
    lastBusy = busy
  }
  setInterval(note, EVERY_MS).unref()

  return () => {
    note()
    const block = { wallMs, busyMs: readBusyMs && busyMs }
    wallMs = 0
    busyMs = 0
    return block
  }
}

/** Opens what tells how long this thread has run on a processor. */
const openBusyTime = (): (() => number) | undefined => {
  const buffer = Buffer.alloc(64)
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r')
    return () => Number(buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0)).split(' ')[0]) / 1e6
  } catch {
    return undefined
  }
}

/** In words: by the clock, and of that on a processor. */
export const describeBlock = ({ wallMs, busyMs }: Block): string =>
  `a block of ${wallMs.toFixed(0)} ms${busyMs === undefined ? '' : ` (${busyMs.toFixed(0)} ms of work)`}`
