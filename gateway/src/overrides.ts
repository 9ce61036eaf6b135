import { createHash } from 'node:crypto'
import type { Call, Operation } from './operation.ts'

/** Decides for an operation which progressive overrides (`@override(label:)`) hold for its caller. */
export type Override = (operation: Operation, call: Call) => Operation

const PERCENT = /^percent\((\d+(?:\.\d+)?)\)$/

/**
 * `percent(n)` holds for so many of a hundred callers, and for one person always or never; all other labels hold where
 * they were switched on. One number decides on all percentages, so that many of them have few combinations to plan.
 */
export const createOverride =
  (switchedOn: readonly string[]): Override =>
  (operation, call) => {
    const { overrideLabels } = operation.graph
    if (overrideLabels.length === 0) return operation
    const place = placeOf(call)
    const overrides = overrideLabels.filter((label) => {
      const percent = PERCENT.exec(label)?.[1]
      return percent === undefined ? switchedOn.includes(label) : place < Number(percent)
    })
    return { ...operation, overrides, key: `${operation.key} ${overrides.join(' ')}` }
  }

/** A number from 0 to below 100: the same for one person, at random for strangers. */
const placeOf = ({ caller: { identity }, requestId }: Call): number => {
  const who = identity.kind === 'user' ? identity.userId : requestId
  return (createHash('sha256').update(who).digest().readUInt32BE() / 2 ** 32) * 100
}
