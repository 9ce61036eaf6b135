/** How much a bucket holds, in points, and how many it gets back each second. */
export type BucketSize = { readonly capacity: number; readonly perSecond: number }

/** How a bucket stands. */
export type BucketLevel = {
  /** Whether the points were taken. */
  readonly taken: boolean
  /** The points that are left; below zero where more was used than was there. */
  readonly remaining: number
  /** In how many milliseconds it is full again, if nobody takes anything. */
  readonly fullInMs: number
  /** In how many milliseconds the points that were asked for are there; 0 when they were taken. */
  readonly enoughInMs: number
}

/** The level of a bucket with so many points, of which `wanted` were asked for. */
export const levelOf = (tokens: number, wanted: number, taken: boolean, size: BucketSize): BucketLevel => {
  const msFor = (points: number): number => Math.max(0, Math.ceil((points / size.perSecond) * 1_000))
  return {
    taken,
    remaining: Math.floor(tokens),
    fullInMs: msFor(size.capacity - tokens),
    enoughInMs: taken ? 0 : msFor(wanted - tokens),
  }
}
