import { createHash } from 'node:crypto'
import { requireUser } from '../_kit/index.ts'
import type { Identity } from '../_kit/index.ts'

/** For whom something is done. */
export type Caller = {
  /** Who pays for it; null when a service does it for itself. */
  ownerId: string | null
  /** Within what idempotency keys are told apart. */
  scope: string
}

/** The person who acts, or the service that does something for somebody or for itself. UNAUTHENTICATED for nobody. */
export const callerOf = ({ identity }: { identity: Identity }): Caller => {
  if (identity.kind !== 'service') {
    const ownerId = requireUser({ identity })
    return { ownerId, scope: `user/${ownerId}` }
  }
  const { service, onBehalfOf } = identity
  return onBehalfOf === undefined
    ? { ownerId: null, scope: `service/${service}` }
    : { ownerId: onBehalfOf, scope: `service/${service}/${onBehalfOf}` }
}

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** How a request with an idempotency key is written down: recognised, but not readable without the key. */
export const requestMarks = (
  { scope }: Caller,
  key: string | undefined,
  content: unknown,
): { requestKey: string | null; fingerprint: string | null } =>
  key === undefined
    ? { requestKey: null, fingerprint: null }
    : { requestKey: digest(scope, key), fingerprint: digest(key, JSON.stringify(content)) }
