import type { Identity } from '@codai/runtime'

/** setTimeout takes no longer delay (2^31 - 1 ms); a token that lives longer is looked at again then. */
const LONGEST_DELAY_MS = 2_147_483_647

/** Calls back when a caller's token ends, if it does. Returns what takes the callback back. */
export const onTokenEnd = (identity: Identity, callback: () => void): (() => void) => {
  if (identity.kind !== 'user' || identity.expiresAt === undefined) return () => {}
  const endsAt = identity.expiresAt * 1000
  let timer: NodeJS.Timeout

  const wait = (): void => {
    const left = endsAt - Date.now()
    if (left <= 0) return callback()
    timer = setTimeout(wait, Math.min(left, LONGEST_DELAY_MS))
  }
  timer = setTimeout(wait, 0)
  return () => clearTimeout(timer)
}
