const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' })
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** How long ago: `now`, `5 min. ago`, `yesterday`; the date itself after a week. */
export const formatAgo = (instant: string, now: number): string => {
  const age = now - Date.parse(instant)
  if (age > 7 * 86_400_000) return date.format(Date.parse(instant))
  for (const [unit, length] of units) {
    if (age >= length) return relative.format(-Math.floor(age / length), unit)
  }
  return relative.format(0, 'second')
}

/** The time of day, with seconds. */
export const formatClock = (instant: string): string => clock.format(Date.parse(instant))

/** The day alone. */
export const formatDate = (instant: string): string => date.format(Date.parse(instant))

/** Date and time. */
export const formatMoment = (instant: string): string => moment.format(Date.parse(instant))
