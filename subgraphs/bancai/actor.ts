import { requireUser } from '../_kit/index.ts'
import type { Identity } from '../_kit/index.ts'

/** Who asks the ledger for something. */
export type Actor = {
  /** Under which name idempotency keys are remembered: each person and each service has its own keys. */
  key: string
  /** The person who acts, or for whom a service acts. */
  userId: string | undefined
  /** The service that acts, for a person or by itself. */
  service: string | undefined
}

/** The caller as the ledger knows it. UNAUTHENTICATED for nobody. */
export const actorOf = ({ identity }: { identity: Identity }): Actor => {
  if (identity.kind !== 'service') {
    const userId = requireUser({ identity })
    return { key: `user/${userId}`, userId, service: undefined }
  }
  const { service, onBehalfOf } = identity
  const key = onBehalfOf === undefined ? `service/${service}` : `service/${service}/${onBehalfOf}`
  return { key, userId: onBehalfOf, service }
}

/** Who acts when the ledger does something by itself, such as writing demo data. */
export const ledgerActor: Actor = { key: 'service/bancai', userId: undefined, service: 'bancai' }
