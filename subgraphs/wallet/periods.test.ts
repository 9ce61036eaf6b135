import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestRun, periodStart } from './periods.ts'
import type { Schedule } from './periods.ts'
import type { RulePeriod } from './records.ts'

const at = (text: string): Date => new Date(text)
const instants = fc.date({ min: at('2020-01-01'), max: at('2040-01-01'), noInvalidDate: true })
const periods = fc.constantFrom('DAY', 'WEEK', 'MONTH')
const dayMs = 86_400_000

describe('a calendar period', () => {
  it('began at midnight in UTC, not later than now and not longer ago than it lasts', () => {
    fc.assert(
      fc.property(instants, periods, (now, period) => {
        const start = periodStart(period, now)
        expect(start.getTime() % dayMs).toBe(0)
        const age = now.getTime() - start.getTime()
        expect(age).toBeGreaterThanOrEqual(0)
        expect(age).toBeLessThan({ DAY: 1, WEEK: 7, MONTH: 31 }[period] * dayMs)
        if (period === 'WEEK') expect(start.getUTCDay()).toBe(1)
        if (period === 'MONTH') expect(start.getUTCDate()).toBe(1)
        expect(periodStart(period, start)).toEqual(start)
      }),
    )
  })

  it.each([
    ['DAY', '2026-03-01T23:59:59.999Z', '2026-03-01'],
    ['WEEK', '2026-03-01T23:59:59.999Z', '2026-02-23'],
    ['WEEK', '2026-03-02T00:00:00.000Z', '2026-03-02'],
    ['MONTH', '2024-02-29T12:00:00.000Z', '2024-02-01'],
  ] as const)('%s of %s began on %s', (period, now, start) => {
    expect(periodStart(period, at(now))).toEqual(at(start))
  })
})

describe('a schedule', () => {
  const nextTime = (firstRunAt: Date, period: RulePeriod, times: readonly Date[]): Date => {
    if (period !== 'MONTH') return new Date((times.at(-1) ?? firstRunAt).getTime() + (period === 'DAY' ? 1 : 7) * dayMs)
    const time = new Date(firstRunAt)
    time.setUTCDate(1)
    time.setUTCMonth(time.getUTCMonth() + times.length)
    const month = time.getUTCMonth()
    time.setUTCDate(firstRunAt.getUTCDate())
    while (time.getUTCMonth() !== month) time.setUTCDate(0)
    return time
  }

  /** All times up to an instant and the one behind it, one after the other, as a calendar on the wall has them. */
  const timesThrough = (schedule: Schedule, now: Date): Date[] => {
    const { firstRunAt, period } = schedule
    const times = [firstRunAt]
    if (period === null) return times
    while ((times.at(-1) ?? now) <= now) times.push(nextTime(firstRunAt, period, times))
    return times
  }

  it('is due at the latest of its times, and comes again at the one behind it', () => {
    const schedules = fc.record({ firstRunAt: instants, period: fc.option(periods) })
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 400 * dayMs }), (schedule, later) => {
        const now = new Date(schedule.firstRunAt.getTime() + later)
        const times = timesThrough(schedule, now)
        const due = times.findLast((time) => time <= now)
        expect(latestRun(schedule, now)).toEqual({ dueAt: due, nextRunAt: times.find((time) => time > now) ?? null })
      }),
    )
  })

  it('is not due before its first time', () => {
    const schedule = { firstRunAt: at('2026-01-31T10:00:00.000Z'), period: 'DAY' as const }
    expect(latestRun(schedule, at('2026-01-31T09:59:59.999Z'))).toBeUndefined()
  })

  it('keeps the end of the month in short months, and returns to its day after them', () => {
    const schedule = { firstRunAt: at('2026-01-31T10:00:00.000Z'), period: 'MONTH' as const }
    expect(latestRun(schedule, at('2026-02-28T10:00:00.000Z'))).toEqual({
      dueAt: at('2026-02-28T10:00:00.000Z'),
      nextRunAt: at('2026-03-31T10:00:00.000Z'),
    })
  })

  it('without a period comes once', () => {
    const schedule = { firstRunAt: at('2026-01-31T10:00:00.000Z'), period: null }
    expect(latestRun(schedule, at('2027-01-01'))).toEqual({ dueAt: schedule.firstRunAt, nextRunAt: null })
  })
})
