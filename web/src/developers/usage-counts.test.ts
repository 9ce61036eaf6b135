import { expect, it } from 'vitest'
import { lastMinutes, minuteOf, sumOf, withMinute } from './usage-counts.ts'

const at = (text: string): string => `2026-03-01T${text}Z`
const count = (requests: number) => ({ requests, cost: requests * 10, errors: 0, refused: 0 })
const requestsOf = (minutes: ReturnType<typeof lastMinutes>): unknown[] =>
  minutes.map(({ startsAt, count: { requests } }) => [startsAt, requests])

it('shows every minute up to now, with nothing where nothing was told', () => {
  const known = withMinute(new Map(), { startsAt: at('10:02:00'), count: count(3) })
  const minutes = lastMinutes(known, Date.parse(at('10:03:20')), 3)
  expect(requestsOf(minutes)).toEqual([
    [at('10:01:00.000'), 0],
    [at('10:02:00.000'), 3],
    [at('10:03:00.000'), 0],
  ])
})

it('shows a minute that has begun since', () => {
  const known = withMinute(new Map(), { startsAt: at('10:04:00'), count: count(2) })
  const minutes = lastMinutes(known, Date.parse(at('10:03:59')), 2)
  expect(requestsOf(minutes)).toEqual([
    [at('10:03:00.000'), 0],
    [at('10:04:00.000'), 2],
  ])
})

it('replaces a minute that is told again, and does not add to it', () => {
  const first = withMinute(new Map(), { startsAt: at('10:02:00'), count: count(3) })
  const second = withMinute(first, { startsAt: at('10:02:00'), count: count(5) })
  expect(sumOf(lastMinutes(second, minuteOf(at('10:02:00')), 5))).toEqual(count(5))
})
