import type { RulePeriod } from './records.ts'

const dayMs = 86_400_000

/** When the calendar period in UTC began that an instant lies in. A week begins on Monday (ISO 8601). */
export const periodStart = (period: RulePeriod, at: Date): Date => {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()]
  if (period === 'MONTH') return new Date(Date.UTC(year, month, 1))
  const midnight = Date.UTC(year, month, day)
  if (period === 'DAY') return new Date(midnight)
  return new Date(midnight - ((at.getUTCDay() + 6) % 7) * dayMs)
}

/** How a payment comes again: from its first time on, every day, week or month; without a period it comes once. */
export type Schedule = { firstRunAt: Date; period: RulePeriod | null }

const monthsBetween = (from: Date, to: Date): number =>
  (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()

/** The day of the first time, or the last one of a month that is too short for it. */
const monthsAfter = (first: Date, months: number): Date => {
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(year, month, Math.min(first.getUTCDate(), lastDay))
  return new Date(midnight + (first.getTime() % dayMs))
}

/** The time of a schedule with a number: 0 is the first. */
const occurrence = ({ firstRunAt, period }: Schedule, number: number): Date | null => {
  if (number === 0) return firstRunAt
  if (period === null) return null
  if (period === 'MONTH') return monthsAfter(firstRunAt, number)
  return new Date(firstRunAt.getTime() + number * (period === 'DAY' ? dayMs : 7 * dayMs))
}

const lastNumberUntil = (schedule: Schedule, now: Date): number => {
  const { firstRunAt, period } = schedule
  if (period === null) return 0
  if (period !== 'MONTH') {
    return Math.floor((now.getTime() - firstRunAt.getTime()) / (period === 'DAY' ? dayMs : 7 * dayMs))
  }
  const months = monthsBetween(firstRunAt, now)
  return monthsAfter(firstRunAt, months) <= now ? months : months - 1
}

/**
 * The latest time of a schedule that is not after `now`, and the one that follows it (null when none does).
 * Undefined when the first time is yet to come.
 */
export const latestRun = (schedule: Schedule, now: Date): { dueAt: Date; nextRunAt: Date | null } | undefined => {
  if (schedule.firstRunAt > now) return undefined
  const number = lastNumberUntil(schedule, now)
  const dueAt = occurrence(schedule, number)
  return dueAt === null ? undefined : { dueAt, nextRunAt: occurrence(schedule, number + 1) }
}
