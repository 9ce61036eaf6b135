import type { CountPartsFragment } from '../.generated/usage.ts'

/** The use in one minute. */
export type UsageMinute = { readonly startsAt: string; readonly count: CountPartsFragment }

const minuteMs = 60_000

const nothing: CountPartsFragment = { requests: 0, cost: 0, errors: 0, refused: 0 }

/** The start of the minute in which an instant lies, in milliseconds. */
export const minuteOf = (instant: string | number): number =>
  Math.floor(new Date(instant).getTime() / minuteMs) * minuteMs

/** What was known, with what has just been told put in its place: a minute is told as a whole each time. */
export const withMinute = (
  known: ReadonlyMap<number, CountPartsFragment>,
  { startsAt, count }: UsageMinute,
): ReadonlyMap<number, CountPartsFragment> => new Map(known).set(minuteOf(startsAt), count)

/**
 * The last minutes up to now, the oldest first, those without use too. A page's moment may be some seconds old, and what is
 * told of a minute that has begun since must not wait for the next.
 */
export const lastMinutes = (
  known: ReadonlyMap<number, CountPartsFragment>,
  now: number,
  count: number,
): readonly UsageMinute[] => {
  const latest = minuteOf(Math.max(now, ...known.keys()))
  return Array.from({ length: count }, (_, index) => {
    const start = latest - (count - 1 - index) * minuteMs
    return { startsAt: new Date(start).toISOString(), count: known.get(start) ?? nothing }
  })
}

/** All of it together. */
export const sumOf = (minutes: readonly UsageMinute[]): CountPartsFragment =>
  minutes.reduce(
    (sum, { count }) => ({
      requests: sum.requests + count.requests,
      cost: sum.cost + count.cost,
      errors: sum.errors + count.errors,
      refused: sum.refused + count.refused,
    }),
    nothing,
  )
