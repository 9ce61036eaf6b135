import type { HoldRecord } from './records.ts'

/** What is still set aside. */
export const remaining = (hold: HoldRecord): bigint => (hold.status === 'ACTIVE' ? hold.amount - hold.captured : 0n)

/** Whether its time has run out, and nobody has written that down yet. */
export const isDue = (hold: HoldRecord, now: Date): boolean =>
  hold.status === 'ACTIVE' && hold.expiresAt !== null && hold.expiresAt <= now

/** A hold as it is at an instant: expired the moment its time runs out, not when a sweep comes by. */
export const asOf = (hold: HoldRecord, now: Date): HoldRecord =>
  isDue(hold, now) ? { ...hold, status: 'EXPIRED' } : hold
