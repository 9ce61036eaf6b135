import { ExactDecimal, toMinor } from '../_kit/index.ts'
import type { ModelRecord, Usage } from './records.ts'

// A cent for a million tokens is a hundred-millionth of a EUR for one.
const decimals = 8

/** What was used, in hundred-millionths of a EUR. */
export const costOf = ({ inputPrice, outputPrice }: ModelRecord, { inputTokens, outputTokens }: Usage): bigint =>
  toMinor(inputPrice) * BigInt(inputTokens) + toMinor(outputPrice) * BigInt(outputTokens)

/** Hundred-millionths of a EUR as a decimal number of EUR. */
export const inEuro = (cost: bigint): string => new ExactDecimal(cost.toString()).div(10 ** decimals).toFixed(decimals)
